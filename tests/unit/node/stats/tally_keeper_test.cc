#include "node/stats/tally_keeper.h"

#include <gtest/gtest.h>

#include "storage/commit_log.h"
#include "storage/counters.h"
#include "storage/engine/memory_engine.h"
#include "storage/source_part.h"

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

class SourcesOfTallies : public TallyKeeperTest {
 protected:
  static constexpr Time kNextHour{kNow.ms + 3'600'000};

  void Ask(uint8_t last, uint64_t identifier) {
    ResolutionNote note = kFound;
    note.identifier = identifier;
    tally.Count(Protocol::kHttp, note, 1);
    tally.AskedBy({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, last}, note);
    tally.Resolved(note);
  }
  // Requests, sources and identifiers of each part of an enterprise, in the order of the log.
  std::vector<std::array<uint64_t, 3>> Parts(uint32_t enterprise, Time time) {
    std::vector<std::array<uint64_t, 3>> parts;
    EXPECT_TRUE(EachSourcePart(
        *engine, kOwn, time.hour(), time.hour() + 1,
        [&](const SourcePartName& name, std::string_view body) {
          const auto part = DecodeSourcePart(body);
          EXPECT_TRUE(part.ok());
          if (name.enterprise == enterprise) {
            parts.push_back({part->requests, part->sources.size(), part->identifiers.Estimate()});
          }
          return Status();
        }));
    return parts;
  }
  using Each = std::vector<std::array<uint64_t, 3>>;
};

TEST_F(SourcesOfTallies, AreSealedWhenTheHourIsOver) {
  TallyKeeper keeper(counts, *ledger);
  for (int i = 0; i < 5; ++i) Ask(1, 100);
  Ask(2, 101);
  keeper.Fold(kNow);
  keeper.Fold(kNow);
  EXPECT_TRUE(Parts(1, kNow).empty());
  Ask(1, 100);
  keeper.Fold(kNextHour);
  EXPECT_EQ(Parts(1, kNow), (Each{{6, 2, 2}}));
  EXPECT_EQ(Parts(kAllEnterprises, kNow), (Each{{6, 2, 2}}));
  EXPECT_TRUE(Parts(1, kNextHour).empty());
  keeper.FoldAndSeal(kNextHour);
  EXPECT_EQ(Parts(1, kNextHour).size(), 1u);
  const Position head = ledger->head();
  keeper.FoldAndSeal(kNextHour);  // Nothing came since.
  EXPECT_EQ(ledger->head(), head);
}

// A clock that goes back makes another part of the hour before; what is sealed stays as it is.
TEST_F(SourcesOfTallies, OfAnHourThatComesAgainAreAnotherPart) {
  TallyKeeper keeper(counts, *ledger);
  Ask(1, 100);
  keeper.Fold(kNow);
  Ask(1, 100);
  keeper.Fold(kNextHour);
  Ask(1, 100);
  keeper.Fold(kNow);
  Ask(1, 100);
  keeper.FoldAndSeal(kNow);
  EXPECT_EQ(Parts(1, kNow), (Each{{1, 1, 1}, {2, 1, 1}}));
  EXPECT_EQ(Parts(1, kNextHour).size(), 1u);
}

TEST_F(SourcesOfTallies, WaitForALedgerThatTakesNothing) {
  TallyKeeper keeper(counts, *ledger);
  Ask(1, 100);
  keeper.Fold(kNow);
  ledger->Refuse(Errc::kDiskFull);
  for (int i = 0; i < 3; ++i) keeper.Fold(kNextHour);
  EXPECT_TRUE(Parts(1, kNow).empty());
  ledger->Allow();
  keeper.Fold(kNextHour);
  keeper.Fold(kNextHour);
  EXPECT_EQ(Parts(1, kNow), (Each{{1, 1, 1}}));
}

}  // namespace
}  // namespace idnode
