#include "storage/watermark.h"

#include <gtest/gtest.h>

#include <fstream>

#include "storage/durable_file.h"
#include "tests/unit/storage/ledger_fixture.h"

namespace idnode {
namespace {

WatermarkMark MarkAt(uint64_t position) {
  WatermarkMark mark{.position = {position}};
  mark.tip.fill(static_cast<char>(position));
  return mark;
}

class WatermarkTest : public LedgerTest {
 protected:
  void Follow(const WatermarkMark& mark) {
    auto watermark = Watermark::Open(file_, 1);
    ASSERT_TRUE(watermark.ok());
    (*watermark)->Follow(mark);
    ASSERT_TRUE((*watermark)->Stop().ok());
  }
  std::string Octets() { return *ReadWholeFile(file_, 1 << 20); }

  TemporaryFolder folder_;
  const std::string file_ = folder_ / "watermark";
};

TEST_F(WatermarkTest, StartsWithNothing) {
  const auto watermark = Watermark::Open(file_, 1);
  ASSERT_TRUE(watermark.ok());
  EXPECT_EQ((*watermark)->recovered(), WatermarkMark{});
  EXPECT_EQ(Octets().size(), 1024u);
}

TEST_F(WatermarkTest, HasTheLastMarkWhenItHasStopped) {
  for (uint64_t position : {5, 6, 7}) {
    Follow(MarkAt(position));
    EXPECT_EQ(*ReadWatermark(file_), MarkAt(position));
  }
}

TEST_F(WatermarkTest, KeepsTheMarkBeforeInTheOtherSlot) {
  Follow(MarkAt(5));
  const std::string before = Octets();
  Follow(MarkAt(6));
  const std::string after = Octets();
  const bool first_kept = before.substr(0, 512) == after.substr(0, 512);
  const bool second_kept = before.substr(512) == after.substr(512);
  EXPECT_NE(first_kept, second_kept);
}

TEST_F(WatermarkTest, FallsBackToTheOtherSlotWhenAWriteWasTorn) {
  Follow(MarkAt(5));
  const std::string before = Octets();
  Follow(MarkAt(6));
  std::string torn = Octets();
  const size_t newest = before.substr(0, 512) == torn.substr(0, 512) ? 512 : 0;
  for (size_t cut : {0, 1, 8, 16, 48, 511}) {
    std::string octets = torn;
    octets.replace(newest + cut, 512 - cut, before.substr(newest + cut, 512 - cut));
    octets[newest + cut] = static_cast<char>(octets[newest + cut] ^ 1);
    ASSERT_TRUE(WriteFileDurably(file_, octets).ok());
    EXPECT_EQ(*ReadWatermark(file_), MarkAt(5)) << cut;
  }
}

TEST_F(WatermarkTest, IsCorruptWhenNoSlotCanBeRead) {
  for (const std::string& octets :
       {std::string(), std::string(1024, '\0'), std::string(1023, 'x'), std::string(1025, 'x')}) {
    ASSERT_TRUE(WriteFileDurably(file_, octets).ok());
    EXPECT_EQ(Watermark::Open(file_, 1).error().code, Errc::kCorrupt);
    EXPECT_EQ(ReadWatermark(file_).error().code, Errc::kCorrupt);
  }
}

TEST_F(WatermarkTest, DetectsEveryFlippedBit) {
  ASSERT_TRUE(WriteWatermark(file_, MarkAt(9)).ok());
  const std::string whole = Octets();
  for (size_t bit = 0; bit < 512 * 8; bit += 3) {
    std::string flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    std::ofstream(file_, std::ios::binary) << flipped;
    ASSERT_FALSE(ReadWatermark(file_).ok()) << bit;
  }
}

TEST_F(WatermarkTest, FollowsTheLedger) {
  Open({}, file_);
  ledger_->Start();
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(ledger_->Commit(Creating({"a" + std::to_string(i)})).done());
  }
  ledger_->Stop();
  EXPECT_EQ(ReadWatermark(file_)->position, Position{20});
  Open({}, file_);
  EXPECT_EQ(ledger_->head(), Position{20});
}

TEST_F(WatermarkTest, RefusesALogThatCameBackShorter) {
  // A log whose engine is not synced, so that the cut takes what the watermark has seen.
  auto unsynced = OpenMemoryCommitLog(*engine_);
  ledger_ = *Ledger::Open(*engine_, *unsynced, file_, {});
  ledger_->Start();
  ASSERT_TRUE(ledger_->Commit(Creating({"a"})).done());
  ledger_.reset();

  const auto after = engine_->AfterPowerCut();
  const auto log = OpenLocalCommitLog(*after);
  const auto refused = Ledger::Open(*after, *log, file_, {});

  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Errc::kShortLog);
}

TEST_F(WatermarkTest, RefusesALogWithAnotherRecordAtTheMark) {
  Open({}, file_);
  ledger_->Start();
  ASSERT_TRUE(ledger_->Commit(Creating({"a"})).done());
  ledger_.reset();

  engine_ = OpenMemoryEngine();
  log_ = OpenLocalCommitLog(*engine_);
  OpenAndStart();
  ASSERT_TRUE(ledger_->Commit(Creating({"another"})).done());
  ASSERT_TRUE(ledger_->Commit(Creating({"and another"})).done());
  ledger_.reset();

  EXPECT_EQ(Ledger::Open(*engine_, *log_, file_, {}).error().code, Errc::kShortLog);
}

TEST(DurableFile, ReplacesAFileAndLeavesNothingBeside) {
  TemporaryFolder folder;
  const std::string file = folder / "f";
  ASSERT_TRUE(WriteFileDurably(file, "one").ok());
  ASSERT_TRUE(WriteFileDurably(file, "two").ok());
  EXPECT_EQ(*ReadWholeFile(file, 3), "two");
  EXPECT_EQ(ReadWholeFile(file, 2).error().code, Errc::kTooLarge);
  EXPECT_EQ(ReadWholeFile(folder / "other", 3).error().code, Errc::kNotFound);
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "")) {
    (void)entry;
    ++files;
  }
  EXPECT_EQ(files, 1u);
}

TEST(DurableFile, LeavesTheOldFileWhenItCannotWrite) {
  TemporaryFolder folder;
  EXPECT_FALSE(WriteFileDurably(folder / "no such folder/f", "one").ok());
  std::filesystem::create_directory(folder / "taken");
  std::filesystem::create_directory(folder / "taken/inside");
  EXPECT_FALSE(WriteFileDurably(folder / "taken", "one").ok());
  EXPECT_TRUE(std::filesystem::is_directory(folder / "taken/inside"));
  EXPECT_FALSE(std::filesystem::exists(folder / "taken.new"));
}

}  // namespace
}  // namespace idnode
