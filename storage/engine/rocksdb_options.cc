#include "storage/engine/rocksdb_options.h"

#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <string>

#include "storage/engine/sum_operator.h"

namespace idnode {
namespace {

// As many bits a key as a Bloom filter of the same strength would have; Ribbon needs a third less.
// Each create asks for a key that is not there, and a false alarm costs it a block: 0.2 % of them
// here, 1 % with ten bits, which cost an import a sixth of its time and 200 MiB of block cache.
constexpr double kFilterBitsAsBloom = 13;
// Large blocks and zstd's sixth level make a store of product codes a seventh smaller than 16 KiB
// and the third do, at no cost to an import. A hash index in the blocks made no look-up faster
// (measured).
constexpr size_t kBlockOctets = 32u << 10;
constexpr int kBottomLevel = 6;
constexpr size_t kAppendBlockOctets = 64u << 10;
constexpr size_t kDictionaryOctets = 32u << 10;
constexpr size_t kDictionarySampleOctets = 1u << 20;
// Bounds what a compaction holds back while it gathers the sample.
constexpr uint64_t kDictionaryBufferOctetsMax = 16u << 20;
constexpr uint64_t kSmallMemtableOctetsMax = 8u << 20;
constexpr size_t kInfoLogOctetsMax = 1u << 20;
constexpr size_t kInfoLogFiles = 4;

// The whole index and filter of each file stay in memory, outside the block cache: 1.35 octets an
// identifier, where partitions would cost every look-up 1.9 times (measured).
rocksdb::BlockBasedTableOptions BlockOptions(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions blocks;
  blocks.block_cache = cache;
  blocks.block_size = kBlockOctets;
  blocks.cache_index_and_filter_blocks = false;
  blocks.index_type = rocksdb::BlockBasedTableOptions::kBinarySearch;
  blocks.format_version = 5;
  blocks.checksum = rocksdb::kXXH3;
  return blocks;
}

void UseZstdAtTheBottom(rocksdb::ColumnFamilyOptions& family, size_t dictionary_octets) {
  family.compression = rocksdb::kLZ4Compression;
  family.bottommost_compression = rocksdb::kZSTD;
  auto& bottom = family.bottommost_compression_opts;
  bottom.enabled = true;
  bottom.level = kBottomLevel;
  bottom.max_dict_bytes = static_cast<uint32_t>(dictionary_octets);
  if (dictionary_octets > 0) {
    bottom.zstd_max_train_bytes = kDictionarySampleOctets;
    bottom.max_dict_buffer_bytes = kDictionaryBufferOctetsMax;
  }
}

}  // namespace

std::shared_ptr<rocksdb::Cache> MakeBlockCache(uint64_t octets) {
  return rocksdb::HyperClockCacheOptions(octets, /*estimated_entry_charge=*/kBlockOctets)
      .MakeSharedCache();
}

rocksdb::DBOptions DatabaseOptions(const RocksDbOptions& options, rocksdb::Env* env) {
  rocksdb::DBOptions database;
  database.env = env;
  database.create_if_missing = options.create_if_missing;
  database.create_missing_column_families = true;
  // Checks. A store that does not check out is refused, not repaired.
  database.paranoid_checks = true;
  database.track_and_verify_wals_in_manifest = true;
  database.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  // The write-ahead log: one writer, one fdatasync a batch, no file used twice.
  database.max_total_wal_size = options.live_wal_octets_max;
  database.recycle_log_file_num = 0;
  database.manual_wal_flush = false;
  database.enable_pipelined_write = false;
  database.allow_concurrent_memtable_write = false;
  database.use_fsync = false;
  // A write error ends writing until the engine is opened again.
  database.max_bgerror_resume_count = 0;
  // Table files reach the disk in steps of a mebibyte, so that the log's fdatasync does not wait
  // for a whole flush.
  database.bytes_per_sync = 1u << 20;
  database.max_background_jobs = std::max(2, options.background_threads);
  database.max_open_files = -1;
  database.max_file_opening_threads = std::max(1, options.background_threads);
  database.skip_stats_update_on_db_open = true;
  database.avoid_unnecessary_blocking_io = true;
  database.stats_dump_period_sec = 0;
  database.stats_persist_period_sec = 0;
  database.max_log_file_size = kInfoLogOctetsMax;
  database.keep_log_file_num = kInfoLogFiles;
  database.max_manifest_file_size = 16u << 20;
  return database;
}

rocksdb::ColumnFamilyOptions TableOptions(Shape shape, const RocksDbOptions& options,
                                          const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions family;
  rocksdb::BlockBasedTableOptions blocks = BlockOptions(cache);
  family.level_compaction_dynamic_level_bytes = true;
  family.max_write_buffer_number = 4;
  // Fewer, larger compactions than with four files, the default: a third of an import went into
  // them.
  family.level0_file_num_compaction_trigger = 8;
  family.compression = rocksdb::kLZ4Compression;
  family.write_buffer_size = std::min(options.memtable_octets, kSmallMemtableOctetsMax);
  switch (shape) {
    case Shape::kLookup:
      family.write_buffer_size = options.memtable_octets;
      blocks.filter_policy.reset(rocksdb::NewRibbonFilterPolicy(kFilterBitsAsBloom));
      blocks.whole_key_filtering = true;
      // The ledger asks for keys that are not there all the time.
      family.memtable_whole_key_filtering = true;
      family.memtable_prefix_bloom_size_ratio = 0.02;
      UseZstdAtTheBottom(family, kDictionaryOctets);
      break;
    case Shape::kAppend:
      family.write_buffer_size = options.memtable_octets;
      blocks.block_size = kAppendBlockOctets;
      UseZstdAtTheBottom(family, 0);
      break;
    case Shape::kSums:
      family.merge_operator = std::make_shared<SumOperator>();
      // A sum is read through at most this many unmerged additions of one memtable.
      family.max_successive_merges = 32;
      break;
    case Shape::kSmall:
      break;
  }
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(blocks));
  return family;
}

std::vector<rocksdb::ColumnFamilyDescriptor> Families(
    const RocksDbOptions& options, const std::shared_ptr<rocksdb::Cache>& cache) {
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  families.emplace_back(rocksdb::kDefaultColumnFamilyName,
                        TableOptions(Shape::kSmall, options, cache));
  for (const TableRow& row : kTableRows) {
    families.emplace_back(std::string(row.name), TableOptions(row.shape, options, cache));
  }
  return families;
}

}  // namespace idnode
