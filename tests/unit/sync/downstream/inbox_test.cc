#include "sync/downstream/inbox.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "proto/base/limits.h"
#include "storage/commit_log.h"
#include "storage/counters.h"
#include "storage/directory.h"
#include "storage/engine/memory_engine.h"
#include "storage/keyspace.h"
#include "storage/log_record.h"
#include "storage/registry.h"
#include "tests/unit/sync/downstream/memory_node.h"

namespace idnode {
namespace {

constexpr Time kNow{1'795'000'000'000};

std::shared_ptr<Change> Registration(int number) {
  auto change = std::make_shared<Change>(kNow, "tester", OperationId{}, Change::Mode::kTogether);
  std::string record;
  EncodeRecord({.enterprise = 7, .created = kNow.seconds(), .modified = kNow.seconds()}, record);
  AddCreate(*change, "H88.118/SN-" + std::to_string(number), 7, record);
  change->Seal();
  return change;
}

// Counts the rows that are looked at.
class CountingRows : public Rows {
 public:
  explicit CountingRows(const Rows& rows) : rows_(rows) {}

  Result<bool> Get(Table table, std::string_view key, Reach reach,
                   std::string& value) const override {
    ++looked_at_;
    return rows_.Get(table, key, reach, value);
  }
  std::unique_ptr<Cursor> Scan(Table table, std::string_view from,
                               std::string_view until) const override {
    return std::make_unique<CountingCursor>(rows_.Scan(table, from, until), looked_at_);
  }
  // Since the last look.
  uint64_t looked_at() { return std::exchange(looked_at_, 0); }

 private:
  class CountingCursor : public Cursor {
   public:
    CountingCursor(std::unique_ptr<Cursor> cursor, uint64_t& looked_at)
        : cursor_(std::move(cursor)), looked_at_(looked_at) {}
    bool Valid() const override { return cursor_->Valid(); }
    void Next() override {
      ++looked_at_;
      cursor_->Next();
    }
    std::string_view key() const override { return cursor_->key(); }
    std::string_view value() const override { return cursor_->value(); }
    Status status() const override { return cursor_->status(); }

   private:
    std::unique_ptr<Cursor> cursor_;
    uint64_t& looked_at_;
  };

  const Rows& rows_;
  mutable uint64_t looked_at_ = 0;
};

class InboxTest : public testing::Test {
 protected:
  InboxTest() {
    for (int i = 1; i <= 6; ++i) EXPECT_TRUE(below_.Commit(Registration(i)).done());
    records_ = below_.Log();
    Child child{.number = 3,
                .node_id = "0123456789abcdef0123456789abcdef",
                .name = "factory",
                .prefix = "88.118.5",
                .token_id = "00112233aabbccdd",
                .docked = kNow};
    auto change = std::make_shared<Change>(kNow, "tester", OperationId{}, Change::Mode::kTogether);
    AddDockChild(*change, child);
    change->Seal();
    EXPECT_TRUE(above_.Commit(change).done());
    inbox_.emplace(above_.engine(), *FindChild(above_.engine(), child.node_id));
  }

  // Records from `first` to `last`.
  std::vector<std::string_view> Records(size_t first, size_t last) const {
    return {records_.begin() + static_cast<ptrdiff_t>(first) - 1,
            records_.begin() + static_cast<ptrdiff_t>(last)};
  }
  Result<std::shared_ptr<const Change>> Take(size_t first, size_t last) {
    return inbox_->Take(Position{first}, Records(first, last), kNow);
  }
  void Store(size_t first, size_t last) {
    auto change = Take(first, last);
    ASSERT_TRUE(change.ok());
    ASSERT_NE(*change, nullptr);
    ASSERT_TRUE(inbox_->OnOutcome(above_.Commit(*change)).ok());
  }
  // Not taken for this reason, and the inbox is as before.
  void ExpectRefused(const Result<std::shared_ptr<const Change>>& taken, Errc why) {
    ASSERT_FALSE(taken.ok());
    EXPECT_EQ(taken.error().code, why) << taken.error().detail;
    EXPECT_FALSE(inbox_->under_way());
  }
  int64_t Created() {
    return *above_.engine().Sum(Table::kCounters,
                                keyspace::Total({.origin = 3, .metric = Metric::kCreated}));
  }

