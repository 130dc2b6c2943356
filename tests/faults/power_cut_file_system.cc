#include "tests/faults/power_cut_file_system.h"

#include <utility>

namespace idnode {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

class WritableFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  WritableFile(std::unique_ptr<rocksdb::FSWritableFile> base, std::shared_ptr<UnsyncedDisk> disk,
               std::shared_ptr<UnsyncedDisk::File> file)
      : FSWritableFileOwnerWrapper(std::move(base)),
        disk_(std::move(disk)),
        file_(std::move(file)) {}

  IOStatus Append(const Slice& octets, const IOOptions& options, IODebugContext* debug) override {
    return disk_->Append(*file_, octets, [&](const Slice& written) {
      return target()->Append(written, options, debug);
    });
  }
  IOStatus Append(const Slice& octets, const IOOptions& options,
                  const rocksdb::DataVerificationInfo&, IODebugContext* debug) override {
    return Append(octets, options, debug);
  }
  IOStatus PositionedAppend(const Slice&, uint64_t, const IOOptions&, IODebugContext*) override {
    return IOStatus::NotSupported("direct I/O");
  }
  IOStatus PositionedAppend(const Slice&, uint64_t, const IOOptions&,
                            const rocksdb::DataVerificationInfo&, IODebugContext*) override {
    return IOStatus::NotSupported("direct I/O");
  }
  IOStatus Truncate(uint64_t size, const IOOptions& options, IODebugContext* debug) override {
    return disk_->Truncate(*file_, size, [&] { return target()->Truncate(size, options, debug); });
  }
  IOStatus Sync(const IOOptions&, IODebugContext*) override { return disk_->Sync(*file_); }
  IOStatus Fsync(const IOOptions&, IODebugContext*) override { return disk_->Sync(*file_); }
  IOStatus RangeSync(uint64_t, uint64_t, const IOOptions&, IODebugContext*) override {
    return disk_->Read([] { return IOStatus::OK(); });
  }
  IOStatus Allocate(uint64_t offset, uint64_t octets, const IOOptions& options,
                    IODebugContext* debug) override {
    return disk_->Read([&] { return target()->Allocate(offset, octets, options, debug); });
  }

 private:
  std::shared_ptr<UnsyncedDisk> disk_;
  std::shared_ptr<UnsyncedDisk::File> file_;
};

class RandomAccessFile : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  RandomAccessFile(std::unique_ptr<rocksdb::FSRandomAccessFile> base,
                   std::shared_ptr<UnsyncedDisk> disk)
      : FSRandomAccessFileOwnerWrapper(std::move(base)), disk_(std::move(disk)) {}

  IOStatus Read(uint64_t offset, size_t size, const IOOptions& options, Slice* octets,
                char* scratch, IODebugContext* debug) const override {
    return disk_->Read(
        [&] { return target()->Read(offset, size, options, octets, scratch, debug); });
  }
  IOStatus MultiRead(rocksdb::FSReadRequest* requests, size_t count, const IOOptions& options,
                     IODebugContext* debug) override {
    return disk_->Read([&] { return target()->MultiRead(requests, count, options, debug); });
  }

 private:
  std::shared_ptr<UnsyncedDisk> disk_;
};

class SequentialFile : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  SequentialFile(std::unique_ptr<rocksdb::FSSequentialFile> base,
                 std::shared_ptr<UnsyncedDisk> disk)
      : FSSequentialFileOwnerWrapper(std::move(base)), disk_(std::move(disk)) {}

  IOStatus Read(size_t size, const IOOptions& options, Slice* octets, char* scratch,
                IODebugContext* debug) override {
    return disk_->Read([&] { return target()->Read(size, options, octets, scratch, debug); });
  }

 private:
  std::shared_ptr<UnsyncedDisk> disk_;
};

class Directory : public rocksdb::FSDirectoryWrapper {
 public:
  Directory(std::unique_ptr<rocksdb::FSDirectory> base, std::shared_ptr<UnsyncedDisk> disk,
            std::string path)
      : FSDirectoryWrapper(std::move(base)), disk_(std::move(disk)), path_(std::move(path)) {}

  IOStatus Fsync(const IOOptions&, IODebugContext*) override { return disk_->SyncDirectory(path_); }
  IOStatus FsyncWithDirOptions(const IOOptions&, IODebugContext*,
                               const rocksdb::DirFsyncOptions&) override {
    return disk_->SyncDirectory(path_);
  }

 private:
  std::shared_ptr<UnsyncedDisk> disk_;
  std::string path_;
};

}  // namespace

PowerCutFileSystem::PowerCutFileSystem(std::shared_ptr<rocksdb::FileSystem> base)
    : FileSystemWrapper(base), disk_(std::make_shared<UnsyncedDisk>()) {}

