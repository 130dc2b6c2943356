#include "storage/engine/rocksdb_status.h"

#include <string_view>

namespace idnode {
namespace {

// RocksDB 7.8 has no code for a held lock: env/fs_posix.cc says it in words, one sentence for this
// process and one for another.
bool IsHeldLock(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  return status.IsIOError() && (text.find("While lock file") != std::string::npos ||
                                text.find("lock hold by current process") != std::string::npos);
}

}  // namespace

Error ErrorFrom(const rocksdb::Status& status) {
  if (status.IsIncomplete()) return {Errc::kBusy, "the row is not in memory"};
  if (status.IsCorruption()) return {Errc::kCorrupt, "a block, row or log does not check out"};
  if (status.IsNoSpace()) return {Errc::kDiskFull, "no space is left on the device"};
  if (status.IsIOError()) return {Errc::kIo, "reading or writing a table file failed"};
  if (status.IsBusy() || status.IsTryAgain()) return {Errc::kBusy, "the engine is busy"};
  if (status.IsTimedOut()) return {Errc::kTimeout, "the engine took too long"};
  if (status.IsShutdownInProgress()) return {Errc::kShuttingDown, "the engine is closing"};
  if (status.IsNotSupported()) return {Errc::kUnsupported, "the engine does not support it"};
  return {Errc::kInternal, "the engine refused a call"};
}

Error OpenErrorFrom(const rocksdb::Status& status) {
  if (IsHeldLock(status)) return {Errc::kInUse, "another process holds the lock"};
  if (status.IsPathNotFound()) return {Errc::kCorrupt, "a file of the store is missing"};
  if (status.IsInvalidArgument()) {
    return {Errc::kFormatVersion, "the store was written with other tables"};
  }
  return ErrorFrom(status);
}

}  // namespace idnode