  MemoryNode below_;
  MemoryNode above_;
  std::vector<std::string> records_;
  std::optional<Inbox> inbox_;
};

TEST_F(InboxTest, StoresWordForWordAndCounts) {
  Store(1, 4);
  Store(5, 6);
  EXPECT_EQ(inbox_->child().head, Position{6});
  EXPECT_EQ(Created(), 6);
  for (size_t i = 1; i <= 6; ++i) {
    std::string row;
    ASSERT_TRUE(*above_.engine().Get(Table::kChildren, keyspace::ChildLog(3, Position{i}),
                                     Reach::kDisk, row));
    EXPECT_EQ(SplitVersion(row)->body, records_[i - 1]);
  }
}

TEST_F(InboxTest, IsWhatTheStoreGivesBack) {
  Store(1, 4);
  const auto stored = FindChild(above_.engine(), inbox_->child().node_id);
  ASSERT_TRUE(stored.ok());
  EXPECT_EQ(stored->head, inbox_->child().head);
  EXPECT_EQ(stored->tip, inbox_->child().tip);
  EXPECT_EQ(stored->tree, inbox_->child().tree);
  EXPECT_EQ(stored->version, inbox_->child().version);
}

TEST_F(InboxTest, SkipsABatchThatItHolds) {
  Store(1, 4);
  const auto again = Take(2, 4);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(*again, nullptr);
  EXPECT_FALSE(inbox_->under_way());
}

TEST_F(InboxTest, StoresOnlyWhatIsNewInABatchThatOverlaps) {
  Store(1, 4);
  Store(3, 6);
  EXPECT_EQ(inbox_->child().head, Position{6});
  EXPECT_EQ(Created(), 6);
}

TEST_F(InboxTest, RefusesAGap) {
  ExpectRefused(Take(2, 3), Errc::kGap);
  Store(1, 2);
  ExpectRefused(Take(4, 6), Errc::kGap);
  Store(3, 3);
}

TEST_F(InboxTest, RefusesABatchWithAHole) {
  std::vector<std::string_view> holed = Records(1, 3);
  holed.erase(holed.begin() + 1);
  ExpectRefused(inbox_->Take(Position{1}, holed, kNow), Errc::kGap);
}

TEST_F(InboxTest, RefusesAFlippedBitAnywhere) {
  for (size_t octet = 0; octet < records_[0].size(); ++octet) {
    std::string flipped = records_[0];
    flipped[octet] = static_cast<char>(flipped[octet] ^ 1);
    const auto taken = inbox_->Take(Position{1}, {flipped}, kNow);
    ASSERT_FALSE(taken.ok()) << octet;
    ASSERT_FALSE(inbox_->under_way());
  }
}

TEST_F(InboxTest, RefusesAnotherHistory) {
  MemoryNode other;
  for (int i = 11; i <= 16; ++i) ASSERT_TRUE(other.Commit(Registration(i)).done());
  const std::vector<std::string> forged = other.Log();
  Store(1, 4);
  ExpectRefused(inbox_->Take(Position{5}, {forged[4]}, kNow), Errc::kForged);
  ExpectRefused(inbox_->Take(Position{3}, {forged[2], forged[3], forged[4]}, kNow), Errc::kForged);
  EXPECT_EQ(Created(), 4);
}

TEST_F(InboxTest, RefusesWhatIsOverALimit) {
  ExpectRefused(inbox_->Take(Position{1}, {}, kNow), Errc::kMalformed);
  ExpectRefused(inbox_->Take(Position{0}, Records(1, 1), kNow), Errc::kMalformed);
  ExpectRefused(inbox_->Take(Position{UINT64_MAX}, Records(1, 2), kNow), Errc::kMalformed);
  const std::vector<std::string_view> many(limits::kSyncEventsPerBatchMax + 1, records_[0]);
  ExpectRefused(inbox_->Take(Position{1}, many, kNow), Errc::kTooLarge);
  const std::string large(limits::kSyncBatchOctetsMax + 1, 'x');
  ExpectRefused(inbox_->Take(Position{1}, {large}, kNow), Errc::kTooLarge);
  ExpectRefused(inbox_->Take(Position{1}, {""}, kNow), Errc::kMalformed);
}

TEST_F(InboxTest, TakesAgainWhatTheLedgerWasTooBusyFor) {
  const auto change = Take(1, 3);
  ASSERT_TRUE(change.ok());
  EXPECT_TRUE(inbox_->under_way());
  const Status busy = inbox_->OnOutcome({.kind = Outcome::Kind::kBusy});
  ASSERT_FALSE(busy.ok());
  EXPECT_EQ(busy.error().code, Errc::kBusy);
  EXPECT_EQ(inbox_->child().head, Position{0});
  Store(1, 3);
}

TEST_F(InboxTest, SaysWhatTheLedgerSaid) {
  const struct {
    Outcome::Kind kind;
    Errc why;
  } kRows[] = {{Outcome::Kind::kRefused, Errc::kConflict},
               {Outcome::Kind::kNotLeader, Errc::kNotLeader},
               {Outcome::Kind::kReadOnly, Errc::kReadOnly},
               {Outcome::Kind::kUnknown, Errc::kUnknownOutcome}};
  for (const auto& row : kRows) {
    ASSERT_TRUE(Take(1, 3).ok());
    const Status said = inbox_->OnOutcome({.kind = row.kind});
    ASSERT_FALSE(said.ok());
    EXPECT_EQ(said.error().code, row.why);
    EXPECT_EQ(inbox_->child().head, Position{0});
  }
}

TEST_F(InboxTest, HearsThatASecondStreamStored) {
  Inbox second(above_.engine(), inbox_->child());
  const auto ours = Take(1, 3);
  ASSERT_TRUE(ours.ok());
  const auto theirs = second.Take(Position{1}, Records(1, 2), kNow);
  ASSERT_TRUE(theirs.ok());
  ASSERT_TRUE(second.OnOutcome(above_.Commit(*theirs)).ok());

  const Status outcome = inbox_->OnOutcome(above_.Commit(*ours));
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, Errc::kConflict);
  EXPECT_EQ(Created(), 2) << "nothing is counted twice";
}

TEST_F(InboxTest, HoldsACheckpointAgainstWhatItHolds) {
  Store(1, 6);
  const TreeHead ours = below_.ledger().tree_head();
  EXPECT_TRUE(inbox_->CheckTree(ours).ok());
  EXPECT_TRUE(inbox_->CheckTree({.size = 7}).ok()) << "not judged yet";
  EXPECT_EQ(inbox_->CheckTree({.size = 5, .root = ours.root}).error().code, Errc::kGap);
  TreeHead other = ours;
  other.root[31] = static_cast<char>(other.root[31] ^ 1);
  EXPECT_EQ(inbox_->CheckTree(other).error().code, Errc::kForged);
}

// An enterprise, with a prefix that it holds.
class EvaluationTest : public InboxTest {
 protected:
  EvaluationTest() : rows_(above_.engine()) { inbox_.emplace(rows_, *ReadChild(rows_, 3)); }

