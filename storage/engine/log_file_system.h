#pragma once

#include <rocksdb/file_system.h>

#include <memory>
#include <set>
#include <string>

#include "proto/base/guarded.h"

namespace idnode {

// What RocksDB 7.8 does not do for its write-ahead logs by itself.
//
// A log is synced before the next one is begun. Without it a power cut may take the end of a log
// that was only buffered and leave the log after it whole; RocksDB then replays both, and rows
// written later survive rows written earlier. Costs one fdatasync for each memtable.
//
// A log ends with its first error: it takes nothing more, and no log follows it. Linux reports a
// failed fdatasync once and calls the next one good, though the octets are lost.
//
// So a log that has a successor is whole on disk, and syncing it again does nothing and cannot
// fail. Otherwise a failing disk would end the process: RocksDB syncs such a log again from a flush
// (DBImpl::SyncClosedLogs) and from a synced write (DBImpl::WriteToWAL). Each waits for the other;
// the second to come goes on before the error of the first has stopped it, and as Debian builds it,
// WritableFileWriter::Sync asserts that the file has not failed before.
//
// A log has its full size from the start, so that fdatasync need not write the inode after every
// record: a fourth of its time (measured, ext4). A crash leaves zeros behind the last record, which
// recovery reads over.
class LogFileSystem : public rocksdb::FileSystemWrapper {
 public:
  explicit LogFileSystem(const std::shared_ptr<rocksdb::FileSystem>& base);

  const char* Name() const override { return "LogFileSystem"; }
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;

 private:
  using OpenLogs = Guarded<std::set<rocksdb::FSWritableFile*>>;
  class Log;

  std::shared_ptr<OpenLogs> open_ = std::make_shared<OpenLogs>();
};

}  // namespace idnode
