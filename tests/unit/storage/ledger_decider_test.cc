#include "storage/decider.h"

#include <gtest/gtest.h>

#include "storage/keyspace.h"
#include "tests/unit/storage/ledger_fixture.h"

namespace idnode {
namespace {

using Kind = Outcome::Kind;

// Answers as the engine does, but counts, and fails where it is told.
class CountingRows : public Rows {
 public:
  Result<bool> Get(Table table, std::string_view key, Reach reach,
                   std::string& value) const override {
    ++gets;
    if (key == damaged) return Error{Errc::kCorrupt, "damaged"};
    return engine->Get(table, key, reach, value);
  }
  std::unique_ptr<Cursor> Scan(Table table, std::string_view from,
                               std::string_view until) const override {
    return engine->Scan(table, from, until);
  }

  std::unique_ptr<MemoryEngine> engine = OpenMemoryEngine();
  std::string damaged;
  mutable size_t gets = 0;
};

class DeciderTest : public ::testing::Test {
 protected:
  void Have(Table table, std::string_view key, uint64_t version) {
    Batch rows;
    rows.Put(table, key, keyspace::Log(Position{version}), "body");
    ASSERT_TRUE(rows_.engine->Write(rows, Engine::Durability::kSynced).ok());
  }

  Outcome Decide(const std::shared_ptr<const Change>& change) {
    kept_.push_back(change);
    decider_.Decide(*change, Position{next_}, 0, decision_);
    if (decision_.writes()) ++next_;
    return decision_.outcome;
  }

  // One item that expects this of a row.
  Outcome DecideThat(Table table, std::string_view key, Expect expect, uint64_t version = 0) {
    auto change =
        std::make_shared<Change>(kMorning, "tester", OperationId{}, Change::Mode::kTogether);
    change->Begin(EventKind::kIdentifierReplaced, kSomeEnterprise, key);
    change->ExpectThat(table, key, expect, version);
    change->Seal();
    return Decide(change);
  }

  Outcome DecideNoneBetween(std::string_view from, std::string_view until) {
    auto change =
        std::make_shared<Change>(kMorning, "tester", OperationId{}, Change::Mode::kTogether);
    change->Begin(EventKind::kRangeAllocated, kSomeEnterprise, "range");
    change->ExpectNoneBetween(Table::kRecords, from, until);
    change->Seal();
    return Decide(change);
  }

  static std::shared_ptr<const Change> CreatingEach(const std::vector<std::string>& keys) {
    return Creating(keys, {.mode = Change::Mode::kEach});
  }