  void Put(uint32_t number, EnterpriseState state, uint32_t holder, PrefixState prefix) {
    auto change = std::make_shared<Change>(kNow, "tester", OperationId{}, Change::Mode::kTogether);
    const std::string text = std::to_string(number);
    const auto version = versions_.find(number);
    const auto expected =
        version == versions_.end() ? std::nullopt : std::optional(version->second);
    AddPutEnterprise(*change, {.number = number, .code = "E" + text, .name = text, .state = state},
                     expected);
    AddPutPrefix(
        *change,
        {.prefix = {Scheme::kHandle, "88.118.5." + text}, .enterprise = holder, .state = prefix},
        expected);
    change->Seal();
    const Outcome outcome = below_.Commit(change);
    ASSERT_TRUE(outcome.done());
    versions_[number] = outcome.position;
  }
  // Everything the child has, as one batch.
  void StoreAll() {
    records_ = below_.Log();
    Store(inbox_->child().head.value + 1, records_.size());
  }
  // The evaluation is what all rows come to.
  int64_t Connected() {
    const auto evaluation = inbox_->Evaluate();
    EXPECT_TRUE(evaluation.ok());
    const int64_t counted = *ConnectedEnterprises(above_.engine(), 3);
    EXPECT_EQ(evaluation->connected_enterprises, counted);
    return counted;
  }

