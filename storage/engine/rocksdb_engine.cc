#include "storage/engine/rocksdb_engine.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "storage/engine/log_file_system.h"
#include "storage/engine/manifest_check.h"
#include "storage/engine/rocksdb_cursor.h"
#include "storage/engine/rocksdb_options.h"
#include "storage/engine/rocksdb_status.h"

namespace idnode {
namespace {

using Handles = std::array<rocksdb::ColumnFamilyHandle*, kTableCount>;

// What RocksDB looks up in one go at most (MultiGetContext::MAX_BATCH_SIZE).
constexpr size_t kKeysAtOnce = 32;

rocksdb::Slice SliceOf(std::string_view octets) { return {octets.data(), octets.size()}; }
std::string_view TextOf(const rocksdb::Slice& octets) { return {octets.data(), octets.size()}; }

// The database with its tables, as of `snapshot`, or as it is now.
struct Source {
  rocksdb::DB* db;
  const Handles* handles;
  const rocksdb::Snapshot* snapshot = nullptr;

  rocksdb::ColumnFamilyHandle* HandleOf(Table table) const {
    return (*handles)[static_cast<size_t>(table)];
  }

  Result<bool> Get(Table table, std::string_view key, Reach reach, std::string& value) const {
    rocksdb::ReadOptions options;
    options.snapshot = snapshot;
    if (reach == Reach::kMemoryOnly) options.read_tier = rocksdb::kBlockCacheTier;
    // The row is copied once: into `value` by RocksDB, or by us from a block it has pinned.
    rocksdb::PinnableSlice row(&value);
    const rocksdb::Status status = db->Get(options, HandleOf(table), SliceOf(key), &row);
    if (status.IsNotFound()) return false;
    if (!status.ok()) return ErrorFrom(status);
    if (row.IsPinned()) value.assign(row.data(), row.size());
    return true;
  }

  Status GetMany(Table table, std::span<const std::string_view> keys,
                 const Rows::EachFound& each) const {
    rocksdb::ReadOptions options;
    options.snapshot = snapshot;
    std::array<rocksdb::Slice, kKeysAtOnce> slices;
    std::array<rocksdb::PinnableSlice, kKeysAtOnce> rows;
    std::array<rocksdb::Status, kKeysAtOnce> statuses;
    for (size_t first = 0; first < keys.size(); first += kKeysAtOnce) {
      const size_t count = std::min(kKeysAtOnce, keys.size() - first);
      std::transform(keys.begin() + first, keys.begin() + first + count, slices.begin(), SliceOf);
      db->MultiGet(options, HandleOf(table), count, slices.data(), rows.data(), statuses.data());
      for (size_t i = 0; i < count; ++i) {
        if (!statuses[i].ok() && !statuses[i].IsNotFound()) return ErrorFrom(statuses[i]);
        each(first + i, statuses[i].ok() ? std::optional(TextOf(rows[i])) : std::nullopt);
        rows[i].Reset();
      }
    }
    return {};
  }

  Result<bool> First(Table table, std::string_view from, std::string_view until, Reach reach,
                     std::string& key, std::string& value) const {
    rocksdb::ReadOptions options;
    options.snapshot = snapshot;
    options.total_order_seek = true;
    if (reach == Reach::kMemoryOnly) options.read_tier = rocksdb::kBlockCacheTier;
    const rocksdb::Slice bound = SliceOf(until);
    if (!until.empty()) options.iterate_upper_bound = &bound;
    const std::unique_ptr<rocksdb::Iterator> rows(db->NewIterator(options, HandleOf(table)));
    rows->Seek(SliceOf(from));
    if (!rows->Valid()) {
      if (!rows->status().ok()) return ErrorFrom(rows->status());
      return false;
    }
    key.assign(rows->key().data(), rows->key().size());
    value.assign(rows->value().data(), rows->value().size());
    return true;
  }

