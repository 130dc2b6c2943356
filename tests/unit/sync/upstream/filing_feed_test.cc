#include "sync/upstream/filing_feed.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "proto/base/limits.h"
#include "storage/directory.h"
#include "storage/log_record.h"
#include "sync/upstream/reconciliation.h"

namespace idnode {
namespace {

constexpr Time kNow{1'795'000'000'000};
constexpr uint64_t kPlenty = 1u << 20;

std::string RecordOf(uint64_t position, const std::vector<std::string>& prefixes) {
  Change change(kNow, "tester", OperationId{}, Change::Mode::kTogether);
  for (const std::string& prefix : prefixes) {
    AddPutPrefix(change, {.prefix = {Scheme::kHandle, prefix}, .enterprise = 1}, std::nullopt);
  }
  change.Seal();
  std::string thin;
  const std::vector<uint8_t> done(prefixes.size(), 1);
  EncodeThin(Position{position}, {}, change, done, change.root(), thin);
  return thin;
}

// What a node files, in a map.
class Values {
 public:
  void Put(const std::string& prefix, const std::string& body, uint64_t version = 1) {
    rows_[{FilingTable::kRouting, "H" + prefix}] = {body, Position{version}};
  }
  void Remove(const std::string& prefix) { rows_.erase({FilingTable::kRouting, "H" + prefix}); }
  FiledValues Filed() const {
    return {.read = [this](const FilingName& name) -> Result<std::optional<FiledValue>> {
              const auto at = rows_.find(name);
              if (at == rows_.end()) return std::optional<FiledValue>();
              return std::optional(at->second);
            },
            .keys = [this](FilingTable table,
                           std::string_view from) -> Result<std::vector<std::string>> {
              std::vector<std::string> keys;
              for (const auto& [name, value] : rows_) {
                if (name.table == table && name.key >= from) keys.push_back(name.key);
              }
              return keys;
            }};
  }

