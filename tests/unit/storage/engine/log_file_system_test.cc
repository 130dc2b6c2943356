#include "storage/engine/log_file_system.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "tests/unit/storage/engine/temporary_directory.h"

namespace idnode {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using File = std::unique_ptr<rocksdb::FSWritableFile>;

// The machine's files, whose syncs are counted, and of which one write or sync fails.
class CountedFiles : public rocksdb::FileSystemWrapper {
 public:
  CountedFiles() : FileSystemWrapper(FileSystem::Default()) {}
  const char* Name() const override { return "CountedFiles"; }

  int syncs = 0;
  bool next_fails = false;

  IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options, File* file,
                           IODebugContext* debug) override {
    auto made = target()->NewWritableFile(path, options, file, debug);
    if (made.ok()) *file = std::make_unique<Counted>(std::move(*file), *this);
    return made;
  }

 private:
  class Counted : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    Counted(File base, CountedFiles& files)
        : FSWritableFileOwnerWrapper(std::move(base)), files_(files) {}
    IOStatus Append(const rocksdb::Slice& octets, const IOOptions& options,
                    IODebugContext* debug) override {
      return Fails() ? IOStatus::NoSpace("full") : target()->Append(octets, options, debug);
    }
    IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
      ++files_.syncs;
      return Fails() ? IOStatus::IOError("lost") : target()->Sync(options, debug);
    }

   private:
    bool Fails() { return std::exchange(files_.next_fails, false); }
    CountedFiles& files_;
  };
};

class LogFile : public testing::Test {
 protected:
  IOStatus Make(const std::string& name, File& file) {
    return files_.NewWritableFile(directory_.path() + "/" + name, {}, &file, nullptr);
  }
  File Made(const std::string& name) {
    File file;
    EXPECT_TRUE(Make(name, file).ok());
    return file;
  }
  static IOStatus Append(File& file) { return file->Append("octets", {}, nullptr); }
  static IOStatus Sync(File& file) { return file->Sync({}, nullptr); }

  TemporaryDirectory directory_;
  std::shared_ptr<CountedFiles> disk_ = std::make_shared<CountedFiles>();
  LogFileSystem files_{disk_};
};

TEST_F(LogFile, IsSyncedBeforeTheNextIsBegunAndNeverAgain) {
  File first = Made("1.log");
  ASSERT_TRUE(Append(first).ok());
  EXPECT_EQ(disk_->syncs, 0);
  File second = Made("2.log");
  EXPECT_EQ(disk_->syncs, 1);

  disk_->next_fails = true;
  EXPECT_TRUE(Sync(first).ok());
  EXPECT_TRUE(first->Fsync({}, nullptr).ok());
  EXPECT_EQ(disk_->syncs, 1);

  disk_->next_fails = false;
  ASSERT_TRUE(Append(second).ok());
  EXPECT_TRUE(Sync(second).ok());
  ASSERT_TRUE(Append(second).ok());
  EXPECT_TRUE(Sync(second).ok());
  EXPECT_EQ(disk_->syncs, 3) << "what was appended since";
}

TEST_F(LogFile, EndsWithAFailedSync) {
  File log = Made("1.log");
  ASSERT_TRUE(Append(log).ok());
  disk_->next_fails = true;
  EXPECT_TRUE(Sync(log).IsIOError());

  EXPECT_TRUE(Sync(log).IsIOError()) << "though the disk would call it good";
  EXPECT_TRUE(Append(log).IsIOError());
  EXPECT_EQ(disk_->syncs, 1);
  EXPECT_EQ(log->GetFileSize({}, nullptr), 6u);
}

TEST_F(LogFile, EndsWithAFailedWrite) {
  File log = Made("1.log");
  disk_->next_fails = true;
  EXPECT_TRUE(Append(log).IsNoSpace());

  EXPECT_TRUE(Append(log).IsNoSpace());
  EXPECT_TRUE(Sync(log).IsNoSpace());
  EXPECT_EQ(disk_->syncs, 0);
}

TEST_F(LogFile, HasNoSuccessorAfterAFailure) {
  File log = Made("1.log");
  ASSERT_TRUE(Append(log).ok());
  disk_->next_fails = true;
  File next;
  EXPECT_TRUE(Make("2.log", next).IsIOError()) << "the end of the first could not be synced";
  EXPECT_TRUE(Make("2.log", next).IsIOError());
  EXPECT_EQ(next, nullptr);
  EXPECT_EQ(disk_->syncs, 1);

  log.reset();
  EXPECT_TRUE(Make("2.log", next).ok()) << "nothing of a closed log is waited for";
}

TEST_F(LogFile, IsNoOtherFile) {
  File table = Made("1.sst");
  ASSERT_TRUE(Append(table).ok());
  disk_->next_fails = true;
  EXPECT_FALSE(Sync(table).ok());
  EXPECT_TRUE(Sync(table).ok());
  EXPECT_NE(Made("2.log"), nullptr);
  EXPECT_EQ(disk_->syncs, 2);
}

}  // namespace
}  // namespace idnode