  std::unique_ptr<Cursor> Scan(Table table, std::string_view from, std::string_view until) const {
    rocksdb::ReadOptions options;
    options.snapshot = snapshot;
    options.total_order_seek = true;
    // A walk through the identifiers must not push out the ones people ask for.
    options.fill_cache = RowOf(table).shape != Shape::kLookup;
    return std::make_unique<RocksDbCursor>(options, from, until,
                                           [&](const rocksdb::ReadOptions& complete) {
                                             return db->NewIterator(complete, HandleOf(table));
                                           });
  }
};

class RocksDbView : public Rows {
 public:
  explicit RocksDbView(Source source) : source_(source) {
    source_.snapshot = source_.db->GetSnapshot();
  }
  ~RocksDbView() override { source_.db->ReleaseSnapshot(source_.snapshot); }
  Result<bool> Get(Table table, std::string_view key, Reach reach,
                   std::string& value) const override {
    return source_.Get(table, key, reach, value);
  }
  Status GetMany(Table table, std::span<const std::string_view> keys,
                 const EachFound& each) const override {
    return source_.GetMany(table, keys, each);
  }
  Result<bool> First(Table table, std::string_view from, std::string_view until, Reach reach,
                     std::string& key, std::string& value) const override {
    return source_.First(table, from, until, reach, key, value);
  }
  std::unique_ptr<Cursor> Scan(Table table, std::string_view from,
                               std::string_view until) const override {
    return source_.Scan(table, from, until);
  }

 private:
  Source source_;
};

class RocksDbEngine : public Engine {
 public:
  explicit RocksDbEngine(const RocksDbOptions& options)
      : options_(options),
        env_(rocksdb::NewCompositeEnv(std::make_shared<LogFileSystem>(
            options.file_system ? options.file_system : rocksdb::FileSystem::Default()))),
        cache_(MakeBlockCache(options.block_cache_octets)) {}
  ~RocksDbEngine() override;

  Status Open(const std::string& directory);

  Result<bool> Get(Table table, std::string_view key, Reach reach,
                   std::string& value) const override {
    return source().Get(table, key, reach, value);
  }
  Status GetMany(Table table, std::span<const std::string_view> keys,
                 const EachFound& each) const override {
    return source().GetMany(table, keys, each);
  }
  Result<bool> First(Table table, std::string_view from, std::string_view until, Reach reach,
                     std::string& key, std::string& value) const override {
    return source().First(table, from, until, reach, key, value);
  }
  std::unique_ptr<Cursor> Scan(Table table, std::string_view from,
                               std::string_view until) const override {
    return source().Scan(table, from, until);
  }
  std::unique_ptr<Rows> OpenView() const override {
    return std::make_unique<RocksDbView>(source());
  }
  Status Write(Batch& batch, Durability durability) override;
  Status Checkpoint(const std::string& directory) const override;
  Status Compact() override;
  Figures figures() const override;

 private:
  Source source() const { return {db_.get(), &handles_}; }
  Status RefuseRemains(const std::string& directory) const;
  rocksdb::Status Fill(Batch& batch);

