#include "storage/audit.h"

#include <gtest/gtest.h>

#include "storage/keyspace.h"
#include "storage/tree_hashes.h"
#include "storage/tree_tiles.h"
#include "tests/unit/storage/table_fixture.h"

namespace idnode {
namespace {

// A log of `size` short records and the tiles over it.
class LongLog {
 public:
  explicit LongLog(uint64_t size) : log_(OpenLocalCommitLog(*engine_)) {
    auto tiles = TreeTiles::Open(*engine_, 0, [](uint64_t) { return Digest{}; });
    EXPECT_TRUE(tiles.ok());
    Batch rows;
    heads_.push_back({});
    Frontier frontier;
    for (uint64_t i = 0; i < size; ++i) {
      const std::string record = RecordAt(i);
      rows.Put(Table::kLog, keyspace::Log(Position{i + 1}), record);
      tiles->Append(LeafHash(record), rows);
      frontier.Append(LeafHash(record));
      if (i < 2000 || i + 100 > size) heads_.push_back({i + 1, frontier.Root()});
    }
    EXPECT_TRUE(engine_->Write(rows, Engine::Durability::kSynced).ok());
  }
  static std::string RecordAt(uint64_t leaf) { return "record " + std::to_string(leaf); }

  Audit audit() const { return Audit(*engine_, *log_); }
  Result<Digest> RootOf(uint64_t size) const { return idnode::RootOf(*engine_, *log_, size); }
  Result<std::vector<Digest>> HashesOfTile(uint8_t level, uint64_t first, uint64_t count) const {
    return idnode::HashesOfTile(*engine_, *log_, level, first, count);
  }
  // Heads of the sizes up to 2,000, and of the last hundred.
  const std::vector<TreeHead>& heads() const { return heads_; }
  TreeHead last() const { return heads_.back(); }

