#include "storage/engine/log_file_system.h"

#include <utility>

namespace idnode {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

class LogFileSystem::Log : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  Log(std::unique_ptr<rocksdb::FSWritableFile> base, std::shared_ptr<OpenLogs> open)
      : FSWritableFileOwnerWrapper(std::move(base)), open_(std::move(open)) {
    open_->With([&](auto& logs) { logs.insert(this); });
  }
  ~Log() override { Leave(); }

  IOStatus Append(const Slice& octets, const IOOptions& options, IODebugContext* debug) override {
    return state_.With([&](State& state) {
      if (!state.failure.ok()) return state.failure;
      state.whole_on_disk = false;
      return state.failure = target()->Append(octets, options, debug);
    });
  }
  IOStatus Append(const Slice& octets, const IOOptions& options,
                  const rocksdb::DataVerificationInfo&, IODebugContext* debug) override {
    return Append(octets, options, debug);
  }

  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    return state_.With([&](State& state) {
      if (!state.failure.ok() || state.whole_on_disk) return state.failure;
      state.failure = target()->Sync(options, debug);
      state.whole_on_disk = state.failure.ok();
      return state.failure;
    });
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Sync(options, debug);
  }

  IOStatus Close(const IOOptions& options, IODebugContext* debug) override {
    Leave();
    return target()->Close(options, debug);
  }

 private:
  struct State {
    IOStatus failure;  // The first.
    bool whole_on_disk = true;
  };

  void Leave() {
    open_->With([&](auto& logs) { logs.erase(this); });
  }

  std::shared_ptr<OpenLogs> open_;
  Guarded<State> state_;
};

LogFileSystem::LogFileSystem(const std::shared_ptr<rocksdb::FileSystem>& base)
    : FileSystemWrapper(base) {}

IOStatus LogFileSystem::NewWritableFile(const std::string& path,
                                        const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSWritableFile>* file,
                                        IODebugContext* debug) {
  if (!path.ends_with(".log")) return target()->NewWritableFile(path, options, file, debug);

  // RocksDB hands every record of a log to the file at once, so there is nothing left above it.
  auto synced = open_->With([&](auto& logs) {
    IOStatus status = IOStatus::OK();
    for (auto* log : logs) {
      if (status.ok()) status = log->Sync(options.io_options, debug);
    }
    return status;
  });
  if (!synced.ok()) return synced;
  rocksdb::FileOptions sized = options;
  sized.fallocate_with_keep_size = false;
  std::unique_ptr<rocksdb::FSWritableFile> base;
  auto made = target()->NewWritableFile(path, sized, &base, debug);
  if (made.ok()) *file = std::make_unique<Log>(std::move(base), open_);
  return made;
}

}  // namespace idnode
