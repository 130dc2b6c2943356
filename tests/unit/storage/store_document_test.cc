#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>

#include "proto/base/text.h"
#include "storage/children.h"
#include "storage/keyspace.h"
#include "storage/serial_range.h"
#include "storage/store.h"
#include "tests/document_example.h"
#include "tests/unit/storage/table_fixture.h"

// The worked examples of docs/formats/store.md and docs/formats/ledger.md: one small store, whole.
namespace idnode {
namespace {

constexpr uint32_t kAcme = 1;
constexpr uint32_t kChild = 1;
constexpr Time kNextHour{kMorning.ms + 3'600'000};

// Table, then key, in hexadecimal, and the row so.
using HexRows = std::map<std::string, std::string>;

// A row begins with the name of its table; what follows is its key. Its octets are in the indented
// lines below it.
HexRows RowsShownIn(const std::string& file) {
  std::istringstream example(ExampleIn(file, "Example"));
  HexRows rows;
  std::string* row = nullptr;
  for (std::string line; std::getline(example, line);) {
    if (!line.starts_with(' ')) {
      const size_t name = std::min(line.find(' '), line.size());
      const auto [place, added] =
          rows.emplace(line.substr(0, name) + ' ' + WithoutSpace(line.substr(name)), "");
      EXPECT_TRUE(added) << line;
      row = &place->second;
    } else if (row != nullptr) {
      *row += WithoutSpace(line);
    }
  }
  return rows;
}

HexRows RowsOf(const Rows& rows, const std::set<Table>& tables, bool applied) {
  HexRows hex;
  for (const Table table : tables) {
    for (auto cursor = rows.Scan(table, {}, {}); cursor->Valid(); cursor->Next()) {
      if (table == Table::kMeta && (cursor->key() == keyspace::kApplied) != applied) continue;
      hex.emplace(std::string(RowOf(table).name) + ' ' + ToHex(cursor->key()),
                  ToHex(cursor->value()));
    }
  }
  return hex;
}

// Tells of each row by itself: the examples are long.
void ExpectSame(const HexRows& shown, const HexRows& actual) {
  for (const auto& [place, row] : actual) {
    const auto at = shown.find(place);
    EXPECT_TRUE(at != shown.end()) << "not shown: " << place << "\n" << row;
    if (at != shown.end()) {
      EXPECT_EQ(at->second, row) << place;
    }
  }
  for (const auto& [place, row] : shown) EXPECT_TRUE(actual.contains(place)) << "no row: " << place;
}

// What the documents tell of: an enterprise with its code, prefix and token; an identifier, and one
// that was removed an hour later; five resolutions; a node below that has sent its first record; a
// range of serials.
class StoreDocument : public ::testing::Test {
 protected:
  StoreDocument() {
    Open();
    store_->ledger().Start();
    Live();
    store_->Close();
    // Only to look at it: everything is as the stop left it.
    options_.any_identity = true;
    Open();
  }
  ~StoreDocument() override { store_->Close(); }

  void Open() {
    options_.directory = folder_ / "data";
    options_.identity = {"0123456789abcdef0123456789abcdef", "secondary", "88.118"};
    options_.reserve_octets = 0;
    options_.engine.block_cache_octets = 1u << 20;
    store_.reset();
    auto store = Store::Open(options_);
    ASSERT_TRUE(store.ok()) << store.error().detail;
    store_ = *std::move(store);
  }

  void Live() {
    Commit("enrol", kMorning, [](Change& change) {
      AddPutEnterprise(change,
                       {.number = kAcme, .code = "ACME", .name = "企业", .created = kMorning}, {});
      AddPutPrefix(change, PrefixOf(kAcme, "88.118.8"), {});
      AddPutToken(change, TokenOf("00112233445566ff", Role::kReader), {});
    });
    Commit("register", kMorning, [](Change& change) {
      AddCreate(change, "H88.118.8/1", kAcme, RecordOf(kAcme));
      AddCreate(change, "H88.118.8/2", kAcme, RecordOf(kAcme));
    });
    Commit("remove", kNextHour,
           [](Change& change) { AddRemove(change, "H88.118.8/2", kAcme, Position{2}); });
    Commit("", kNextHour,
           [](Change& change) { AddTally(change, std::vector{Resolutions(kAcme, 5)}); });
    Child child{.number = kChild,
                .node_id = "fedcba9876543210fedcba9876543210",
                .name = "child",
                .prefix = "88.118.8",
                .token_id = "00112233445566ff",
                .docked = kNextHour};
    Commit("dock", kNextHour, [&](Change& change) { AddDockChild(change, child); });

    MemoryNode below;
    const Outcome first = below.Commit([](Change& change) {
      AddPutEnterprise(change, {.number = 7, .code = "B", .created = kMorning}, {});
      AddPutPrefix(change, PrefixOf(7, "88.118.8.1"), {});
      AddCreate(change, "H88.118.8.1/x", 7, RecordOf(7));
    });
    ASSERT_TRUE(first.done());
    const std::vector<std::string> records = below.Records();
    const auto docked = ReadChild(store_->engine(), kChild);
    ASSERT_TRUE(docked.ok());
    Commit("", kNextHour, [&](Change& change) {
      EXPECT_TRUE(AddChildRecords(change, *docked, {records.begin(), records.end()}).ok());
    });
    Commit("allocate", kNextHour, [](Change& change) {
      const std::string product = ParseIdentifier("01/06901234567892")->key;
      ExpectRangeSet(change, product, {});
      AddAllocateRange(change, {}, product, "0000001", "1000000", "L1", kAcme, RecordOf(kAcme));
    });
  }

  template <class Build>
  void Commit(std::string_view operation, Time time, Build&& build) {
    auto change =
        std::make_shared<Change>(time, "tester", IdOf(operation), Change::Mode::kTogether);
    build(*change);
    change->Seal();
    EXPECT_TRUE(store_->ledger().Commit(change).done()) << operation;
  }

  TemporaryFolder folder_;
  StoreOptions options_;
  std::unique_ptr<Store> store_;
};

TEST_F(StoreDocument, ShowsEachRowOfItsTablesAsTheCodeMakesIt) {
  const std::set<Table> tables = {Table::kRecords,  Table::kCounters,   Table::kDirectory,
                                  Table::kChildren, Table::kMeta,       Table::kLocal,
                                  Table::kRanges,   Table::kReferences, Table::kWithdrawn};
  ExpectSame(RowsShownIn("store.md"), RowsOf(store_->engine(), tables, /*applied=*/false));
}

TEST_F(StoreDocument, OfTheLedgerShowsEachRowOfItsTablesAsTheCodeMakesIt) {
  const std::set<Table> tables = {Table::kLog, Table::kTree, Table::kOperations, Table::kMeta};
  ExpectSame(RowsShownIn("ledger.md"), RowsOf(store_->engine(), tables, /*applied=*/true));
}

}  // namespace
}  // namespace idnode
