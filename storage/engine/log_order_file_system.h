#pragma once

#include <rocksdb/file_system.h>

#include <memory>
#include <set>
#include <string>

#include "proto/base/guarded.h"

namespace idnode {

// Syncs a write-ahead log before the next one is begun. Without it a power cut may take the end of
// a log that was only buffered and leave the log after it whole; RocksDB 7.8 then replays both, and
// rows written later survive rows written earlier. Costs one fdatasync for each memtable.
class LogOrderFileSystem : public rocksdb::FileSystemWrapper {
 public:
  explicit LogOrderFileSystem(const std::shared_ptr<rocksdb::FileSystem>& base);

  const char* Name() const override { return "LogOrderFileSystem"; }
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;

 private:
  using OpenLogs = Guarded<std::set<rocksdb::FSWritableFile*>>;
  class Log;

  std::shared_ptr<OpenLogs> open_ = std::make_shared<OpenLogs>();
};

}  // namespace idnode