 private:
  std::map<FilingName, FiledValue> rows_;
};

class FilingFeedTest : public testing::Test {
 protected:
  FedRecords Feed(std::vector<std::string> records, uint64_t octets_max = kPlenty,
                  uint64_t first_octets_max = kPlenty) {
    const FiledValues values = values_.Filed();
    auto fed = FeedFilings(values, "88.118", Position{11}, std::move(records), octets_max,
                           first_octets_max);
    EXPECT_TRUE(fed.ok());
    return *std::move(fed);
  }
  Values values_;
};

TEST_F(FilingFeedTest, JoinsTheValueThatIsThereNow) {
  values_.Put("88.118.1", "one");
  const FedRecords fed = Feed({RecordOf(11, {"88.118.1"}), RecordOf(12, {"88.118.2"})});
  ASSERT_EQ(fed.filings.size(), 2u);
  EXPECT_EQ(fed.filings[0].name.key, "H88.118.1");
  EXPECT_EQ(fed.filings[0].body, "one");
  EXPECT_EQ(fed.filings[0].position, Position{11});
  EXPECT_EQ(fed.filings[1].body, std::nullopt) << "it is there no more";
  EXPECT_EQ(fed.octets, fed.records[0].size() + fed.records[1].size() + fed.filings[0].octets() +
                            fed.filings[1].octets());
}

TEST_F(FilingFeedTest, BringsARowOnceWithTheLastRecordThatNamesIt) {
  values_.Put("88.118.1", "now");
  const FedRecords fed = Feed({RecordOf(11, {"88.118.1"}), RecordOf(12, {"88.118.2"}),
                               RecordOf(13, {"88.118.1", "88.118.1"})});
  ASSERT_EQ(fed.filings.size(), 2u);
  EXPECT_EQ(fed.filings[0].position, Position{13});
}

TEST_F(FilingFeedTest, LeavesOutWhatIsNotItsOwn) {
  EXPECT_TRUE(Feed({RecordOf(11, {"88.118", "88.119.1", "88.1181"})}).filings.empty());
}

TEST_F(FilingFeedTest, SendsFewerRecordsWhereFilingsTakeTheRoom) {
  const std::string large(3'000, 'x');
  values_.Put("88.118.1", large);
  values_.Put("88.118.2", large);
  const FedRecords fed =
      Feed({RecordOf(11, {"88.118.1"}), RecordOf(12, {"88.118.2"})}, 4'000, 4'000);
  EXPECT_EQ(fed.records.size(), 1u);
  EXPECT_EQ(fed.filings.size(), 1u);
  EXPECT_LE(fed.octets, 4'000u);
}

TEST_F(FilingFeedTest, WaitsForTheCreditThatTheFirstTakes) {
  values_.Put("88.118.1", std::string(3'000, 'x'));
  const std::string record = RecordOf(11, {"88.118.1"});
  const FedRecords fed = Feed({record}, 1'000, 1'000);
  EXPECT_GT(fed.wanted, record.size() + 3'000);
  EXPECT_FALSE(fed.left_out);
}

TEST_F(FilingFeedTest, NeverWaitsForMoreThanAMessageTakes) {
  std::vector<std::string> prefixes;
  for (int i = 1; i <= 40; ++i) {
    prefixes.push_back("88.118." + std::to_string(i));
    values_.Put(prefixes.back(), std::string(10'000, 'x'));
  }
  const FedRecords fed = Feed({RecordOf(11, prefixes)});
  EXPECT_EQ(fed.wanted, 0u);
  EXPECT_TRUE(fed.left_out) << "reconciliation brings the rest";
  EXPECT_GT(fed.filings.size(), 20u);
  EXPECT_LE(fed.octets, fed.records[0].size() + limits::kFilingsOctetsPerMessageMax);
}

TEST_F(FilingFeedTest, OfANodeThatFilesNothingAreTheRecordsAlone) {
  const auto fed =
      FeedFilings({}, "88.118", Position{11}, {RecordOf(11, {"88.118.1"})}, kPlenty, kPlenty);
  EXPECT_TRUE(fed->filings.empty());
  EXPECT_EQ(fed->records.size(), 1u);
}

// The other end, in a map.
class ReconciliationTest : public testing::Test {
 protected:
  using Rows = std::map<std::string, std::string>;

  static Reconciled RoutingIn(const std::vector<Reconciled>& tables) {
    for (const Reconciled& table : tables) {
      if (table.table == FilingTable::kRouting) return table;
    }
    ADD_FAILURE() << "no routing";
    return {};
  }
  // Until both are equal; how many rows were filed.
  std::vector<Reconciled> Reconcile() {
    const FiledValues values = ours_.Filed();
    auto reconciliation = *Reconciliation::Begin(values, kNow);
    EXPECT_TRUE(reconciliation.OnStates(States()).ok());
    for (int steps = 0; steps < 100'000; ++steps) {
      auto step = *reconciliation.Next(Position{50});
      if (step.over()) return reconciliation.tables();
      if (step.ask) {
        Answer(reconciliation, *step.ask);
      } else {
        EXPECT_LE(step.filings.size(), limits::kFilingsAgainMax);
        for (const Filing& filing : step.filings) Store(filing);
      }
    }
    ADD_FAILURE() << "it does not end";
    return {};
  }
  std::map<FilingTable, FilingState> States() const {
    std::map<FilingTable, FilingState> states;
    for (const FilingTable table : kFilingTables) states[table] = {};
    for (const auto& [key, body] : theirs_) {
      AddToState(FilingDigest(key, body), states[FilingTable::kRouting]);
    }
    return states;
  }
  void Answer(Reconciliation& reconciliation, const Reconciliation::Step::Ask& ask) {
    std::vector<std::pair<std::string, Digest>> rows;
    auto at = theirs_.upper_bound(ask.after);
    for (; at != theirs_.end() && rows.size() < page_; ++at) {
      rows.emplace_back(at->first, FilingDigest(at->first, at->second));
    }
    EXPECT_TRUE(reconciliation.OnPage(ask.table, std::move(rows), at == theirs_.end()).ok());
  }
  void Store(const Filing& filing) {
    ++filed_;
    if (filing.body) {
      theirs_[filing.name.key] = *filing.body;
    } else {
      theirs_.erase(filing.name.key);
    }
  }

  Values ours_;
  Rows theirs_;
  size_t page_ = 3, filed_ = 0;
};

TEST_F(ReconciliationTest, NamesEachDifferenceAndFilesItAgain) {
  for (int i = 10; i < 40; ++i) {
    ours_.Put("88.118." + std::to_string(i), "same");
    theirs_["H88.118." + std::to_string(i)] = "same";
  }
  theirs_.erase("H88.118.12");
  theirs_.erase("H88.118.39");
  theirs_["H88.118.20"] = "other";
  theirs_["H88.118.5"] = "gone here";
  theirs_["H88.118.99"] = "gone here";
  const auto tables = Reconcile();
  const Reconciled routing = RoutingIn(tables);
  EXPECT_EQ(routing.table, FilingTable::kRouting);
  EXPECT_FALSE(routing.equal);
  EXPECT_EQ(routing.rows_here, 30u);
  EXPECT_EQ(routing.missing_there, 2u);
  EXPECT_EQ(routing.different, 1u);
  EXPECT_EQ(routing.missing_here, 2u);
  EXPECT_EQ(filed_, 5u);
  for (const Reconciled& table : Reconcile()) EXPECT_TRUE(table.equal);
}

TEST_F(ReconciliationTest, FilesEverythingToWhoLostEverything) {
  for (int i = 0; i < 1'000; ++i) ours_.Put("88.118." + std::to_string(i), "row");
  EXPECT_EQ(RoutingIn(Reconcile()).missing_there, 1'000u);
  EXPECT_EQ(theirs_.size(), 1'000u);
}

TEST_F(ReconciliationTest, TakesBackEverythingWhereNothingIsLeft) {
  for (int i = 0; i < 100; ++i) theirs_["H88.118." + std::to_string(i)] = "row";
  EXPECT_EQ(RoutingIn(Reconcile()).missing_here, 100u);
  EXPECT_TRUE(theirs_.empty());
}

TEST_F(ReconciliationTest, LeavesToItsRecordWhatIsOnItsWay) {
  ours_.Put("88.118.1", "newer than what was acknowledged", 51);
  theirs_["H88.118.1"] = "older";
  EXPECT_EQ(RoutingIn(Reconcile()).differences(), 0u);
  EXPECT_EQ(theirs_["H88.118.1"], "older");
}

TEST_F(ReconciliationTest, AsksNothingOfEqualTables) {
  ours_.Put("88.118.1", "row");
  theirs_["H88.118.1"] = "row";
  const FiledValues values = ours_.Filed();
  auto reconciliation = *Reconciliation::Begin(values, kNow);
  ASSERT_TRUE(reconciliation.OnStates(States()).ok());
  EXPECT_TRUE(reconciliation.Next(Position{50})->over());
}

TEST_F(ReconciliationTest, RefusesAnswersToWhatItDidNotAsk) {
  theirs_["H88.118.1"] = "row";
  const FiledValues values = ours_.Filed();
  auto reconciliation = *Reconciliation::Begin(values, kNow);
  EXPECT_EQ(reconciliation.OnStates({}).error().code, Errc::kMalformed);
  ASSERT_TRUE(reconciliation.OnStates(States()).ok());
  EXPECT_FALSE(reconciliation.OnPage(FilingTable::kRouting, {}, true).ok()) << "nothing was asked";
  ASSERT_TRUE(reconciliation.Next(Position{50})->ask);
  EXPECT_FALSE(reconciliation.OnPage(FilingTable::kEnterprise, {}, true).ok());
  ASSERT_TRUE(reconciliation.Next(Position{50})->ask);
  EXPECT_FALSE(reconciliation.OnPage(FilingTable::kRouting, {}, false).ok()) << "an endless table";
  ASSERT_TRUE(reconciliation.Next(Position{50})->ask);
  EXPECT_FALSE(reconciliation.OnPage(FilingTable::kRouting, {{"H2", {}}, {"H1", {}}}, true).ok());
}

}  // namespace
}  // namespace idnode
