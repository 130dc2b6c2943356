#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "storage/keyspace.h"
#include "tests/unit/storage/ledger_fixture.h"

namespace idnode {
namespace {

using Kind = Outcome::Kind;

// Writes down what it is told, in order.
class Witness : public Ledger::Observer {
 public:
  void OnApplied(const Change& change, std::span<const uint8_t> done, Position position) override {
    told.push_back("applied " + std::to_string(position.value) + " of " +
                   std::to_string(change.items().size()) + ":" + std::to_string(done[0]));
  }
  void OnCommitted(Position head) override {
    told.push_back("committed " + std::to_string(head.value));
  }
  std::vector<std::string> told;
};

class QueueTest : public LedgerTest {
 protected:
  // Submits and counts the answers; the kind is that of the last one.
  void Submit(const std::shared_ptr<const Change>& change) {
    ledger_->Submit(change, [this](const Outcome& outcome) {
      last_ = outcome;
      ++answers_;
    });
  }
  Outcome last_;
  std::atomic<int> answers_ = 0;
};

TEST_F(QueueTest, IsBusyAtOnceWhenItsItemsAreFull) {
  Open({.queue_items_max = 3});
  Submit(Creating({"a", "b"}));
  EXPECT_EQ(answers_, 0);
  Submit(Creating({"c", "d"}));
  EXPECT_EQ(answers_, 1);
  EXPECT_EQ(last_.kind, Kind::kBusy);
  Submit(Creating({"e"}));
  EXPECT_EQ(answers_, 1);
  EXPECT_EQ(ledger_->figures().queued_items, 3u);
  EXPECT_EQ(ledger_->figures().busy, 1u);
  ledger_->Stop();
  EXPECT_EQ(answers_, 3);
  EXPECT_EQ(ledger_->figures().queued_items, 0u);
}

TEST_F(QueueTest, IsBusyAtOnceWhenItsOctetsAreFull) {
  const size_t octets = Creating({"a"})->octets();
  Open({.queue_octets_max = 2 * octets});
  Submit(Creating({"a"}));
  Submit(Creating({"b"}));
  EXPECT_EQ(answers_, 0);
  Submit(Creating({"c"}));
  EXPECT_EQ(last_.kind, Kind::kBusy);
}

TEST_F(QueueTest, HasRoomAgainWhenItHasAnswered) {
  OpenAndStart({.queue_items_max = 1});
  EXPECT_TRUE(ledger_->Commit(Creating({"a"})).done());
  EXPECT_TRUE(ledger_->Commit(Creating({"b"})).done());
}

TEST_F(QueueTest, RefusesWhatCouldNeverBeTaken) {
  OpenAndStart({.queue_items_max = 2});
  const Outcome many = ledger_->Commit(Creating({"a", "b", "c"}));
  EXPECT_EQ(many.kind, Kind::kRefused);
  EXPECT_EQ(many.why, Errc::kTooLarge);
  EXPECT_EQ(ledger_->Commit(Creating({})).why, Errc::kMissingField);
  Change large(kMorning, "tester", {}, Change::Mode::kTogether);
  large.Begin(EventKind::kTally, kNoEnterprise, "", std::string(limits::kLogRecordOctetsMax, 'x'));
  large.Seal();
  EXPECT_EQ(ledger_->Commit(std::make_shared<Change>(large)).why, Errc::kTooLarge);
}

TEST_F(QueueTest, CutsGroupsAtTheirLimits) {
  const auto groups_with = [&](const LedgerOptions& options) {
    engine_ = OpenMemoryEngine();
    log_ = OpenLocalCommitLog(*engine_);
    Open(options);
    for (int i = 0; i < 6; ++i) Submit(Creating({"a" + std::to_string(i)}));
    ledger_->Stop();
    EXPECT_EQ(ledger_->head(), Position{6});
    const uint64_t groups = ledger_->figures().groups;
    ledger_.reset();
    return groups;
  };
  EXPECT_EQ(groups_with({}), 1u);
  EXPECT_EQ(groups_with({.group_items_max = 4}), 2u);
  EXPECT_EQ(groups_with({.group_items_max = 0}), 6u);
  EXPECT_EQ(groups_with({.group_octets_max = 3 * Creating({"a0"})->octets()}), 2u);
}

TEST_F(QueueTest, TellsObserversBeforeAndAfterTheAnswers) {
  Open();
  Witness witness;
  ledger_->AddObserver(&witness);
  const auto note = [&](const Outcome& outcome) {
    witness.told.push_back("answered " + std::to_string(outcome.position.value));
  };
  ledger_->Submit(Creating({"a", "b"}), note);
  ledger_->Submit(Creating({"a"}), note);
  ledger_->Submit(Creating({"c"}), note);
  ledger_->Stop();
  EXPECT_EQ(witness.told,
            (std::vector<std::string>{"applied 1 of 2:1", "applied 2 of 1:1", "answered 1",
                                      "answered 0", "answered 2", "committed 2"}));
  ledger_.reset();
}

TEST_F(QueueTest, MaySubmitFromACompletion) {
  OpenAndStart();
  std::promise<Outcome> second;
  ledger_->Submit(Creating({"a"}), [&](const Outcome&) {
    ledger_->Submit(Creating({"b"}), [&](const Outcome& outcome) { second.set_value(outcome); });
  });
  EXPECT_EQ(second.get_future().get().position, Position{2});
}

TEST_F(QueueTest, RefusesWhileItIsToldToAndTakesAgain) {
  OpenAndStart();
  ledger_->Refuse(Errc::kDiskFull);
  const Outcome refused = ledger_->Commit(Creating({"a"}));
  EXPECT_EQ(refused.kind, Kind::kReadOnly);
  EXPECT_EQ(refused.error(0), Errc::kDiskFull);
  ledger_->Allow();
  EXPECT_TRUE(ledger_->Commit(Creating({"a"})).done());
}

TEST_F(QueueTest, DrainsAndThenRefusesWhenItStops) {
  Open();
  for (int i = 0; i < 10; ++i) Submit(Creating({"a" + std::to_string(i)}));
  ledger_->Start();
  ledger_->Stop();
  EXPECT_EQ(answers_, 10);
  EXPECT_TRUE(last_.done());
  const Outcome late = ledger_->Commit(Creating({"late"}));
  EXPECT_EQ(late.kind, Kind::kReadOnly);
  EXPECT_EQ(late.why, Errc::kShuttingDown);
  ledger_->Stop();
}

TEST_F(QueueTest, KeepsLocalRowsOutOfTheLog) {
  OpenAndStart();
  ASSERT_TRUE(ledger_->Commit(Creating({"a"})).done());
  ledger_->PutLocal("mark", "1");
  ledger_->PutLocal("mark", "2");
  ledger_->Stop();
  std::string row;
  ASSERT_TRUE(*engine_->Get(Table::kLocal, "mark", Reach::kDisk, row));
  EXPECT_EQ(row, "2");
  EXPECT_EQ(ledger_->head(), Position{1});
}

TEST_F(QueueTest, AnswersEveryoneOnceFromManyThreads) {
  constexpr int kThreads = 8, kEach = 250;
  OpenAndStart({.queue_items_max = 64, .group_items_max = 16});
  std::atomic<int> done = 0, exists = 0, busy = 0, other = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        // Half of the keys are asked for by all threads.
        const std::string key = i % 2 == 0 ? "shared " + std::to_string(i)
                                           : std::to_string(t) + "/" + std::to_string(i);
        ledger_->Submit(Creating({key}), [&](const Outcome& outcome) {
          if (outcome.done()) {
            ++done;
          } else if (outcome.kind == Kind::kBusy) {
            ++busy;
          } else if (outcome.why == Errc::kExists) {
            ++exists;
          } else {
            ++other;
          }
        });
        (void)ledger_->head();
        (void)ledger_->tree_head();
        (void)ledger_->figures();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  ledger_->Stop();
  EXPECT_EQ(done + exists + busy, kThreads * kEach);
  EXPECT_EQ(other, 0);
  EXPECT_EQ(ledger_->head().value, static_cast<uint64_t>(done));
  EXPECT_EQ(CountRows(*engine_, Table::kRecords), static_cast<size_t>(done));
  EXPECT_EQ(*engine_->Sum(Table::kCounters, keyspace::Total(CreatedBy(kAllEnterprises))), done);
}

}  // namespace
}  // namespace idnode