  RocksDbOptions options_;
  std::unique_ptr<rocksdb::Env> env_;
  std::shared_ptr<rocksdb::Cache> cache_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> owned_;  // "default" and the tables.
  Handles handles_{};
  rocksdb::WriteBatch writes_;  // The writer's; keeps its memory between batches.
  std::atomic<bool> read_only_ = false;
};

// A store whose CURRENT file is lost must not be taken for an empty directory: RocksDB would make
// a new one there and delete the files of the old. What a first start leaves that was cut short
// holds neither tables nor log.
Status RocksDbEngine::RefuseRemains(const std::string& directory) const {
  if (env_->FileExists(directory + "/CURRENT").ok()) return {};
  std::vector<rocksdb::Env::FileAttributes> files;
  (void)env_->GetChildrenFileAttributes(directory, &files);  // Or there is no such directory.
  for (const auto& file : files) {
    if (file.name.ends_with(".sst") || (file.name.ends_with(".log") && file.size_bytes > 0)) {
      return Error{Errc::kCorrupt, "the directory holds tables but no CURRENT file"};
    }
  }
  if (!options_.create_if_missing) return Error{Errc::kIo, "the directory holds no store"};
  return {};
}

Status RocksDbEngine::Open(const std::string& directory) {
  if (options_.create_if_missing) {
    std::error_code failure;
    std::filesystem::create_directories(directory, failure);
    if (failure) return Error{Errc::kIo, "the data directory cannot be created"};
  }
  if (auto remains = RefuseRemains(directory); !remains) return remains;
  if (auto checked = CheckManifest(*env_->GetFileSystem(), directory); !checked) return checked;

  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(DatabaseOptions(options_, env_.get()), directory,
                                                   Families(options_, cache_), &owned_, &db);
  db_.reset(db);
  if (!status.ok()) return OpenErrorFrom(status);
  std::copy(owned_.begin() + 1, owned_.end(), handles_.begin());
  return {};
}

// A clean stop leaves nothing to replay, so that the next start answers at once.
RocksDbEngine::~RocksDbEngine() {
  if (!db_) return;
  if (!read_only_) (void)db_->Flush(rocksdb::FlushOptions(), owned_);
  for (auto* handle : owned_) (void)db_->DestroyColumnFamilyHandle(handle);
  (void)db_->Close();
}

rocksdb::Status RocksDbEngine::Fill(Batch& batch) {
  writes_.Clear();
  for (const Batch::Row& row : batch.Sorted()) {
    auto* handle = source().HandleOf(row.table);
    rocksdb::Status status;
    switch (row.kind) {
      case Batch::Kind::kPut:
        status = writes_.Put(handle, SliceOf(row.key), SliceOf(row.value));
        break;
      case Batch::Kind::kRemove:
        status = writes_.Delete(handle, SliceOf(row.key));
        break;
      case Batch::Kind::kRemoveRange:
        status = writes_.DeleteRange(handle, SliceOf(row.key), SliceOf(row.value));
        break;
      case Batch::Kind::kAdd:
        status = writes_.Merge(handle, SliceOf(row.key), EncodeSum(row.delta));
        break;
    }
    if (!status.ok()) return status;
  }
  return {};
}

Status RocksDbEngine::Write(Batch& batch, Durability durability) {
  if (read_only_) return Error{Errc::kReadOnly, "an earlier write failed; open the engine again"};
  if (const auto filled = Fill(batch); !filled.ok()) return ErrorFrom(filled);

  rocksdb::WriteOptions options;
  options.sync = durability == Durability::kSynced;
  const rocksdb::Status status = db_->Write(options, &writes_);
  // Whatever failed, the log may now end in half a batch, and what fdatasync once refused is lost
  // even if it later succeeds. Only opening again tells what is there.
  if (!status.ok()) read_only_ = true;
  return StatusFrom(status);
}

Status RocksDbEngine::Checkpoint(const std::string& directory) const {
  if (env_->FileExists(directory).ok()) {
    return Error{Errc::kExists, "the checkpoint's directory exists"};
  }
  rocksdb::Checkpoint* made = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(db_.get(), &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  if (status.ok()) status = checkpoint->CreateCheckpoint(directory);
  return StatusFrom(status);
}

Status RocksDbEngine::Compact() {
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  options.exclusive_manual_compaction = false;
  for (auto* handle : handles_) {
    const rocksdb::Status status = db_->CompactRange(options, handle, nullptr, nullptr);
    if (!status.ok()) return ErrorFrom(status);
  }
  return {};
}

Engine::Figures RocksDbEngine::figures() const {
  const auto property = [this](const std::string& name) {
    uint64_t value = 0;
    return db_->GetAggregatedIntProperty(name, &value) ? value : 0;
  };
  Figures figures;
  figures.disk_octets = property(rocksdb::DB::Properties::kTotalSstFilesSize);
  rocksdb::VectorLogPtr logs;
  if (db_->GetSortedWalFiles(logs).ok()) {
    for (const auto& log : logs) figures.disk_octets += log->SizeFileBytes();
  }
  figures.memtable_octets = property(rocksdb::DB::Properties::kSizeAllMemTables);
  figures.filter_and_index_octets = property(rocksdb::DB::Properties::kEstimateTableReadersMem);
  figures.cache_octets = cache_->GetUsage();
  uint64_t stopped = 0;
  uint64_t slowed_to = 0;
  db_->GetIntProperty(rocksdb::DB::Properties::kIsWriteStopped, &stopped);
  db_->GetIntProperty(rocksdb::DB::Properties::kActualDelayedWriteRate, &slowed_to);
  figures.stalled = stopped != 0 || slowed_to != 0;
  return figures;
}

}  // namespace

Result<std::unique_ptr<Engine>> OpenRocksDb(const std::string& directory,
                                            const RocksDbOptions& options) {
  auto engine = std::make_unique<RocksDbEngine>(options);
  if (auto opened = engine->Open(directory); !opened) return opened.error();
  return std::unique_ptr<Engine>(std::move(engine));
}

}  // namespace idnode
