#include <gtest/gtest.h>

#include "storage/audit.h"
#include "storage/chain.h"
#include "storage/keyspace.h"
#include "storage/source_part.h"
#include "tests/unit/storage/tamper.h"

namespace idnode {
namespace {

TEST(Recount, ProvesTheFiguresOfARandomLife) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    MemoryNode node;
    const size_t changes = LiveThrough(node, seed, 300);
    ASSERT_EQ(changes, 300u);

    const auto recount = RecountOwn(*node.engine().OpenView(), {});

    ASSERT_TRUE(recount.ok()) << "seed " << seed;
    for (const Difference& difference : recount->differences) {
      ADD_FAILURE() << "seed " << seed << ": " << difference.what << ": " << difference.recounted
                    << " against " << difference.stored;
    }
    EXPECT_EQ(recount->log_records, 300u);
    EXPECT_GE(recount->log_items, recount->log_records);
    EXPECT_EQ(recount->identifiers, CountRows(node.engine(), Table::kRecords));
    EXPECT_EQ(recount->tree, node.ledger().tree_head());
  }
}

TEST(Recount, ProvesAnEmptyStore) {
  const auto recount = RecountOwn(*OpenMemoryEngine(), {});
  ASSERT_TRUE(recount.ok());
  EXPECT_TRUE(recount->differences.empty());
  EXPECT_EQ(recount->tree, TreeHead{});
}

class RecountTampering : public ::testing::Test {
 protected:
  static bool Found(const TableRows& rows) {
    const auto recount = RecountOwn(*EngineOf(rows), {});
    return !recount.ok() || !recount->differences.empty();
  }
};

// What recount answers for: log, tree, figures, the applied row, enterprises and prefixes, and of
// identifiers their number and keys. (Their content has a digest in the log of the change that
// wrote it, which needs the whole change.)
bool RecountCovers(Table table, const std::string& key) {
  if (table == Table::kMeta) return key == keyspace::kApplied;
  if (table == Table::kDirectory) return key.front() == 'E' || key.front() == 'P';
  if (table == Table::kCounters) return key.front() == 'T' || key.front() == 'H';
  return table == Table::kLog || table == Table::kTree || table == Table::kSources;
}

