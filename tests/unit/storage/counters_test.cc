#include "storage/counters.h"

#include <gtest/gtest.h>

#include "proto/base/reader.h"
#include "tests/unit/storage/table_fixture.h"

namespace idnode {
namespace {

constexpr uint32_t kHour = kMorning.hour();
constexpr Time kHourLater{kMorning.ms + 3'600'000};

Figure Registrations(Metric metric, uint32_t enterprise) {
  return {.metric = metric, .enterprise = enterprise};
}

TEST(Counters, FollowEachEventInItsHourAndOfAllTime) {
  MemoryNode node;
  const Position first = node.Commit([](Change& change) {
                               AddCreate(change, "HA/1", 7, RecordOf(7));
                               AddCreate(change, "HA/2", 7, RecordOf(7));
                               AddCreate(change, "HB/1", 8, RecordOf(8));
                             })
                             .position;
  ASSERT_TRUE(node.Commit(
                      [&](Change& change) {
                        AddReplace(change, "HA/1", 7, RecordOf(7), first);
                        AddRemove(change, "HA/2", 7, first);
                      },
                      kHourLater)
                  .done());

  const auto totals = ReadTotals(node.engine(), kOwn);

  ASSERT_TRUE(totals.ok());
  EXPECT_EQ(*totals, (Sums{{Registrations(Metric::kCreated, kAllEnterprises), 3},
                           {Registrations(Metric::kCreated, 7), 2},
                           {Registrations(Metric::kCreated, 8), 1},
                           {Registrations(Metric::kReplaced, kAllEnterprises), 1},
                           {Registrations(Metric::kReplaced, 7), 1},
                           {Registrations(Metric::kRemoved, kAllEnterprises), 1},
                           {Registrations(Metric::kRemoved, 7), 1}}));
  const auto removed = ReadHours(node.engine(), kOwn, Metric::kRemoved, 7, kHour, kHour + 10);
  ASSERT_TRUE(removed.ok());
  ASSERT_EQ(removed->size(), 1u);
  EXPECT_EQ(removed->front().hour, kHour + 1);
  EXPECT_EQ(removed->front().sum, 1);
}

TEST(Counters, ReadsHoursOfTheRangeOnlyForEveryClassAndOutcome) {
  MemoryNode node;
  const std::vector rows{
      Resolutions(7, 1, kHour - 1), Resolutions(7, 2, kHour), Resolutions(7, 4, kHour + 1),
      Resolutions(7, 8, kHour, TrafficClass::kLoadTest, ResolutionOutcome::kReferred),
      Resolutions(8, 16, kHour)};
  ASSERT_TRUE(node.Commit([&](Change& change) { AddTally(change, rows); }).done());
  const auto sum_of = [&](uint32_t enterprise, uint32_t from, uint32_t until) {
    int64_t sum = 0;
    const auto hours =
        ReadHours(node.engine(), kOwn, Metric::kResolutions, enterprise, from, until);
    EXPECT_TRUE(hours.ok());
    for (const HourSum& hour : *hours) sum += hour.sum;
    return sum;
  };

  EXPECT_EQ(sum_of(7, kHour, kHour + 1), 2 + 8);
  EXPECT_EQ(sum_of(7, kHour - 1, kHour + 2), 1 + 2 + 4 + 8);
  EXPECT_EQ(sum_of(kAllEnterprises, kHour, kHour + 1), 2 + 8 + 16);
  EXPECT_EQ(sum_of(7, kHour, kHour), 0);
  EXPECT_EQ(sum_of(7, kHour + 1, kHour), 0);
  EXPECT_EQ(sum_of(9, 0, UINT32_MAX), 0);
}

TEST(Counters, EvaluateOnlyExternalFoundResolutionsAsSuccesses) {
  MemoryNode node;
  const Position first = node.Commit([](Change& change) {
                               AddCreate(change, "HA/1", 7, RecordOf(7));
                               AddCreate(change, "HA/2", 7, RecordOf(7));
                               AddCreate(change, "HB/1", 8, RecordOf(8));
                             })
                             .position;
  ASSERT_TRUE(node.Commit([&](Change& change) { AddRemove(change, "HA/2", 7, first); }).done());
  const std::vector rows{
      Resolutions(7, 100),
      Resolutions(7, 10, kHour, TrafficClass::kExternal, ResolutionOutcome::kNotFound),
      Resolutions(7, 1, kHour, TrafficClass::kProbe, ResolutionOutcome::kFound),
      Resolutions(kNoEnterprise, 1000, kHour, TrafficClass::kExternal,
                  ResolutionOutcome::kNotFound)};
  ASSERT_TRUE(node.Commit([&](Change& change) { AddTally(change, rows); }).done());
  const Sums totals = *ReadTotals(node.engine(), kOwn);

  const Evaluation seven = EvaluationOf(totals, 7, 1);
  EXPECT_EQ(seven.registered_gross, 2);
  EXPECT_EQ(seven.registered, 1);
  EXPECT_EQ(seven.resolutions, 100);
  EXPECT_EQ(seven.resolution_requests, 111);
  EXPECT_EQ(seven.connected_enterprises, 1);

  const Evaluation all = EvaluationOf(totals, kAllEnterprises, 2);
  EXPECT_EQ(all.registered_gross, 3);
  EXPECT_EQ(all.registered, 2);
  EXPECT_EQ(all.resolutions, 100);
  EXPECT_EQ(all.resolution_requests, 1111);
  EXPECT_EQ(EvaluationOf({}, 7, 0).registered_gross, 0);
}

TEST(Counters, ReportADamagedSumInsteadOfLeavingItOut) {
  auto engine = OpenMemoryEngine();
  Batch batch;
  batch.Put(Table::kCounters, "T\0\0\0\0 short", "12345678");
  ASSERT_TRUE(engine->Write(batch, Engine::Durability::kSynced).ok());
  Batch total;
  total.Put(Table::kCounters, std::string_view("T\0\0\0\0", 5), "12345678");
  ASSERT_TRUE(engine->Write(total, Engine::Durability::kSynced).ok());

  EXPECT_EQ(ReadTotals(*engine, kOwn).error().code, Errc::kCorrupt);
}

TEST(TallyRow, CountsResolutionsOfAnEnterpriseWithClassAndOutcome) {
  EXPECT_TRUE(CheckTallyRow(Resolutions(7, 1)).ok());
  EXPECT_TRUE(CheckTallyRow(Resolutions(kNoEnterprise, 1'000'000'000'000)).ok());
  TallyRow created = Resolutions(7, 1);
  created.figure.metric = Metric::kCreated;
  for (const TallyRow& row :
       {created, Resolutions(kAllEnterprises, 1), Resolutions(7, 0), Resolutions(7, -1),
        Resolutions(7, 1'000'000'000'001), Resolutions(7, 1, kHour, TrafficClass::kNone),
        Resolutions(7, 1, kHour, TrafficClass::kExternal, ResolutionOutcome::kNone)}) {
    EXPECT_EQ(CheckTallyRow(row).error().code, Errc::kMalformed);
  }
}

TEST(EventSums, AreThoseOfTheOriginThatIsAskedFor) {
  TallyRow claimed = Resolutions(7, 5);
  claimed.figure.origin = 99;
  const std::string body = EncodeTally(std::vector{claimed});
  std::vector<Figure> told;
  const auto take = [&](const Figure& figure, uint32_t, int64_t) { told.push_back(figure); };

  ASSERT_TRUE(EachSumOf({EventKind::kTally, kNoEnterprise, {}, body}, kHour, 3, take).ok());
  ASSERT_TRUE(EachSumOf({EventKind::kIdentifierCreated, 7, "H1", {}}, kHour, 3, take).ok());
  ASSERT_TRUE(EachSumOf({EventKind::kGap, kNoEnterprise, {}, {}}, kHour, 3, take).ok());

  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].origin, 3u);
  EXPECT_EQ(told[1].origin, 3u);
  EXPECT_EQ(told[1].metric, Metric::kCreated);
}