 private:
  std::unique_ptr<MemoryEngine> engine_ = OpenMemoryEngine();
  std::unique_ptr<CommitLog> log_;
  std::vector<TreeHead> heads_;
};

void ExpectProved(const LongLog& log, uint64_t leaf, const TreeHead& head) {
  const auto inclusion = log.audit().Prove(Position{leaf + 1}, head.size);
  ASSERT_TRUE(inclusion.ok()) << "leaf " << leaf << " of " << head.size;
  EXPECT_EQ(inclusion->record, LongLog::RecordAt(leaf));
  EXPECT_TRUE(VerifyInclusion(LeafHash(inclusion->record), leaf, head, inclusion->proof).ok())
      << "leaf " << leaf << " of " << head.size;
}

TEST(Audit, ProvesEveryRecordOfATreeThatEndsInsideATile) {
  const LongLog log(600);
  for (uint64_t leaf = 0; leaf < 600; ++leaf) ExpectProved(log, leaf, log.last());
}

TEST(Audit, ProvesARecordInEveryTreeThatHoldsIt) {
  const LongLog log(600);
  for (const TreeHead& head : log.heads()) {
    if (head.size == 0) continue;
    ExpectProved(log, 0, head);
    ExpectProved(log, head.size / 2, head);
    ExpectProved(log, head.size - 1, head);
  }
}

TEST(Audit, ProvesThatEveryTreeGrewIntoTheLast) {
  const LongLog log(600);
  for (const TreeHead& old_head : log.heads()) {
    const auto proof = log.audit().ProveGrowth(old_head.size, 600);
    ASSERT_TRUE(proof.ok()) << old_head.size;
    EXPECT_TRUE(VerifyConsistency(old_head, log.last(), *proof).ok()) << old_head.size;
  }
}

TEST(Audit, KnowsTheRootOfEverySizeThatTheLogEverHad) {
  const LongLog log(600);
  for (const TreeHead& head : log.heads()) {
    const auto root = log.RootOf(head.size);
    ASSERT_TRUE(root.ok()) << head.size;
    EXPECT_EQ(*root, head.root) << head.size;
  }
  EXPECT_FALSE(log.RootOf(601).ok());
}

TEST(Audit, TilesOfAnyWidthAreTheHashesOfTheirLevel) {
  const LongLog log(65'536 + 300);
  const auto leaves = log.HashesOfTile(0, 65'536, 256);
  ASSERT_TRUE(leaves.ok());
  EXPECT_EQ(leaves->at(3), LeafHash(LongLog::RecordAt(65'539)));
  EXPECT_EQ(log.HashesOfTile(0, 65'792, 44)->back(), LeafHash(LongLog::RecordAt(65'835)));
  EXPECT_FALSE(log.HashesOfTile(0, 65'792, 45).ok());
  EXPECT_EQ(log.HashesOfTile(1, 256, 1)->front(), TreeHash(*leaves));
  EXPECT_FALSE(log.HashesOfTile(1, 256, 2).ok());
  EXPECT_EQ(log.HashesOfTile(2, 0, 1)->front(), *log.RootOf(65'536));
}

TEST(Audit, ProvesAcrossTilesOfTilesAndTheirIncompleteEdge) {
  const LongLog log(65'536 + 1'300);
  for (const uint64_t leaf : {uint64_t{0}, uint64_t{255}, uint64_t{40'000}, uint64_t{65'535},
                              uint64_t{65'536}, uint64_t{66'500}, uint64_t{66'835}}) {
    ExpectProved(log, leaf, log.last());
  }
  const auto proof = log.audit().ProveGrowth(1'999, log.last().size);
  ASSERT_TRUE(proof.ok());
  EXPECT_TRUE(VerifyConsistency(log.heads()[1'999], log.last(), *proof).ok());
}

TEST(Audit, SaysNotFoundOfWhatTheLogDoesNotHold) {
  const LongLog log(10);
  EXPECT_EQ(log.audit().Prove(Position{0}, 10).error().code, Errc::kNotFound);
  EXPECT_EQ(log.audit().Prove(Position{11}, 10).error().code, Errc::kNotFound);
  EXPECT_EQ(log.audit().Prove(Position{3}, 11).error().code, Errc::kNotFound);
  EXPECT_EQ(log.audit().Prove(Position{3}, UINT64_MAX).ok(), false);
  EXPECT_EQ(log.audit().ProveGrowth(3, 11).error().code, Errc::kNotFound);
  EXPECT_FALSE(log.audit().ProveGrowth(9, 3).ok());
  EXPECT_EQ(log.audit().HashOfSubtree(200, 0).error().code, Errc::kNotFound);
  EXPECT_EQ(log.audit().HashOfSubtree(0, UINT64_MAX).error().code, Errc::kNotFound);
  EXPECT_EQ(log.audit().HashOfSubtree(16, 0).error().code, Errc::kNotFound);
}

TEST(Audit, ProvesWhatALedgerCommitted) {
  MemoryNode node;
  LiveThrough(node, 1, 300);
  const TreeHead head = node.ledger().tree_head();
  ASSERT_GE(head.size, 300u);
  const Audit audit(node.engine(), node.log());
  const std::vector<std::string> records = node.Records();
  for (uint64_t leaf = 0; leaf < head.size; ++leaf) {
    const auto inclusion = audit.Prove(Position{leaf + 1}, head.size);
    ASSERT_TRUE(inclusion.ok());
    EXPECT_EQ(inclusion->record, records[leaf]);
    EXPECT_TRUE(VerifyInclusion(LeafHash(records[leaf]), leaf, head, inclusion->proof).ok());
  }
}

TEST(DigestOfTables, ChangesWithEveryRowButThoseOfLocal) {
  const auto digest_of = [](Table table, std::string_view key, std::string_view value) {
    auto engine = OpenMemoryEngine();
    Batch rows;
    rows.Put(Table::kMeta, "base", "row");
    rows.Put(table, key, value);
    EXPECT_TRUE(engine->Write(rows, Engine::Durability::kSynced).ok());
    return *DigestOfTables(*engine);
  };
  const Digest base = digest_of(Table::kMeta, "base", "row");

  EXPECT_EQ(digest_of(Table::kLocal, "k", "v"), base);
  EXPECT_NE(digest_of(Table::kLog, "k", "v"), base);
  EXPECT_NE(digest_of(Table::kLog, "k", "v"), digest_of(Table::kTree, "k", "v"));
  EXPECT_NE(digest_of(Table::kLog, "kv", "w"), digest_of(Table::kLog, "k", "vw"));
  EXPECT_EQ(digest_of(Table::kLog, "k", "v"), digest_of(Table::kLog, "k", "v"));
}

}  // namespace
}  // namespace idnode
