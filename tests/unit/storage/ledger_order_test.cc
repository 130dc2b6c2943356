#include <gtest/gtest.h>

#include "proto/tlog/tree.h"
#include "storage/chain.h"
#include "storage/keyspace.h"
#include "storage/log_record.h"
#include "tests/unit/storage/ledger_fixture.h"

namespace idnode {
namespace {

using Kind = Outcome::Kind;

class OrderTest : public LedgerTest {
 protected:
  void Create(int first, int count) {
    for (int i = first; i < first + count; ++i) {
      ASSERT_TRUE(ledger_->Commit(Creating({"key " + std::to_string(i)})).done());
    }
  }
  std::vector<std::string> Records() { return *log_->Read(Position{1}, SIZE_MAX, SIZE_MAX); }
  std::string Row(Table table, const std::string& key) {
    std::string row;
    const auto found = engine_->Get(table, key, Reach::kDisk, row);
    EXPECT_TRUE(found.ok() && *found);
    return row;
  }
  void Overwrite(Table table, const std::string& key, const std::string& row) {
    Batch rows;
    rows.Put(table, key, row);
    ASSERT_TRUE(engine_->Write(rows, Engine::Durability::kSynced).ok());
  }
  Errc WhyItDoesNotOpen() {
    ledger_.reset();
    const auto ledger = Ledger::Open(*engine_, *log_, "", {});
    return ledger.ok() ? Errc::kInternal : ledger.error().code;
  }
};

TEST_F(OrderTest, GivesDensePositionsToWhatWasDoneOnly) {
  const auto outcomes = CommitInOneGroup(
      {Creating({"a"}), Creating({"a"}), Creating({"b", "a"}), Creating({"b"}), Creating({"c"})});
  EXPECT_EQ(outcomes[0].position, Position{1});
  EXPECT_EQ(outcomes[1].kind, Kind::kRefused);
  EXPECT_EQ(outcomes[2].kind, Kind::kRefused);
  EXPECT_EQ(outcomes[3].position, Position{2});
  EXPECT_EQ(outcomes[4].position, Position{3});
  EXPECT_EQ(ledger_->head(), Position{3});
  EXPECT_EQ(Records().size(), 3u);
}

TEST_F(OrderTest, WritesRecordCountersAndLogOfAChange) {
  OpenAndStart();
  ASSERT_TRUE(ledger_->Commit(Creating({"a", "b"})).done());
  EXPECT_EQ(Row(Table::kRecords, "a"), keyspace::Log(Position{1}) + "body");
  const Figure mine = CreatedBy(kSomeEnterprise), all = CreatedBy(kAllEnterprises);
  for (const Figure& figure : {mine, all}) {
    EXPECT_EQ(*engine_->Sum(Table::kCounters, keyspace::Total(figure)), 2);
    EXPECT_EQ(*engine_->Sum(Table::kCounters, keyspace::Hourly(figure, kMorning.hour())), 2);
  }
  EXPECT_EQ(CountRows(*engine_, Table::kCounters), 4u);
  const auto record = DecodeThin(Row(Table::kLog, keyspace::Log(Position{1})));
  ASSERT_TRUE(record.ok());
  EXPECT_EQ(record->items.size(), 2u);
}

TEST_F(OrderTest, LogsOnlyTheItemsThatWereDone) {
  OpenAndStart();
  Create(0, 1);
  const auto change = Creating({"x", "key 0", "y"}, {.mode = Change::Mode::kEach});
  ASSERT_TRUE(ledger_->Commit(change).done());
  const std::string thin = Records()[1];
  const auto record = DecodeThin(thin);
  ASSERT_EQ(record->items.size(), 2u);
  EXPECT_EQ(record->items[1].key, "y");
  EXPECT_EQ(record->root, TreeHash({change->items()[0].digest, change->items()[2].digest}));
}

TEST_F(OrderTest, ChainsEachRecordToTheOneBefore) {
  OpenAndStart();
  Create(0, 5);
  Digest predecessor{};
  uint64_t position = 0;
  for (const std::string& thin : Records()) {
    const auto record = DecodeThin(thin);
    ASSERT_TRUE(record.ok());
    EXPECT_EQ(record->predecessor, predecessor);
    EXPECT_EQ(record->position.value, ++position);
    predecessor = LeafHash(thin);
  }
  EXPECT_EQ(position, 5u);
}

TEST_F(OrderTest, KeepsTheTreeOverAllRecordsAcrossReopens) {
  OpenAndStart();
  for (const int count : {1, 254, 1, 1, 300}) {
    Create(static_cast<int>(ledger_->head().value), count);
    std::vector<Digest> leaves;
    for (const std::string& thin : Records()) leaves.push_back(LeafHash(thin));
    EXPECT_EQ(ledger_->tree_head(), (TreeHead{leaves.size(), TreeHash(leaves)}));
    for (uint64_t tile = 0; tile < leaves.size() / 256; ++tile) {
      const std::vector<Digest> expected(leaves.begin() + tile * 256,
                                         leaves.begin() + (tile + 1) * 256);
      EXPECT_EQ(*ReadTile(*engine_, 0, tile), expected);
    }
    EXPECT_EQ(CountRows(*engine_, Table::kTree), leaves.size() / 256);
    OpenAndStart();
    EXPECT_EQ(ledger_->tree_head(), (TreeHead{leaves.size(), TreeHash(leaves)}));
    EXPECT_EQ(ledger_->head(), Position{leaves.size()});
  }
}

TEST_F(OrderTest, DecidesByWhatItFoundAtOpen) {
  OpenAndStart();
  Create(0, 1);
  OpenAndStart();
  EXPECT_EQ(ledger_->Commit(Creating({"key 0"})).why, Errc::kExists);
  EXPECT_EQ(ledger_->Commit(Replacing("key 0", 1, "new")).position, Position{2});
}

TEST_F(OrderTest, DoesNotOpenWithADamagedTip) {
  OpenAndStart();
  Create(0, 3);
  Overwrite(Table::kLog, keyspace::Log(Position{3}), Row(Table::kLog, keyspace::Log(Position{2})));
  EXPECT_EQ(WhyItDoesNotOpen(), Errc::kCorrupt);
}

TEST_F(OrderTest, DoesNotOpenWithADamagedRecordAtTheTreesEdge) {
  OpenAndStart();
  Create(0, 3);
  Overwrite(Table::kLog, keyspace::Log(Position{1}), Row(Table::kLog, keyspace::Log(Position{2})));
  EXPECT_EQ(WhyItDoesNotOpen(), Errc::kCorrupt);
}

TEST_F(OrderTest, DoesNotOpenWithAMissingOrDamagedTile) {
  OpenAndStart();
  Create(0, 257);
  std::string tile = Row(Table::kTree, keyspace::Tile(0, 0));
  tile[77] = static_cast<char>(tile[77] ^ 1);
  Overwrite(Table::kTree, keyspace::Tile(0, 0), tile);
  EXPECT_EQ(WhyItDoesNotOpen(), Errc::kCorrupt);
  Overwrite(Table::kTree, keyspace::Tile(0, 0), tile.substr(1));
  EXPECT_EQ(WhyItDoesNotOpen(), Errc::kCorrupt);
}

TEST_F(OrderTest, DoesNotOpenWithADamagedAppliedRow) {
  OpenAndStart();
  Create(0, 3);
  const std::string key(keyspace::kApplied);
  const std::string row = Row(Table::kMeta, key);
  for (size_t size = 0; size < row.size(); ++size) {
    ASSERT_FALSE(DecodeApplied(row.substr(0, size)).ok()) << size;
  }
  for (size_t octet = 0; octet < row.size(); ++octet) {
    if (octet == 40 || octet == 41) continue;  // The latest day: any value can be.
    std::string damaged = row;
    damaged[octet] = static_cast<char>(damaged[octet] ^ 1);
    Overwrite(Table::kMeta, key, damaged);
    ASSERT_EQ(WhyItDoesNotOpen(), Errc::kCorrupt) << octet;
  }
}

TEST_F(OrderTest, ReadsTheLogInPieces) {
  OpenAndStart();
  Create(0, 5);
  const auto all = Records();
  const auto some = log_->Read(Position{2}, 2, SIZE_MAX);
  ASSERT_EQ(some->size(), 2u);
  EXPECT_EQ((*some)[0], all[1]);
  EXPECT_EQ(log_->Read(Position{1}, 100, all[0].size() + all[1].size())->size(), 2u);
  EXPECT_EQ(log_->Read(Position{1}, 100, 1)->size(), 1u);
  EXPECT_TRUE(log_->Read(Position{6}, 100, SIZE_MAX)->empty());
}

}  // namespace
}  // namespace idnode