TEST_F(RecountTampering, IsFoundInAThousandTrials) {
  MemoryNode node;
  LiveThrough(node, 20261121, 280);
  for (uint64_t nonce = 1; nonce <= 20; ++nonce) {
    const std::vector<PartOf> parts = {{1, {.requests = nonce}}, {2, {.requests = 9}}};
    ASSERT_TRUE(
        node.Commit([&](Change& change) { AddSourceParts(change, 498'000, nonce, parts); }).done());
  }
  const TableRows rows = AllRows(node.engine());
  ASSERT_FALSE(Found(rows));
  std::mt19937 chance(71);
  for (int trial = 0; trial < 1'000; ++trial) {
    TableRows tampered = rows;
    const std::string what = Tamper(tampered, chance, RecountCovers);
    EXPECT_TRUE(Found(tampered)) << "trial " << trial << ": " << what;
  }
}

TEST_F(RecountTampering, OfEveryOctetOfALogRecordIsFound) {
  MemoryNode node;
  LiveThrough(node, 3, 12);
  const TableRows rows = AllRows(node.engine());
  for (const uint64_t position : {1, 6, 12}) {
    const auto place = std::pair(Table::kLog, keyspace::Log(Position{position}));
    for (size_t octet = 0; octet < rows.at(place).size(); ++octet) {
      TableRows tampered = rows;
      tampered[place][octet] = static_cast<char>(tampered[place][octet] ^ 0x10);
      EXPECT_TRUE(Found(tampered)) << "octet " << octet << " of record " << position;
    }
  }
}

// A forger who makes the checksum fit is found by the chain.
TEST_F(RecountTampering, WithAFittingChecksumIsFoundByTheChain) {
  MemoryNode node, other;
  LiveThrough(node, 4, 40);
  LiveThrough(other, 5, 40);
  TableRows rows = AllRows(node.engine());
  const std::vector<std::string> forged = other.Records();
  for (uint64_t position = 1; position <= 40; ++position) {
    TableRows tampered = rows;
    std::string& record = tampered[{Table::kLog, keyspace::Log(Position{position})}];
    if (record == forged[position - 1]) continue;
    record = forged[position - 1];
    EXPECT_TRUE(Found(tampered)) << position;
  }
}

TEST_F(RecountTampering, OfAnIdentifierIsFound) {
  MemoryNode node;
  LiveThrough(node, 6, 100);
  const TableRows rows = AllRows(node.engine());
  const auto first = rows.lower_bound({Table::kRecords, ""});
  ASSERT_EQ(first->first.first, Table::kRecords);

  TableRows dropped = rows;
  dropped.erase(first->first);
  EXPECT_TRUE(Found(dropped));

  TableRows added = rows;
  added[{Table::kRecords, "H88.118.1/never"}] = first->second;
  EXPECT_TRUE(Found(added));

  TableRows exchanged = dropped;
  exchanged[{Table::kRecords, "H88.118.1/never"}] = first->second;
  EXPECT_TRUE(Found(exchanged));

  TableRows damaged = rows;
  damaged[first->first].resize(10);
  EXPECT_TRUE(Found(damaged));

  TableRows moved = rows;
  const std::string owner = RecordOf(99);
  moved[first->first] = first->second.substr(0, 8) + owner;
  EXPECT_TRUE(Found(moved));

  TableRows early = rows;
  early[first->first][0] = 1;  // A version far after the head.
  EXPECT_TRUE(Found(early));
}

TEST_F(RecountTampering, OfAPrefixHandleIsFoundThoughItIsNoIdentifier) {
  const std::string key = "H0.NA/88.118.1";
  MemoryNode node;
  LiveThrough(node, 6, 20);
  const auto before = RecountOwn(node.engine(), {});
  const auto put = [&](std::string_view of, std::optional<Position> present) {
    return node
        .Commit([&](Change& change) { AddPutPrefixRecord(change, of, 1, RecordOf(1), present); })
        .position;
  };
  const Position first = put(key, std::nullopt);
  put(key, first);
  const Position second = put("H0.NA/88.118.2", std::nullopt);
  node.Commit([&](Change& change) { AddRemovePrefixRecord(change, "H0.NA/88.118.2", 1, second); });

  const auto after = RecountOwn(node.engine(), {});
  EXPECT_TRUE(after->differences.empty());
  EXPECT_EQ(after->identifiers, before->identifiers);

  const TableRows rows = AllRows(node.engine());
  TableRows dropped = rows;
  dropped.erase({Table::kRecords, key});
  EXPECT_TRUE(Found(dropped));
  TableRows added = rows;
  added[{Table::kRecords, "H0.NA/88.118.3"}] = rows.at({Table::kRecords, key});
  EXPECT_TRUE(Found(added));
}

TEST_F(RecountTampering, SaysWhichFigureIsWrongAndByHowMuch) {
  MemoryNode node;
  LiveThrough(node, 7, 50);
  TableRows rows = AllRows(node.engine());
  const Figure figure{.metric = Metric::kCreated, .enterprise = 2};
  const int64_t right = (*ReadTotals(node.engine(), kOwn))[figure];
  rows[{Table::kCounters, keyspace::Total(figure)}] = EncodeSum(right + 5);

  const auto recount = RecountOwn(*EngineOf(rows), {});

  ASSERT_TRUE(recount.ok());
  ASSERT_EQ(recount->differences.size(), 1u);
  EXPECT_EQ(recount->differences[0].what, "created of enterprise 2");
  EXPECT_EQ(recount->differences[0].recounted, right);
  EXPECT_EQ(recount->differences[0].stored, right + 5);
}

TEST_F(RecountTampering, AtTheEndOfTheLogIsFound) {
  MemoryNode node;
  LiveThrough(node, 8, 50);
  TableRows rows = AllRows(node.engine());
  rows.erase({Table::kLog, keyspace::Log(Position{50})});
  EXPECT_TRUE(Found(rows));
  rows.erase({Table::kMeta, std::string(keyspace::kApplied)});
  EXPECT_TRUE(Found(rows));
}

TEST_F(RecountTampering, LeavesTheRestOfTheReportReadable) {
  MemoryNode node;
  LiveThrough(node, 9, 30);
  TableRows rows = AllRows(node.engine());
  rows.erase({Table::kLog, keyspace::Log(Position{10})});

  const auto recount = RecountOwn(*EngineOf(rows), {});

  ASSERT_TRUE(recount.ok());
  ASSERT_GE(recount->differences.size(), 2u);
  EXPECT_EQ(recount->differences[0].what, "log record 10: missing");
  EXPECT_EQ(recount->differences[1].what, "log record 11: follows another record");
  EXPECT_EQ(recount->log_records, 29u);
}

TEST(Recount, EndsWithinItsLimitOfDifferencesOverAHugeGap) {
  MemoryNode node;
  LiveThrough(node, 10, 5);
  TableRows rows = AllRows(node.engine());
  auto row = rows.extract({Table::kLog, keyspace::Log(Position{5})});
  row.key().second = keyspace::Log(Position{uint64_t{1} << 60});
  rows.insert(std::move(row));

  const auto recount = RecountOwn(*EngineOf(rows), {});

  ASSERT_TRUE(recount.ok());
  EXPECT_EQ(recount->differences.size(), 1'000u);
}

TEST(Recount, StopsWhenAskedAndSaysHowFarItIs) {
  MemoryNode node;
  LiveThrough(node, 11, 50);
  std::pair<uint64_t, uint64_t> last;
  const auto recount = RecountOwn(node.engine(), [&](uint64_t done, uint64_t of) {
    last = {done, of};
    return true;
  });
  ASSERT_TRUE(recount.ok());
  EXPECT_EQ(last.first, recount->log_records + recount->identifiers);
  EXPECT_EQ(last.second, last.first);

  EXPECT_EQ(RecountOwn(node.engine(), [](uint64_t, uint64_t) { return false; }).error().code,
            Errc::kTimeout);
}

}  // namespace
}  // namespace idnode
