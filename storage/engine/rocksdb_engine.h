#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "proto/base/result.h"
#include "storage/engine/engine.h"

namespace rocksdb {
class FileSystem;
}

namespace idnode {

struct RocksDbOptions {
  uint64_t block_cache_octets = 256u << 20;
  uint64_t memtable_octets = 32u << 20;      // Per table; 32-64 MiB is fastest (measured).
  uint64_t live_wal_octets_max = 64u << 20;  // Bounds replay after a crash.
  int background_threads = 2;
  bool create_if_missing = true;
  // Where files are kept. Null: the machine's own. Tests put a failing one here.
  std::shared_ptr<rocksdb::FileSystem> file_system;
};

// kInUse: another process has it open. kFormatVersion, kCorrupt, kIo. `directory` is created.
Result<std::unique_ptr<Engine>> OpenRocksDb(const std::string& directory,
                                            const RocksDbOptions& options);

}  // namespace idnode
