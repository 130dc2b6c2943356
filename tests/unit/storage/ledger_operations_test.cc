#include <gtest/gtest.h>

#include "storage/operations.h"
#include "tests/unit/storage/ledger_fixture.h"

namespace idnode {
namespace {

using Kind = Outcome::Kind;

class OperationsTest : public LedgerTest {
 protected:
  static std::shared_ptr<const Change> Asking(const std::string& operation,
                                              const std::vector<std::string>& keys,
                                              uint64_t after_ms = 0) {
    return Creating(keys, {.time = {kMorning.ms + after_ms},
                           .operation = IdOf(operation),
                           .mode = Change::Mode::kEach});
  }
  static void ExpectRepeated(const Outcome& outcome, Position position) {
    EXPECT_EQ(outcome.kind, Kind::kDone);
    EXPECT_TRUE(outcome.repeated);
    EXPECT_EQ(outcome.position, position);
  }
};

TEST_F(OperationsTest, RepeatsTheOutcomeInTheSameGroup) {
  const auto outcomes =
      CommitInOneGroup({Asking("one", {"a"}), Asking("one", {"a"}), Asking("two", {"a"})});
  EXPECT_FALSE(outcomes[0].repeated);
  ExpectRepeated(outcomes[1], outcomes[0].position);
  EXPECT_EQ(outcomes[2].why, Errc::kExists);
  EXPECT_EQ(ledger_->head(), Position{1});
  EXPECT_EQ(ledger_->figures().groups, 1u);
}

TEST_F(OperationsTest, RepeatsTheOutcomeLaterWithEveryItems) {
  OpenAndStart();
  ASSERT_TRUE(ledger_->Commit(Creating({"b"})).done());
  const Outcome first = ledger_->Commit(Asking("one", {"a", "b"}));
  ASSERT_EQ(first.error(1), Errc::kExists);

  const Outcome again = ledger_->Commit(Asking("one", {"a", "b"}));

  ExpectRepeated(again, first.position);
  EXPECT_EQ(again.items, first.items);
  EXPECT_EQ(ledger_->head(), Position{2});
}

TEST_F(OperationsTest, RepeatsTheOutcomeOnTheNextDayAndAfterAReopen) {
  OpenAndStart();
  const Outcome first = ledger_->Commit(Asking("one", {"a"}));
  ExpectRepeated(ledger_->Commit(Asking("one", {"a"}, kDayMs)), first.position);
  OpenAndStart();
  ExpectRepeated(ledger_->Commit(Asking("one", {"a"}, kDayMs)), first.position);
}

TEST_F(OperationsTest, RepeatsTheOutcomeWhenTheClockWasSetBackOverMidnight) {
  OpenAndStart();
  const Outcome first = ledger_->Commit(Asking("one", {"a"}, kDayMs));
  ExpectRepeated(ledger_->Commit(Asking("one", {"a"})), first.position);
}

TEST_F(OperationsTest, ForgetsOnTheSecondDayAfter) {
  OpenAndStart();
  ASSERT_TRUE(ledger_->Commit(Asking("one", {"a"})).done());
  ASSERT_TRUE(ledger_->Commit(Asking("two", {"b"}, kDayMs)).done());
  ASSERT_EQ(CountRows(*engine_, Table::kOperations), 2u);

  ASSERT_TRUE(ledger_->Commit(Creating({"c"}, {.time = {kMorning.ms + 2 * kDayMs}})).done());

  EXPECT_EQ(CountRows(*engine_, Table::kOperations), 1u);
  EXPECT_EQ(ledger_->Commit(Asking("one", {"a"}, 2 * kDayMs)).why, Errc::kExists);
}

TEST_F(OperationsTest, TrimsTheSameWayHoweverChangesAreGrouped) {
  const std::vector<std::shared_ptr<const Change>> changes = {
      Asking("one", {"a"}), Asking("two", {"b"}, 2 * kDayMs), Asking("three", {"c"})};
  CommitInOneGroup(changes);
  const TableRows grouped = AllRows(*engine_);

  engine_ = OpenMemoryEngine();
  log_ = OpenLocalCommitLog(*engine_);
  OpenAndStart();
  for (const auto& change : changes) ASSERT_TRUE(ledger_->Commit(change).done());

  EXPECT_EQ(AllRows(*engine_), grouped);
}

TEST_F(OperationsTest, DecidesARefusedChangeAnew) {
  OpenAndStart();
  const Outcome created = ledger_->Commit(Creating({"a"}));
  EXPECT_EQ(ledger_->Commit(Asking("one", {"a"})).kind, Kind::kRefused);
  ASSERT_TRUE(ledger_->Commit(Removing("a", created.position.value)).done());
  const Outcome again = ledger_->Commit(Asking("one", {"a"}));
  EXPECT_TRUE(again.done());
  EXPECT_FALSE(again.repeated);
}

TEST_F(OperationsTest, RefusesTheSameIdForAnotherRequest) {
  OpenAndStart();
  ASSERT_TRUE(ledger_->Commit(Asking("one", {"a"})).done());
  const Outcome other = ledger_->Commit(Asking("one", {"b", "c"}));
  EXPECT_EQ(other.kind, Kind::kRefused);
  EXPECT_EQ(other.why, Errc::kConflict);
}

TEST_F(OperationsTest, KeepsNothingForChangesWithoutAnId) {
  OpenAndStart();
  ASSERT_TRUE(ledger_->Commit(Creating({"a"})).done());
  EXPECT_EQ(CountRows(*engine_, Table::kOperations), 0u);
}

TEST(StoredOutcome, IsRefusedWhereverItIsCutShort) {
  const std::string row = EncodeOutcome(Position{5}, 3, std::string("\0\2\0", 3));
  const auto stored = DecodeOutcome(row);
  ASSERT_TRUE(stored.ok());
  EXPECT_EQ(stored->position, Position{5});
  EXPECT_EQ(stored->outcomes, (std::vector<uint8_t>{0, 2, 0}));
  const size_t all_done = 8 + 4;
  for (size_t size = 0; size < row.size(); ++size) {
    EXPECT_EQ(DecodeOutcome(row.substr(0, size)).ok(), size == all_done) << size;
  }
}

}  // namespace
}  // namespace idnode
