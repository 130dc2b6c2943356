// Days that are filed: once, whole, by the node; and held against its log by the node above.
#include "node/service/day_filer.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "node/service/day_judge.h"
#include "storage/prefix_count.h"
#include "tests/unit/node/service/filed_above.h"

namespace idnode {
namespace {

constexpr uint64_t kHourMs = 3'600'000;

class DayFilerTest : public testing::Test {
 protected:
  DayFilerTest() : first_(ShanghaiDayOf(kMorning)) {
    EXPECT_TRUE(node_
                    .Commit([](Change& change) {
                      for (uint32_t number = 1; number <= 3; ++number) {
                        AddPutEnterprise(change, EnterpriseOf(number), {});
                        const auto prefix = PrefixOf(number, "88.118." + std::to_string(number));
                        AddPutPrefix(change, prefix, {});
                        AddPrefixCount(change, prefix, {});
                      }
                      AddCreate(change, "H88.118.1/A", 1, RecordOf(1));
                      AddTally(change, std::vector{Resolutions(1, 40), Resolutions(2, 2)});
                    })
                    .done());
  }

  DayFiler Filer(bool is_of_enterprise = false) {
    return DayFiler({.engine = node_.engine(),
                     .log = node_.log(),
                     .ledger = node_.ledger(),
                     .node_prefix = "88.118",
                     .is_of_enterprise = is_of_enterprise,
                     .monitoring = [this](uint32_t day) -> std::optional<DayMonitoring> {
                       asked_.push_back(day);
                       return DayMonitoring{.seconds_up = 3'600};
                     }});
  }
  static Time Due(uint32_t day) { return Time{BeginningOf(day + 1).ms + kHourMs}; }
  std::vector<std::string> Keys(FilingTable table) {
    std::vector<std::string> keys;
    const Status read = EachFiling(node_.engine(), kOwn, table, {}, [&](const FiledRow& row) {
      keys.push_back(row.name.key);
      return true;
    });
    EXPECT_TRUE(read.ok());
    return keys;
  }
  DayStatistics Row(FilingTable table, const std::string& key) {
    const auto row = ReadFiling(node_.engine(), kOwn, {table, key});
    EXPECT_TRUE(row.ok() && *row) << key;
    return *row ? *DecodeStatistics((*row)->body) : DayStatistics{};
  }

  const uint32_t first_;
  MemoryNode node_;
  std::vector<uint32_t> asked_;
};

TEST_F(DayFilerTest, FilesADayWhenItIsOverAndKept) {
  DayFiler filer = Filer();
  const Time due = Due(first_);
  EXPECT_FALSE(*filer.FileNext(kMorning, kMorning.hour()));
  EXPECT_FALSE(*filer.FileNext(Time{due.ms - 1}, due.hour())) << "an hour has to pass";
  EXPECT_FALSE(*filer.FileNext(due, BeginningOf(first_ + 1).hour() - 1)) << "not kept yet";
  EXPECT_EQ(Keys(FilingTable::kOwnStatistics).size(), 0u);
  EXPECT_EQ(*filer.FileNext(due, due.hour()), first_);
  EXPECT_FALSE(*filer.FileNext(due, due.hour())) << "the next day is not over";

  EXPECT_EQ(Keys(FilingTable::kOwnStatistics), std::vector<std::string>{"2026-11-21/H88.118"});
  EXPECT_EQ(Keys(FilingTable::kOwnMonitoring), std::vector<std::string>{"2026-11-21/H88.118"});
  EXPECT_EQ(Keys(FilingTable::kStatistics),
            (std::vector<std::string>{"2026-11-21/H88.118.1", "2026-11-21/H88.118.2",
                                      "2026-11-21/H88.118.3"}));
  const DayStatistics whole = Row(FilingTable::kOwnStatistics, "2026-11-21/H88.118");
  EXPECT_EQ(whole.day_registrations, 3) << "prefixes";
  EXPECT_EQ(whole.day_requests, 42);
  const DayStatistics one = Row(FilingTable::kStatistics, "2026-11-21/H88.118.1");
  EXPECT_EQ(one.day_registrations, 1) << "identifiers";
  EXPECT_EQ(one.day_success, 40);
  EXPECT_EQ(asked_, std::vector{first_});
}

TEST_F(DayFilerTest, OfAnEnterpriseFilesItselfInTheWordsOfTableEight) {
  DayFiler filer = Filer(true);
  ASSERT_TRUE(*filer.FileNext(Due(first_), Due(first_).hour()));
  const DayStatistics own = Row(FilingTable::kStatistics, "2026-11-21/H88.118");
  EXPECT_EQ(own.day_registrations, 1);
  EXPECT_EQ(own.day_requests, 42);
}

TEST_F(DayFilerTest, CatchesUpAtMostThirtyFiveDaysEachOnce) {
  const uint32_t today = first_ + 60;
  const Time now = Due(today - 1);
  {
    DayFiler filer = Filer();
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(*filer.FileNext(now, now.hour()));
  }
  EXPECT_EQ(Keys(FilingTable::kOwnStatistics).size(), 10u);
  EXPECT_EQ(Keys(FilingTable::kOwnStatistics).front(), DayText(today - 35) + "/H88.118");
  DayFiler again = Filer();
  size_t more = 0;
  while (*again.FileNext(now, now.hour())) ++more;
  EXPECT_EQ(more, 25u);
  const Position head = node_.ledger().head();
  DayFiler third = Filer();
  EXPECT_FALSE(*third.FileNext(now, now.hour()));
  EXPECT_EQ(node_.ledger().head(), head);
  EXPECT_EQ(Row(FilingTable::kStatistics, DayText(today - 1) + "/H88.118.1").total_registrations,
            1);
  EXPECT_EQ(Row(FilingTable::kStatistics, DayText(today - 1) + "/H88.118.1").day_requests, 0);
}

TEST_F(DayFilerTest, GoesOnWhereItWasInterrupted) {
  const Time due = Due(first_);
  const FilingName second{FilingTable::kStatistics, "2026-11-21/H88.118.2"};
  ASSERT_TRUE(node_
                  .Commit([&](Change& change) {
                    AddOwnFiling(change, EventKind::kDayPut, second,
                                 EncodeStatistics({.rules = "earlier"}));
                  })
                  .done());
  DayFiler filer = Filer();
  node_.ledger().Refuse(Errc::kDiskFull);
  EXPECT_EQ(filer.FileNext(due, due.hour()).error().code, Errc::kDiskFull);
  node_.ledger().Allow();
  ASSERT_TRUE(*filer.FileNext(due, due.hour()));
  EXPECT_EQ(Keys(FilingTable::kStatistics).size(), 3u);
  EXPECT_EQ(Row(FilingTable::kStatistics, second.key).rules, "earlier") << "a row is made once";
}

TEST_F(DayFilerTest, LeavesToANodeBelowWhatItSaysItself) {
  ASSERT_TRUE(node_
                  .Commit([](Change& change) {
                    AddDockChild(change, {.number = 1,
                                          .node_id = std::string(32, 'a'),
                                          .name = "factory",
                                          .prefix = "88.118.2",
                                          .token_id = "00112233aabbccdd",
                                          .docked = kMorning});
                  })
                  .done());
  DayFiler filer = Filer();
  ASSERT_TRUE(*filer.FileNext(Due(first_), Due(first_).hour()));
  EXPECT_EQ(Keys(FilingTable::kStatistics),
            (std::vector<std::string>{"2026-11-21/H88.118.1", "2026-11-21/H88.118.3"}));
}

// The node above holds what it is told against the log that it was told.
class DayJudgeTest : public DayFilerTest {
 protected:
  DayJudgeTest() {
    DayFiler filer = Filer();
    EXPECT_TRUE(*filer.FileNext(Due(first_), Due(first_).hour()));
  }
  // What is in `lie` goes up instead of the row that was filed.
  DayJudge::Verdict Judge(const std::map<std::string, DayStatistics>& lies) {
    ParentOf parent(node_, "88.118", [&](const FilingName& name, std::string body) {
      const auto lie = lies.find(name.key);
      const bool lied = lie != lies.end() && name.table == FilingTable::kStatistics;
      return lied ? EncodeStatistics(lie->second) : body;
    });
    DayJudge judge(parent.engine());
    EXPECT_TRUE(judge.Begin().ok());
    const auto verdict = judge.Judge();
    EXPECT_TRUE(verdict.ok() && *verdict);
    EXPECT_FALSE(*judge.Judge()) << "each day once";
    return **verdict;
  }
};

TEST_F(DayJudgeTest, FindsWhatIsTrueTrue) {
  const DayJudge::Verdict verdict = Judge({});
  EXPECT_EQ(verdict.day, "2026-11-21");
  EXPECT_EQ(verdict.rows, 4u);
  EXPECT_TRUE(verdict.false_rows.empty());
}

TEST_F(DayJudgeTest, FindsTheRowThatTheLogDoesNotBearOut) {
  const std::string key = "2026-11-21/H88.118.1";
  DayStatistics lie = Row(FilingTable::kStatistics, key);
  lie.day_success = lie.day_requests = lie.other_requests = 1'000'000;
  lie.sources.clear();
  ASSERT_TRUE(CheckStatistics(lie).ok()) << "it is well formed";
  const DayJudge::Verdict verdict = Judge({{key, lie}});
  EXPECT_EQ(verdict.false_rows, std::set{key});
}

}  // namespace
}  // namespace idnode
