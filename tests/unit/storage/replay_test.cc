#include "storage/replay.h"

#include <gtest/gtest.h>

#include "storage/engine/rocksdb_engine.h"
#include "tests/unit/storage/ledger_fixture.h"

namespace idnode {
namespace {

using Kind = Outcome::Kind;

class ReplayTest : public LedgerTest {
 protected:
  ReplayTest() {
    auto log = OpenMemoryCommitLog(*engine_);
    whole_ = log.get();
    log_ = std::move(log);
  }

  // Some of everything: creates, partial batches, replaces, removes, operation ids over three days.
  void CommitALot() {
    OpenAndStart();
    for (uint64_t i = 0; i < 300; ++i) {
      const std::string key = "key " + std::to_string(i % 120);
      const OperationId operation = i % 3 == 0 ? IdOf("op " + std::to_string(i)) : OperationId{};
      const auto change =
          Creating({key, "other " + std::to_string(i)}, {.time = {kMorning.ms + i * kDayMs / 100},
                                                         .operation = operation,
                                                         .mode = Change::Mode::kEach});
      const Outcome outcome = ledger_->Commit(change);
      ASSERT_TRUE(outcome.done());
      const std::string other = "other " + std::to_string(i);
      if (i % 5 == 0) {
        ASSERT_TRUE(ledger_->Commit(Removing(other, outcome.position.value)).done());
      } else if (i % 7 == 1) {
        ASSERT_TRUE(ledger_->Commit(Replacing(other, outcome.position.value, "new")).done());
      }
    }
  }

