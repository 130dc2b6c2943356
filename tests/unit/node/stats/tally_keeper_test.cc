#include "node/stats/tally_keeper.h"

#include <gtest/gtest.h>

#include "storage/commit_log.h"
#include "storage/counters.h"
#include "storage/engine/memory_engine.h"

namespace idnode {
namespace {

constexpr Time kNow{1'795'248'000'000};
constexpr ResolutionNote kFound{1, TrafficClass::kExternal, ResolutionOutcome::kFound};

class TallyKeeperTest : public ::testing::Test {
 protected:
  TallyKeeperTest() { Reopen(); }
  ~TallyKeeperTest() override { ledger->Stop(); }

  // What the next start finds.
  void Reopen() {
    if (ledger) ledger->Stop();
    ledger = *Ledger::Open(*engine, *log, "", LedgerOptions{});
    ledger->Start();
  }
  void Count(int times) {
    for (int i = 0; i < times; ++i) tally.Count(Protocol::kHttp, kFound, 1);
  }
  int64_t Stored() { return EvaluationOf(*ReadTotals(*engine, kOwn), 1, 0).resolutions; }

  std::unique_ptr<MemoryEngine> engine = OpenMemoryEngine();
  std::unique_ptr<MemoryCommitLog> log = OpenMemoryCommitLog(*engine);
  std::unique_ptr<Ledger> ledger;
  ResolutionCounts counts;
  ResolutionCounts::Tally& tally = counts.NewTally();
};

TEST_F(TallyKeeperTest, FoldsWhatWasCountedAndNothingWhenNothingWas) {
  TallyKeeper keeper(counts, *ledger);
  Count(3);
  keeper.Fold(kNow);
  EXPECT_EQ(Stored(), 3);
  const Position head = ledger->head();
  keeper.Fold(kNow);
  EXPECT_EQ(ledger->head(), head);
  Count(2);
  keeper.Fold(kNow);
  EXPECT_EQ(Stored(), 5);
}

TEST_F(TallyKeeperTest, KeepsWhatTheLedgerDidNotTakeForTheNextTime) {
  TallyKeeper keeper(counts, *ledger);
  Count(3);
  ledger->Refuse(Errc::kDiskFull);
  keeper.Fold(kNow);
  EXPECT_EQ(Stored(), 0);
  ledger->Allow();
  Count(1);
  keeper.Fold(kNow);
  EXPECT_EQ(Stored(), 4);
}

TEST_F(TallyKeeperTest, NeverCountsTwiceWhatMayHaveBeenWritten) {
  for (const bool appended : {true, false}) {
    const int64_t before = Stored();
    TallyKeeper keeper(counts, *ledger);
    Count(3);
    log->FailNext(CommitLog::Outcome::kUnknown, appended);
    keeper.Fold(kNow);
    Count(2);
    for (int i = 0; i < 3; ++i)
      keeper.Fold(kNow);  // The ledger takes no more until it is reopened.
    Reopen();
    EXPECT_EQ(Stored(), before + (appended ? 3 : 0));
    // What was counted meanwhile was neither committed nor lost.
    TallyKeeper next(counts, *ledger);
    next.Fold(kNow);
    EXPECT_EQ(Stored(), before + (appended ? 5 : 2));
  }
}

// A ledger that loses its answer on the way: what it says is unknown, what it does is done.
class AnswerLost : public Ledger {
 public:
  explicit AnswerLost(Ledger& ledger) : ledger_(ledger) {}
  int lose = 0;

  void Submit(std::shared_ptr<const Change> change, Completion completion) override {
    ledger_.Submit(std::move(change), [this, completion](const Outcome& outcome) {
      completion(lose-- > 0 ? Outcome{} : outcome);
    });
  }
  void AddObserver(Observer*) override {}
  void Start() override {}
  void PutLocal(std::string_view key, std::string_view row) override { ledger_.PutLocal(key, row); }
  void Refuse(Errc why) override { ledger_.Refuse(why); }
  void Allow() override { ledger_.Allow(); }
  void Stop() override {}
  Position head() const override { return ledger_.head(); }
  TreeHead tree_head() const override { return ledger_.tree_head(); }
  Figures figures() const override { return ledger_.figures(); }

 private:
  Ledger& ledger_;
};

TEST_F(TallyKeeperTest, AsksAgainWithTheSameOperationAndCountsOnce) {
  AnswerLost relay(*ledger);
  TallyKeeper keeper(counts, relay);
  Count(3);
  relay.lose = 2;
  keeper.Fold(kNow);
  keeper.Fold(kNow);
  EXPECT_EQ(Stored(), 3);
  const Position head = ledger->head();
  Count(4);
  keeper.Fold(kNow);
  EXPECT_EQ(Stored(), 7);
  EXPECT_EQ(ledger->head().value, head.value + 1);
}

TEST_F(TallyKeeperTest, RecordsAGap) {
  TallyKeeper keeper(counts, *ledger);
  keeper.RecordGap(Time{kNow.ms - 1'000}, kNow);
  ASSERT_EQ(log->Entries().size(), 1u);
  EXPECT_EQ(DecodeThin(log->Entries()[0].thin)->items[0].kind, EventKind::kGap);
}

}  // namespace
}  // namespace idnode