  CountingRows rows_;
  Decider decider_{rows_};
  Decider::Decision decision_;
  uint64_t next_ = 100;
  std::vector<std::shared_ptr<const Change>> kept_;
};

TEST_F(DeciderTest, HoldsEachConditionAgainstThePresentRow) {
  Have(Table::kRecords, "there", 42);
  struct Case {
    const char* key;
    Expect expect;
    uint64_t version;
    Kind kind;
    Errc why;
  };
  const Case cases[] = {
      {"there", Expect::kAbsent, 0, Kind::kRefused, Errc::kExists},
      {"there", Expect::kPresent, 0, Kind::kDone, Errc::kInternal},
      {"there", Expect::kVersion, 42, Kind::kDone, Errc::kInternal},
      {"there", Expect::kVersion, 41, Kind::kRefused, Errc::kConflict},
      {"not there", Expect::kAbsent, 0, Kind::kDone, Errc::kInternal},
      {"not there", Expect::kPresent, 0, Kind::kRefused, Errc::kNotFound},
      {"not there", Expect::kVersion, 42, Kind::kRefused, Errc::kNotFound},
      {"not there", Expect::kVersion, 0, Kind::kRefused, Errc::kNotFound},
  };
  for (const Case& each : cases) {
    const Outcome outcome = DecideThat(Table::kRecords, each.key, each.expect, each.version);
    EXPECT_EQ(outcome.kind, each.kind) << each.key << static_cast<int>(each.expect);
    EXPECT_EQ(outcome.why, each.why) << each.key << static_cast<int>(each.expect);
  }
}

TEST_F(DeciderTest, NeverTakesADamagedRowForAnAbsentOne) {
  rows_.damaged = "a";
  EXPECT_EQ(Decide(Creating({"a"})).why, Errc::kCorrupt);
  Batch rows;
  rows.Put(Table::kRecords, "short", "1234567");
  ASSERT_TRUE(rows_.engine->Write(rows, Engine::Durability::kSynced).ok());
  EXPECT_EQ(Decide(Creating({"short"})).why, Errc::kCorrupt);
}

TEST_F(DeciderTest, RefusesTheWholeChangeWhenItemsBelongTogether) {
  Have(Table::kRecords, "b", 1);
  const Outcome outcome = Decide(Creating({"a", "b", "c"}));
  EXPECT_EQ(outcome.kind, Kind::kRefused);
  EXPECT_EQ(outcome.why, Errc::kExists);
  EXPECT_EQ(outcome.items, (std::vector<uint8_t>{0, ItemOctet(Errc::kExists), 0}));
  EXPECT_FALSE(outcome.done(0));
  EXPECT_EQ(outcome.error(1), Errc::kExists);
  EXPECT_EQ(decision_.done, (std::vector<uint8_t>{0, 0, 0}));
}

TEST_F(DeciderTest, ForgetsWhatARefusedChangeWouldHaveWritten) {
  Have(Table::kRecords, "b", 1);
  ASSERT_EQ(Decide(Creating({"a", "b"})).kind, Kind::kRefused);
  EXPECT_EQ(Decide(Creating({"a"})).kind, Kind::kDone);
}

TEST_F(DeciderTest, RestoresWhatTheGroupHadWrittenBeforeARefusedChange) {
  ASSERT_EQ(Decide(Creating({"a"})).position, Position{100});
  auto change = std::make_shared<Change>(kMorning, "t", OperationId{}, Change::Mode::kTogether);
  change->Begin(EventKind::kIdentifierReplaced, 1, "a");
  change->Put(Table::kRecords, "a", "newer");
  AddCreateOf(*change, "a");
  change->Seal();
  ASSERT_EQ(Decide(change).kind, Kind::kRefused);
  EXPECT_EQ(DecideThat(Table::kRecords, "a", Expect::kVersion, 100).kind, Kind::kDone);
}

TEST_F(DeciderTest, LetsItemsFailAlone) {
  Have(Table::kRecords, "b", 1);
  const Outcome outcome = Decide(CreatingEach({"a", "b", "c"}));
  EXPECT_EQ(outcome.kind, Kind::kDone);
  EXPECT_TRUE(outcome.done(0));
  EXPECT_FALSE(outcome.done(1));
  EXPECT_TRUE(outcome.done(2));
  EXPECT_EQ(outcome.error(1), Errc::kExists);
  EXPECT_EQ(decision_.done, (std::vector<uint8_t>{1, 0, 1}));
}

TEST_F(DeciderTest, RefusesAChangeOfWhichEveryItemFailed) {
  Have(Table::kRecords, "a", 1);
  Have(Table::kRecords, "b", 1);
  const Outcome outcome = Decide(CreatingEach({"a", "b"}));
  EXPECT_EQ(outcome.kind, Kind::kRefused);
  EXPECT_EQ(outcome.items.size(), 2u);
}

TEST_F(DeciderTest, SeesWithinAChangeWhatEarlierItemsWrote) {
  EXPECT_EQ(Decide(Creating({"a", "a"})).kind, Kind::kRefused);
  const Outcome outcome = Decide(CreatingEach({"b", "b"}));
  EXPECT_EQ(outcome.kind, Kind::kDone);
  EXPECT_EQ(outcome.error(1), Errc::kExists);
}

TEST_F(DeciderTest, SeesWhatTheGroupDecidedBefore) {
  EXPECT_EQ(Decide(Creating({"a"})).kind, Kind::kDone);
  EXPECT_EQ(Decide(Creating({"a"})).why, Errc::kExists);
  EXPECT_EQ(Decide(Replacing("a", 100, "new")).kind, Kind::kDone);
  EXPECT_EQ(Decide(Replacing("a", 100, "newer")).why, Errc::kConflict);
  EXPECT_EQ(Decide(Removing("a", 101)).kind, Kind::kDone);
  EXPECT_EQ(Decide(Removing("a", 101)).why, Errc::kNotFound);
  EXPECT_EQ(Decide(Creating({"a"})).kind, Kind::kDone);
}

TEST_F(DeciderTest, RefusesEveryModeWhenASharedConditionFails) {
  for (const auto mode : {Change::Mode::kTogether, Change::Mode::kEach}) {
    auto change = std::make_shared<Change>(kMorning, "tester", OperationId{}, mode);
    change->ExpectForAll(Table::kDirectory, "prefix", Expect::kVersion, 5);
    AddCreateOf(*change, "a");
    change->Seal();
    const Outcome outcome = Decide(change);
    EXPECT_EQ(outcome.kind, Kind::kRefused);
    EXPECT_EQ(outcome.why, Errc::kNotFound);
    EXPECT_TRUE(outcome.items.empty());
    EXPECT_EQ(outcome.error(0), Errc::kNotFound);
  }
}

TEST_F(DeciderTest, ReadsADirectoryRowOnce) {
  Have(Table::kDirectory, "prefix", 5);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(DecideThat(Table::kDirectory, "prefix", Expect::kVersion, 5).kind, Kind::kDone);
    decider_.OnDurable();
  }
  EXPECT_EQ(rows_.gets, 1u);
}

TEST_F(DeciderTest, HoldsThatNoRowLiesBetween) {
  Have(Table::kRecords, "b1", 5);
  const auto decide = [&](std::string_view from, std::string_view until) {
    return DecideNoneBetween(from, until).why;
  };
  EXPECT_EQ(decide("b", "c"), Errc::kExists);
  EXPECT_EQ(decide("b1", "b2"), Errc::kExists);
  EXPECT_TRUE(DecideNoneBetween("a", "b1").done());
  EXPECT_TRUE(DecideNoneBetween("b2", "c").done());
  EXPECT_TRUE(DecideNoneBetween(std::string("b1\0", 3), "c").done());
}

TEST_F(DeciderTest, SeesBetweenWhatTheGroupHasPutAndRemoved) {
  Have(Table::kRecords, "b1", 5);
  Have(Table::kRecords, "b2", 6);
  ASSERT_TRUE(Decide(Removing("b1", 5)).done());
  EXPECT_EQ(DecideNoneBetween("b", "c").why, Errc::kExists);
  ASSERT_TRUE(Decide(Removing("b2", 6)).done());
  EXPECT_TRUE(DecideNoneBetween("b", "c").done());
  ASSERT_TRUE(Decide(Creating({"b3"})).done());
  EXPECT_EQ(DecideNoneBetween("b", "c").why, Errc::kExists);
  EXPECT_TRUE(DecideNoneBetween("b4", "c").done());
  EXPECT_TRUE(DecideNoneBetween("b", "b3").done());
}

TEST_F(DeciderTest, ReadsTheRangesOfAProductOnce) {
  const std::string product = "G\2\x69\x01\x23\x45\x67\x89\1";
  Have(Table::kRanges, product, 5);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(DecideThat(Table::kRanges, product, Expect::kVersion, 5).done());
    EXPECT_EQ(DecideThat(Table::kRanges, product + "x", Expect::kPresent).why, Errc::kNotFound);
    decider_.OnDurable();
  }
  EXPECT_EQ(rows_.gets, 4u);  // The other row is no product's, and is read each time.
}

TEST_F(DeciderTest, KnowsTheDirectoryRowsThatAGroupChanged) {
  Have(Table::kDirectory, "prefix", 5);
  ASSERT_EQ(DecideThat(Table::kDirectory, "prefix", Expect::kVersion, 5).kind, Kind::kDone);
  decider_.OnDurable();

  auto suspend = std::make_shared<Change>(kMorning, "t", OperationId{}, Change::Mode::kTogether);
  suspend->Begin(EventKind::kPrefixPut, 1, "prefix");
  suspend->Put(Table::kDirectory, "prefix", "suspended");
  suspend->Seal();
  const Position suspended = Decide(suspend).position;
  EXPECT_EQ(DecideThat(Table::kDirectory, "prefix", Expect::kVersion, 5).why, Errc::kConflict);
  decider_.OnDurable();
  EXPECT_EQ(DecideThat(Table::kDirectory, "prefix", Expect::kVersion, 5).why, Errc::kConflict);
  EXPECT_EQ(DecideThat(Table::kDirectory, "prefix", Expect::kVersion, suspended.value).kind,
            Kind::kDone);
}

}  // namespace
}  // namespace idnode
