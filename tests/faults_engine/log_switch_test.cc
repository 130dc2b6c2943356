// RocksDB behind the engine port, on a disk that fails in the moment of a log switch.

#include <gtest/gtest.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <fstream>
#include <future>
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
    changed_.wait(lock, [&] { return holds_ || table_begun_; });
  }
  bool holds() {
    std::scoped_lock lock(mutex_);
    return holds_;
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
      holds_ = true;
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
  bool holds_ = false;
  bool table_begun_ = false;
  bool let_fail_ = false;
};

// Whether a thread of this process waits for something (proc_pid_stat(5), state S).
bool Sleeps(pid_t thread) {
  std::ifstream stat("/proc/self/task/" + std::to_string(thread) + "/stat");
  std::string line;
  std::getline(stat, line);  // Of a thread that has just ended: nothing.
  const size_t name_ends = line.rfind(") ");
  return name_ends != line.npos && line[name_ends + 2] == 'S';
}

// While this lives and has not been let go, no flush of this process begins.
class HeldFlushes {
 public:
  HeldFlushes() {
    env_.SetBackgroundThreads(1, rocksdb::Env::Priority::HIGH);
    env_.Schedule(&Hold, this, rocksdb::Env::Priority::HIGH);
    thread_ = held_.get_future().get();
  }
  void LetGo() { let_go_.set_value(); }
  // What was waiting has begun, and has ended or waits for something else.
  bool MustWait() const {
    return env_.GetThreadPoolQueueLen(rocksdb::Env::Priority::HIGH) == 0 && Sleeps(thread_);
  }

 private:
  static void Hold(void* self) {
    auto& held = *static_cast<HeldFlushes*>(self);
    auto let_go = held.let_go_.get_future();
    held.held_.set_value(gettid());
    let_go.wait();
  }

  rocksdb::Env& env_ = *rocksdb::Env::Default();
  std::promise<pid_t> held_;
  std::promise<void> let_go_;
  pid_t thread_ = 0;
};

Batch BatchOf(int number) {
  Batch batch;
  batch.Put(Table::kRecords, std::to_string(number), std::string(1'000, 'v'));
  batch.Put(Table::kMeta, "applied", std::to_string(number));
  return batch;
}

// A flush and a synced write both sync the log before the last. Where both are under way when that
// fails, RocksDB as Debian builds it would end the process with an assertion, whichever came first.
class LogSwitch : public testing::Test {
 protected:
  void SetUp() override {
    options_.file_system = disk_;
    auto opened = OpenRocksDb(directory_.path(), options_);
    ASSERT_TRUE(opened.ok());
    engine_ = std::move(*opened);
  }

  // Until the disk fails in a switch; nothing was synced.
  void WriteUntilItFails() {
    disk_->FailAtNextSwitch();
    while (!disk_->failed()) {
      ASSERT_LT(++written_, 10'000);
      Batch batch = BatchOf(written_);
      ASSERT_TRUE(engine_->Write(batch, Engine::Durability::kBuffered).ok());
    }
  }
  void BeginSyncedWrite() {
    writing_ = std::thread([this] {
      writer_ = gettid();
      Batch batch = BatchOf(written_ + 1);
      outcome_ = engine_->Write(batch, Engine::Durability::kSynced);
      finished_ = true;
    });
  }
  bool WriterMustWait() const { return writer_ != 0 && Sleeps(writer_); }

  // Nothing is written any more, what was written can be read, and is there again later.
  void ExpectReadOnly() {
    ASSERT_FALSE(outcome_.ok());
    EXPECT_EQ(outcome_.error().code, Errc::kIo);
    Batch next = BatchOf(written_ + 2);
    const Status refused = engine_->Write(next, Engine::Durability::kSynced);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, Errc::kReadOnly);
    std::string applied;
    ASSERT_TRUE(*engine_->Get(Table::kMeta, "applied", Reach::kDisk, applied));
    EXPECT_EQ(applied, std::to_string(written_));

    engine_.reset();
    options_.file_system = nullptr;
    const auto opened = OpenRocksDb(directory_.path(), options_);
    ASSERT_TRUE(opened.ok()) << "on a disk that works again";
    ASSERT_TRUE(*(*opened)->Get(Table::kMeta, "applied", Reach::kDisk, applied));
    EXPECT_GE(std::stoi(applied), written_);
  }

  TemporaryDirectory directory_;
  const std::shared_ptr<FailingAtLogSwitch> disk_ = std::make_shared<FailingAtLogSwitch>();
  RocksDbOptions options_{.block_cache_octets = 1u << 20, .memtable_octets = 64u << 10};
  std::unique_ptr<Engine> engine_;
  int written_ = 0;
  std::thread writing_;
  std::atomic<pid_t> writer_ = 0;
  std::atomic<bool> finished_ = false;
  Status outcome_;
};

TEST_F(LogSwitch, OnAFailingDiskEndsWritingWhileAFlushIsUnderWay) {
  ASSERT_NO_FATAL_FAILURE(WriteUntilItFails());
  disk_->WaitForFlush();
  BeginSyncedWrite();
  while (!finished_ && !WriterMustWait()) std::this_thread::yield();
  disk_->LetFail();
  writing_.join();
  ExpectReadOnly();
}

TEST_F(LogSwitch, OnAFailingDiskEndsWritingBeforeAFlushBegins) {
  HeldFlushes flushes;
  ASSERT_NO_FATAL_FAILURE(WriteUntilItFails());
  BeginSyncedWrite();
  while (!finished_ && !disk_->holds()) std::this_thread::yield();
  flushes.LetGo();
  while (!flushes.MustWait()) std::this_thread::yield();
  disk_->LetFail();
  writing_.join();
  ExpectReadOnly();
}

}  // namespace
}  // namespace idnode