  MemoryCommitLog* whole_;
};

TEST_F(ReplayTest, GivesTheSameTablesOnAnotherEngine) {
  CommitALot();
  const auto entries = whole_->Entries();
  const TableRows expected = AllRows(*engine_);
  ASSERT_GT(entries.size(), 256u);

  const auto at_once = OpenMemoryEngine();
  ASSERT_TRUE(Replay(entries, *at_once).ok());
  EXPECT_EQ(AllRows(*at_once), expected);

  const auto in_pieces = OpenMemoryEngine();
  for (size_t i = 0; i < entries.size(); i += 17) {
    const auto piece = std::span(entries).subspan(i, std::min<size_t>(17, entries.size() - i));
    ASSERT_TRUE(Replay(piece, *in_pieces).ok());
  }
  EXPECT_EQ(AllRows(*in_pieces), expected);
}

TEST_F(ReplayTest, GivesTheSameTablesOnRocksDb) {
  CommitALot();
  TemporaryFolder folder;
  auto on_disk = OpenRocksDb(folder / "rows", {});
  ASSERT_TRUE(on_disk.ok());
  ASSERT_TRUE(Replay(whole_->Entries(), **on_disk).ok());
  EXPECT_EQ(AllRows(**on_disk), AllRows(*engine_));

  // Opened again, the ledger goes on where the log ends.
  on_disk->reset();
  on_disk = OpenRocksDb(folder / "rows", {});
  ASSERT_TRUE(on_disk.ok());
  const auto log = OpenLocalCommitLog(**on_disk);
  auto ledger = Ledger::Open(**on_disk, *log, folder / "watermark", {});
  ASSERT_TRUE(ledger.ok());
  EXPECT_EQ((*ledger)->tree_head(), ledger_->tree_head());
  (*ledger)->Start();
  EXPECT_EQ((*ledger)->Commit(Creating({"key 0"})).why, Errc::kExists);
  EXPECT_EQ((*ledger)->Commit(Creating({"new"})).position.value, ledger_->head().value + 1);
}

TEST_F(ReplayTest, GivesTheTablesThatTheLocalLogMade) {
  CommitALot();
  const TableRows replicated = AllRows(*engine_);
  ledger_.reset();
  engine_ = OpenMemoryEngine();
  log_ = OpenLocalCommitLog(*engine_);
  CommitALot();
  EXPECT_EQ(AllRows(*engine_), replicated);
}

TEST_F(ReplayTest, RefusesEntriesThatDoNotFollow) {
  CommitALot();
  const auto entries = whole_->Entries();
  const auto fresh = OpenMemoryEngine();
  EXPECT_EQ(Replay(std::span(entries).subspan(1), *fresh).error().code, Errc::kGap);
  ASSERT_TRUE(Replay(std::span(entries).first(3), *fresh).ok());
  EXPECT_EQ(Replay(std::span(entries).subspan(2, 1), *fresh).error().code, Errc::kGap);
}

TEST_F(ReplayTest, RefusesEffectsThatAreNotThoseOfTheRecord) {
  OpenAndStart();
  ASSERT_TRUE(ledger_->Commit(Creating({"a"})).done());
  ASSERT_TRUE(ledger_->Commit(Creating({"b"})).done());
  auto entries = whole_->Entries();
  std::swap(entries[0].effects, entries[1].effects);
  const auto fresh = OpenMemoryEngine();
  EXPECT_EQ(Replay(entries, *fresh).error().code, Errc::kForged);
  EXPECT_TRUE(AllRows(*fresh).empty());
}

TEST_F(ReplayTest, RefusesARecordOfAnotherChain) {
  OpenAndStart();
  ASSERT_TRUE(ledger_->Commit(Creating({"a"})).done());
  ASSERT_TRUE(ledger_->Commit(Creating({"b"})).done());
  const auto entries = whole_->Entries();

  const auto other_engine = OpenMemoryEngine();
  const auto other_log = OpenMemoryCommitLog(*other_engine);
  auto other = *Ledger::Open(*other_engine, *other_log, "", {});
  other->Start();
  ASSERT_TRUE(other->Commit(Creating({"c"})).done());
  EXPECT_EQ(Replay(std::span(entries).subspan(1), *other_engine).error().code, Errc::kForged);
}

TEST_F(ReplayTest, BringsBackWhatAPowerCutTookFromTheEngine) {
  CommitALot();
  const TableRows before = AllRows(*engine_);
  const auto entries = whole_->Entries();
  const auto after = engine_->AfterPowerCut();
  ASSERT_TRUE(AllRows(*after).empty());  // A replicating log does not sync the engine.
  ASSERT_TRUE(Replay(entries, *after).ok());
  EXPECT_EQ(AllRows(*after), before);
}

TEST_F(ReplayTest, TellsTheTruthAboutAnUnknownOutcomeAfterAReopen) {
  for (const bool appended : {false, true}) {
    OpenAndStart();
    const std::string key = appended ? "appended" : "lost";
    const auto change = Creating({key}, {.operation = IdOf(key)});
    whole_->FailNext(CommitLog::Outcome::kUnknown, appended);

    EXPECT_EQ(ledger_->Commit(change).kind, Kind::kUnknown);
    const Outcome next = ledger_->Commit(Creating({"next"}));
    EXPECT_EQ(next.kind, Kind::kReadOnly);
    EXPECT_EQ(next.why, Errc::kIo);
    ledger_->Allow();
    EXPECT_EQ(ledger_->Commit(Creating({"next"})).kind, Kind::kReadOnly);

    OpenAndStart();
    const Outcome again = ledger_->Commit(change);
    EXPECT_TRUE(again.done());
    EXPECT_EQ(again.repeated, appended);
  }
}

TEST_F(ReplayTest, AnswersTheWholeGroupUnknown) {
  Open();
  whole_->FailNext(CommitLog::Outcome::kUnknown, false);
  std::vector<Kind> kinds;
  for (const char* key : {"a", "a", "b"}) {
    ledger_->Submit(Creating({key}),
                    [&](const Outcome& outcome) { kinds.push_back(outcome.kind); });
  }
  ledger_->Stop();
  EXPECT_EQ(kinds, (std::vector<Kind>{Kind::kUnknown, Kind::kUnknown, Kind::kUnknown}));
  EXPECT_EQ(ledger_->head(), Position{0});
  EXPECT_EQ(ledger_->tree_head(), TreeHead{});
  EXPECT_TRUE(AllRows(*engine_).empty());
}

TEST_F(ReplayTest, StopsDecidingWhenAnotherWriterHasTheLog) {
  OpenAndStart();
  ASSERT_TRUE(ledger_->Commit(Creating({"a"})).done());
  ASSERT_TRUE(whole_->Open().ok());  // The other writer.
  EXPECT_EQ(ledger_->Commit(Creating({"b"})).kind, Kind::kNotLeader);
  EXPECT_EQ(ledger_->Commit(Creating({"c"})).kind, Kind::kNotLeader);
  EXPECT_EQ(whole_->Entries().size(), 1u);
  EXPECT_EQ(ledger_->head(), Position{1});
}

}  // namespace
}  // namespace idnode