  CountingRows rows_;
  std::map<uint32_t, Position> versions_;
};

TEST_F(EvaluationTest, FollowsEveryChangeOfEnterprisesAndPrefixes) {
  constexpr auto kActive = EnterpriseState::kActive;
  constexpr auto kHeld = PrefixState::kActive;
  EXPECT_EQ(Connected(), 0);
  for (uint32_t number = 1; number <= 5; ++number) Put(number, kActive, number, kHeld);
  StoreAll();
  EXPECT_EQ(Connected(), 5);
  Put(1, EnterpriseState::kSuspended, 1, kHeld);
  Put(2, kActive, 2, PrefixState::kSuspended);
  Put(3, kActive, 4, kHeld);  // Its prefix goes to another that has one.
  StoreAll();
  EXPECT_EQ(Connected(), 2);
  Put(4, kActive, 3, kHeld);  // And back, and both of the other's are one's own.
  Put(3, kActive, 3, kHeld);
  Put(1, kActive, 1, kHeld);
  Put(1, EnterpriseState::kRemoved, 1, kHeld);  // Twice in one batch.
  Put(2, kActive, 2, kHeld);
  StoreAll();
  EXPECT_EQ(Connected(), 3);
  EXPECT_EQ(inbox_->Evaluate()->registered, 6);
}

TEST_F(EvaluationTest, CostsTheSameForTenEnterprisesAndForAThousand) {
  const auto cost = [&] {
    (void)rows_.looked_at();
    EXPECT_TRUE(inbox_->Evaluate().ok());
    return rows_.looked_at();
  };
  for (uint32_t number = 1; number <= 10; ++number) {
    Put(number, EnterpriseState::kActive, number, PrefixState::kActive);
    ASSERT_TRUE(below_.Commit(Registration(100 + static_cast<int>(number))).done());
  }
  StoreAll();
  EXPECT_GE(cost(), 20u) << "the first reads all";
  const uint64_t of_ten = cost();
  for (uint32_t number = 11; number <= 1'000; ++number) {
    Put(number, EnterpriseState::kActive, number, PrefixState::kActive);
    if (number % 100 == 0) StoreAll();
  }
  EXPECT_EQ(cost(), of_ten);
  EXPECT_EQ(Connected(), 1'000);
}

TEST_F(EvaluationTest, IsNotMovedByABatchThatIsNotStored) {
  Put(1, EnterpriseState::kActive, 1, PrefixState::kActive);
  StoreAll();
  EXPECT_EQ(Connected(), 1);
  Put(2, EnterpriseState::kActive, 2, PrefixState::kActive);
  records_ = below_.Log();
  const auto change = Take(records_.size(), records_.size());
  ASSERT_TRUE(change.ok());
  EXPECT_FALSE(inbox_->OnOutcome({.kind = Outcome::Kind::kBusy}).ok());
  EXPECT_EQ(Connected(), 1);
  StoreAll();
  EXPECT_EQ(Connected(), 2);
}

}  // namespace
}  // namespace idnode
