#pragma once

#include <rocksdb/file_system.h>

#include <cstdint>
#include <memory>
#include <string>

#include "tests/faults/unsynced_disk.h"

namespace idnode {

// A file system on real files that loses, on command, what a power cut may lose: octets that no
// fsync or fdatasync covered, and names whose directory was not synced since they were made,
// changed or removed. sync_file_range is not counted: it promises nothing.
//
// A cycle: open an engine on it, work, Cut() or arm CutAt(), close the engine (whose every call
// fails from the cut on), PowerOn(), open the engine again on what survived.
//
// Threads: any method from any thread; PowerOn() only when no file is open.
class PowerCutFileSystem : public rocksdb::FileSystemWrapper {
 public:
  explicit PowerCutFileSystem(
      std::shared_ptr<rocksdb::FileSystem> base = rocksdb::FileSystem::Default());

  // The power is gone now. `seed` decides, file by file, whether the octets that were not synced
  // are lost, or a prefix of them is kept, or some of their sectors of 512 octets read as zeros;
  // and how many of a directory's last changes are undone.
  void Cut(uint64_t seed);
  // The same just before the `nth` write, sync, or change of a directory from now; 1 is the next.
  void CutAt(uint64_t nth, uint64_t seed);
  bool cut() const;
  // Leaves on disk what survives the cut. From here on the files can be used again.
  void PowerOn();

  using Failure = UnsyncedDisk::Failure;
  // The `nth` write or sync of a file from now fails, once; 1 is the next. A write that fails has
  // written half of its octets. A sync that fails leaves its octets unsynced for good, as Linux
  // does: they are lost in the next cut even if a later sync of the file succeeds.
  void FailWrite(uint64_t nth, Failure failure);
  void FailSync(uint64_t nth, Failure failure);

  // How often something happened that a cut or a failure can be aimed at.
  using Counts = UnsyncedDisk::Counts;  // Operations: writes, syncs, changes of directories.
  Counts counts() const;

  const char* Name() const override { return "PowerCutFileSystem"; }

  rocksdb::IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* file,
                                      rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewRandomAccessFile(const std::string& path,
                                        const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                        rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  // Not offered; RocksDB needs neither with recycle_log_file_num = 0.
  rocksdb::IOStatus ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus ReuseWritableFile(const std::string& path, const std::string& old_path,
                                      const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* file,
                                      rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& path, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus GetChildren(const std::string& path, const rocksdb::IOOptions& options,
                                std::vector<std::string>* names,
                                rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus LinkFile(const std::string& from, const std::string& to,
                             const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus CreateDir(const std::string& path, const rocksdb::IOOptions& options,
                              rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus CreateDirIfMissing(const std::string& path, const rocksdb::IOOptions& options,
                                       rocksdb::IODebugContext* debug) override;

 private:
  std::shared_ptr<UnsyncedDisk> disk_;  // Shared with the open files.
};

}  // namespace idnode