void PowerCutFileSystem::Cut(uint64_t seed) { disk_->Cut(seed); }
void PowerCutFileSystem::CutAt(uint64_t nth, uint64_t seed) { disk_->CutAt(nth, seed); }
bool PowerCutFileSystem::cut() const { return disk_->cut(); }
void PowerCutFileSystem::PowerOn() { disk_->PowerOn(); }
void PowerCutFileSystem::FailWrite(uint64_t nth, Failure failure) {
  disk_->FailWrite(nth, failure);
}
void PowerCutFileSystem::FailSync(uint64_t nth, Failure failure) { disk_->FailSync(nth, failure); }
PowerCutFileSystem::Counts PowerCutFileSystem::counts() const { return disk_->counts(); }

IOStatus PowerCutFileSystem::NewSequentialFile(const std::string& path,
                                               const rocksdb::FileOptions& options,
                                               std::unique_ptr<rocksdb::FSSequentialFile>* file,
                                               IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSSequentialFile> base;
  const auto status =
      disk_->Read([&] { return target()->NewSequentialFile(path, options, &base, debug); });
  if (status.ok()) *file = std::make_unique<SequentialFile>(std::move(base), disk_);
  return status;
}

IOStatus PowerCutFileSystem::NewRandomAccessFile(const std::string& path,
                                                 const rocksdb::FileOptions& options,
                                                 std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                                 IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSRandomAccessFile> base;
  const auto status =
      disk_->Read([&] { return target()->NewRandomAccessFile(path, options, &base, debug); });
  if (status.ok()) *file = std::make_unique<RandomAccessFile>(std::move(base), disk_);
  return status;
}

IOStatus PowerCutFileSystem::NewWritableFile(const std::string& path,
                                             const rocksdb::FileOptions& options,
                                             std::unique_ptr<rocksdb::FSWritableFile>* file,
                                             IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSWritableFile> base;
  std::shared_ptr<UnsyncedDisk::File> account;
  const auto status = disk_->Create(
      path, account, [&] { return target()->NewWritableFile(path, options, &base, debug); });
  if (status.ok()) *file = std::make_unique<WritableFile>(std::move(base), disk_, account);
  return status;
}

IOStatus PowerCutFileSystem::ReopenWritableFile(const std::string&, const rocksdb::FileOptions&,
                                                std::unique_ptr<rocksdb::FSWritableFile>*,
                                                IODebugContext*) {
  return IOStatus::NotSupported("ReopenWritableFile");
}

IOStatus PowerCutFileSystem::ReuseWritableFile(const std::string&, const std::string&,
                                               const rocksdb::FileOptions&,
                                               std::unique_ptr<rocksdb::FSWritableFile>*,
                                               IODebugContext*) {
  return IOStatus::NotSupported("ReuseWritableFile");
}

IOStatus PowerCutFileSystem::NewDirectory(const std::string& path, const IOOptions& options,
                                          std::unique_ptr<rocksdb::FSDirectory>* directory,
                                          IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSDirectory> base;
  const auto status =
      disk_->Read([&] { return target()->NewDirectory(path, options, &base, debug); });
  if (status.ok()) *directory = std::make_unique<Directory>(std::move(base), disk_, path);
  return status;
}

IOStatus PowerCutFileSystem::GetChildren(const std::string& path, const IOOptions& options,
                                         std::vector<std::string>* names, IODebugContext* debug) {
  return disk_->Read([&] { return target()->GetChildren(path, options, names, debug); });
}

IOStatus PowerCutFileSystem::DeleteFile(const std::string& path, const IOOptions&,
                                        IODebugContext*) {
  return disk_->Remove(path);
}

IOStatus PowerCutFileSystem::RenameFile(const std::string& from, const std::string& to,
                                        const IOOptions&, IODebugContext*) {
  return disk_->Rename(from, to);
}

IOStatus PowerCutFileSystem::LinkFile(const std::string& from, const std::string& to,
                                      const IOOptions& options, IODebugContext* debug) {
  return disk_->Change([&] { return target()->LinkFile(from, to, options, debug); });
}

IOStatus PowerCutFileSystem::CreateDir(const std::string& path, const IOOptions& options,
                                       IODebugContext* debug) {
  return disk_->Change([&] { return target()->CreateDir(path, options, debug); });
}

IOStatus PowerCutFileSystem::CreateDirIfMissing(const std::string& path, const IOOptions& options,
                                                IODebugContext* debug) {
  return disk_->Change([&] { return target()->CreateDirIfMissing(path, options, debug); });
}

}  // namespace idnode