TEST(EventSums, TellNothingOfAnEventThatTriesToCountForAll) {
  const auto never = [](const Figure&, uint32_t, int64_t) { ADD_FAILURE(); };
  const std::string body =
      EncodeTally(std::vector{Resolutions(7, 5), Resolutions(kAllEnterprises, 5)});

  EXPECT_EQ(EachSumOf({EventKind::kTally, kNoEnterprise, {}, body}, kHour, 3, never).error().code,
            Errc::kMalformed);
  EXPECT_FALSE(EachSumOf({EventKind::kTally, kNoEnterprise, {}, "x"}, kHour, 3, never).ok());
  EXPECT_EQ(EachSumOf({EventKind::kIdentifierRemoved, kAllEnterprises, "H", {}}, kHour, 3, never)
                .error()
                .code,
            Errc::kMalformed);
}

TEST(Gap, TravelsWithTheLogAndSaysSinceWhen) {
  MemoryNode node;
  ASSERT_TRUE(node.Commit([](Change& change) { AddGap(change, Time{12345}); }).done());

  const auto records = node.Records();
  const auto record = DecodeThin(records.at(0));

  ASSERT_TRUE(record.ok());
  ASSERT_EQ(record->items.size(), 1u);
  EXPECT_EQ(record->items[0].kind, EventKind::kGap);
  EXPECT_EQ(Reader(record->items[0].body).U64(), 12345u);
}

}  // namespace
}  // namespace idnode
