// RocksDB behind the engine port, on a disk that fails in the moment of a log switch.

#include <gtest/gtest.h>
#include <rocksdb/file_system.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "storage/engine/rocksdb_engine.h"
#include "tests/unit/storage/engine/temporary_directory.h"

namespace idnode {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

// A disk that syncs no log any more from the moment on in which a log gets a successor. Whoever
// syncs the older log there is held before it fails.
class FailingAtLogSwitch : public rocksdb::FileSystemWrapper {
 public:
  FailingAtLogSwitch() : FileSystemWrapper(FileSystem::Default()) {}
  const char* Name() const override { return "FailingAtLogSwitch"; }

  void FailAtNextSwitch() { SetTo(armed_); }
  bool failed() {
    std::scoped_lock lock(mutex_);
    return failed_;
  }
  // A flush has come to the older log, or has passed it and writes its table.
  void WaitForFlush() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return older_log_synced_ || table_begun_; });
  }
  void LetFail() { SetTo(let_fail_); }

  IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                           IODebugContext* debug) override {
    auto made = target()->NewWritableFile(path, options, file, debug);
    if (!made.ok()) return made;
    std::scoped_lock lock(mutex_);
    if (path.ends_with(".log")) {
      *file = std::make_unique<Log>(std::move(*file), *this, ++logs_);
      failed_ = failed_ || armed_;
    }
    table_begun_ = table_begun_ || (failed_ && path.ends_with(".sst"));
    changed_.notify_all();
    return made;
  }

 private:
  class Log : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    Log(std::unique_ptr<rocksdb::FSWritableFile> base, FailingAtLogSwitch& disk, int number)
        : FSWritableFileOwnerWrapper(std::move(base)), disk_(disk), number_(number) {}
    IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
      return disk_.AllowsSyncOf(number_) ? target()->Sync(options, debug)
                                         : IOStatus::IOError("the disk fails");
    }

   private:
    FailingAtLogSwitch& disk_;
    const int number_;
  };

  bool AllowsSyncOf(int log) {
    std::unique_lock lock(mutex_);
    if (!failed_) return true;
    if (log < logs_) {
      older_log_synced_ = true;
      changed_.notify_all();
      changed_.wait(lock, [&] { return let_fail_; });
    }
    return false;
  }
  void SetTo(bool& happened) {
    std::scoped_lock lock(mutex_);
    happened = true;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  int logs_ = 0;
  bool armed_ = false;
  bool failed_ = false;
  bool older_log_synced_ = false;
  bool table_begun_ = false;
  bool let_fail_ = false;
};

// Whether a thread of this process waits for something (proc_pid_stat(5), state S).
bool Sleeps(pid_t thread) {
  std::ifstream stat("/proc/self/task/" + std::to_string(thread) + "/stat");
  const std::string line{std::istreambuf_iterator<char>(stat), {}};
  const size_t name_ends = line.rfind(") ");
  return name_ends != line.npos && line[name_ends + 2] == 'S';
}

Batch BatchOf(int number) {
  Batch batch;
  batch.Put(Table::kRecords, std::to_string(number), std::string(1'000, 'v'));
  batch.Put(Table::kMeta, "applied", std::to_string(number));
  return batch;
}

// A flush and a synced write both sync the log before the last. Where both are under way when that
// fails, RocksDB as Debian builds it would end the process with an assertion.
TEST(LogSwitch, OnAFailingDiskEndsWritingAndNotTheProcess) {
  TemporaryDirectory directory;
  const auto disk = std::make_shared<FailingAtLogSwitch>();
  RocksDbOptions options{.block_cache_octets = 1u << 20, .memtable_octets = 64u << 10};
  options.file_system = disk;
  auto opened = OpenRocksDb(directory.path(), options);
  ASSERT_TRUE(opened.ok());
  Engine& engine = **opened;
  disk->FailAtNextSwitch();
  int written = 0;
  while (!disk->failed()) {
    ASSERT_LT(++written, 10'000);
    Batch batch = BatchOf(written);
    ASSERT_TRUE(engine.Write(batch, Engine::Durability::kBuffered).ok());
  }
  disk->WaitForFlush();

  Status outcome;
  std::atomic<pid_t> writer = 0;
  std::atomic<bool> finished = false;
  std::thread writing([&] {
    writer = gettid();
    Batch batch = BatchOf(written + 1);
    outcome = engine.Write(batch, Engine::Durability::kSynced);
    finished = true;
  });
  while (!finished && (writer == 0 || !Sleeps(writer))) std::this_thread::yield();
  disk->LetFail();
  writing.join();

  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, Errc::kIo);
  Batch next = BatchOf(written + 2);
  const Status refused = engine.Write(next, Engine::Durability::kSynced);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Errc::kReadOnly);
  std::string applied;
  ASSERT_TRUE(*engine.Get(Table::kMeta, "applied", Reach::kDisk, applied)) << "reading goes on";
  EXPECT_EQ(applied, std::to_string(written));
  opened->reset();
  options.file_system = nullptr;
  opened = OpenRocksDb(directory.path(), options);
  ASSERT_TRUE(opened.ok()) << "on a disk that works again";
  ASSERT_TRUE(*(*opened)->Get(Table::kMeta, "applied", Reach::kDisk, applied));
  EXPECT_GE(std::stoi(applied), written);
}

}  // namespace
}  // namespace idnode
