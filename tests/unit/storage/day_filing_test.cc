#include "storage/day_filing.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "storage/day_fold.h"
#include "storage/incidents.h"
#include "tests/unit/storage/table_fixture.h"

namespace idnode {
namespace {

// kMorning is 16:00 in Shanghai.
constexpr std::string_view kDay = "2026-11-21";

SourceAddress Ipv4(uint8_t last) {
  return {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, last};
}

DayStatistics SomeStatistics() {
  return {.rules = "idnode-counting-2",
          .day_registrations = 3,
          .total_registrations = 20,
          .day_requests = 100,
          .day_success = 60,
          .sources = {{Ipv4(1), 50}, {Ipv4(2), 20}, {Ipv4(3), 20}},
          .other_requests = 10};
}

DayMonitoring SomeMonitoring() {
  const uint64_t noon = kMorning.seconds();
  return {.resolution = {10, 50, 90, noon, 5, noon + 1},
          .peak_per_second = 7,
          .peak_at = noon,
          .registration = {},
          .seconds_up = 86'400};
}

TEST(DayFilingKey, NamesDayPrefixAndNumber) {
  const auto key = SplitDayKey(FilingTable::kStatistics, "2026-11-21/H88.118.8");
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(key->day, kDay);
  EXPECT_EQ(key->prefix, "H88.118.8");
  const std::string text = DayKeyOf(kDay, "H88.118", "N-1");
  const auto incident = SplitDayKey(FilingTable::kIncident, text);
  ASSERT_TRUE(incident.ok());
  EXPECT_EQ(incident->prefix, "H88.118");
  EXPECT_EQ(incident->number, "N-1");
}

TEST(DayFilingKey, IsRefusedWhereItIsNone) {
  for (const std::string key :
       {"", "2026-11-21", "2026-11-21/", "2026-11-31/H88.118", "1026-11-21/H88.118",
        "2026-11-21-H88.118", "2026-11-2a/H88.118", "2026-11-21/H\xff"}) {
    EXPECT_FALSE(SplitDayKey(FilingTable::kOwnStatistics, key).ok()) << key;
  }
  const std::string longest = "2026-11-21/H" + std::string(65, '1');
  EXPECT_FALSE(SplitDayKey(FilingTable::kOwnStatistics, longest).ok());
  for (const std::string number : {"", "a/b", "a b", "a_b"}) {
    EXPECT_FALSE(SplitDayKey(FilingTable::kIncident, "2026-11-21/H88.118/" + number + "!").ok());
  }
  EXPECT_FALSE(SplitDayKey(FilingTable::kIncident, "2026-11-21/H88.118").ok());
}

TEST(DayFilingKey, IsFiledByWhoseItIs) {
  const auto why = [](FilingTable table, const std::string& rest) {
    const Status said = CheckFilingName({table, "2026-11-21/" + rest}, "88.118");
    return said ? std::string_view() : RowOf(said.error().code).name;
  };
  EXPECT_EQ(why(FilingTable::kOwnStatistics, "H88.118"), "");
  EXPECT_EQ(why(FilingTable::kOwnStatistics, "H88.118.8"), "denied");
  EXPECT_EQ(why(FilingTable::kStatistics, "H88.118.8"), "");
  EXPECT_EQ(why(FilingTable::kStatistics, "H88.118"), "");
  EXPECT_EQ(why(FilingTable::kStatistics, "G6901234"), "");
  EXPECT_EQ(why(FilingTable::kStatistics, "H88.1188"), "denied");
  EXPECT_EQ(why(FilingTable::kOwnMonitoring, "H88.118"), "");
  EXPECT_EQ(why(FilingTable::kMonitoring, "H88.118"), "denied");
  EXPECT_EQ(why(FilingTable::kMonitoring, "H88.118.8"), "");
  EXPECT_EQ(why(FilingTable::kOwnIncident, "H88.118/N-1"), "");
  EXPECT_EQ(why(FilingTable::kIncident, "H88.118.8/N-1"), "");
  EXPECT_EQ(why(FilingTable::kOwnIncident, "H88.119/N-1"), "denied");
  EXPECT_EQ(why(FilingTable::kOwnIncident, "H88.118"), "malformed");
}

TEST(DayFilingKey, OfANodeBelowGoesFurtherUp) {
  const auto named = [](FilingTable table, const std::string& key, std::string_view node) {
    std::vector<FilingName> names;
    AppendFiledDay(table, key, node, names);
    return names.empty() ? FilingTable::kOperator : names.at(0).table;
  };
  const std::string day = "2026-11-21/H88.118.8", incident = day + "/N-1";
  EXPECT_EQ(named(FilingTable::kStatistics, day, "88.118"), FilingTable::kStatistics);
  EXPECT_EQ(named(FilingTable::kOwnMonitoring, day, "88.118"), FilingTable::kMonitoring);
  EXPECT_EQ(named(FilingTable::kOwnIncident, incident, "88.118"), FilingTable::kIncident);
  EXPECT_EQ(named(FilingTable::kOwnStatistics, day, "88.118"), FilingTable::kOperator);
  EXPECT_EQ(named(FilingTable::kStatistics, day, "88.200"), FilingTable::kOperator);
}

TEST(DayFilingKey, IsComparedForTheLastWeeks) {
  EXPECT_EQ(ComparedFrom(FilingTable::kStatistics, kMorning), "2026-10-17");
  EXPECT_EQ(ComparedFrom(FilingTable::kRouting, kMorning), "");
  const FilingName today{FilingTable::kOwnStatistics, "2026-11-22/H88.118"};
  EXPECT_TRUE(CheckDayHasBegun(today, kMorning).ok()) << "a clock may be a day behind";
  const FilingName later{FilingTable::kOwnStatistics, "2026-11-23/H88.118"};
  EXPECT_FALSE(CheckDayHasBegun(later, kMorning).ok());
}

TEST(ShanghaiDay, TurnsAtSixteenHoursOfUtc) {
  const uint32_t day = *ParseDayText(kDay);
  EXPECT_EQ(DayText(day), kDay);
  EXPECT_EQ(BeginningOf(day).ms, kMorning.ms - 16 * 3'600'000ull);
  EXPECT_EQ(ShanghaiDayOf(BeginningOf(day)), day);
  EXPECT_EQ(ShanghaiDayOf(Time{BeginningOf(day).ms - 1}), day - 1);
}

TEST(DayStatistics, AreReadBackAndRefusedWhereTheyAreCutShort) {
  const std::string body = EncodeStatistics(SomeStatistics());
  ASSERT_TRUE(DecodeStatistics(body).ok());
  EXPECT_EQ(*DecodeStatistics(body), SomeStatistics());
  for (size_t size = 0; size < body.size(); ++size) {
    EXPECT_FALSE(DecodeStatistics(body.substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(DecodeStatistics(body + "x").ok());
}

TEST(DayStatistics, AreRefusedWhereTheyContradictThemselves) {
  const auto spoiled = [](auto spoil) {
    DayStatistics statistics = SomeStatistics();
    spoil(statistics);
    return !CheckStatistics(statistics).ok();
  };
  EXPECT_FALSE(spoiled([](DayStatistics&) {}));
  EXPECT_TRUE(spoiled([](DayStatistics& s) { s.rules = ""; }));
  EXPECT_TRUE(spoiled([](DayStatistics& s) { s.rules = std::string(65, 'x'); }));
  EXPECT_TRUE(spoiled([](DayStatistics& s) { s.rules = "two words"; }));
  EXPECT_TRUE(spoiled([](DayStatistics& s) { s.day_registrations = -1; }));
  EXPECT_TRUE(spoiled([](DayStatistics& s) { s.total_registrations = INT64_MAX; }));
  EXPECT_TRUE(spoiled([](DayStatistics& s) { s.day_success = 101; }));
  EXPECT_TRUE(spoiled([](DayStatistics& s) { s.day_requests = 101; }));
  EXPECT_TRUE(spoiled([](DayStatistics& s) { s.other_requests = 9; }));
  EXPECT_TRUE(spoiled([](DayStatistics& s) { std::swap(s.sources[0], s.sources[1]); }));
  EXPECT_TRUE(spoiled([](DayStatistics& s) { std::swap(s.sources[1], s.sources[2]); }));
  EXPECT_TRUE(spoiled([](DayStatistics& s) { s.sources[2] = s.sources[1]; }));
  EXPECT_TRUE(spoiled([](DayStatistics& s) {
    s.sources[2].count = 0;
    s.other_requests = 30;
  }));
  EXPECT_TRUE(spoiled([](DayStatistics& s) {
    s.sources[0].count = INT64_MAX;
    s.other_requests = 60 - INT64_MAX;
  }));
}

TEST(DayStatistics, OfADayAreThoseOfItsTables) {
  DayTables tables;
  tables.day = *ParseDay(kDay, DayZone::kShanghai);
  tables.table_3 = {.day_registrations = 1,
                    .total_registrations = 2,
                    .day_requests = 30,
                    .day_success = 10,
                    .sources = {.sources = {{Ipv4(1), 20, 0}}, .rest = 10}};
  tables.of_day.registered_gross = 7;
  tables.at_the_end.registered = 9;
  DayEnterprise haier{.number = 4, .code = "haier", .prefixes = {}, .row = {.day_requests = 5}};
  haier.row.sources.rest = 5;
  haier.prefixes = {{Scheme::kGs1, "6901234"}, {Scheme::kHandle, "88.118.8"}};
  DayEnterprise foreign{.number = 5, .code = "foreign", .prefixes = {{Scheme::kHandle, "88.119"}}};
  tables.table_8 = {haier, foreign};
  const auto rows = StatisticsRowsOf(tables, "88.118", {.whole = true});
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].name, (FilingName{FilingTable::kOwnStatistics, "2026-11-21/H88.118"}));
  EXPECT_EQ(rows[0].statistics.total_registrations, 2);
  EXPECT_EQ(rows[1].name, (FilingName{FilingTable::kStatistics, "2026-11-21/G6901234"}));
  const auto of_enterprise =
      StatisticsRowsOf(tables, "88.118", {.whole = true, .is_of_enterprise = true});
  ASSERT_EQ(of_enterprise.size(), 3u);
  EXPECT_EQ(of_enterprise[1].name, (FilingName{FilingTable::kStatistics, "2026-11-21/H88.118"}));
  EXPECT_EQ(of_enterprise[1].statistics.day_registrations, 7);
  EXPECT_EQ(of_enterprise[1].statistics.total_registrations, 9);
  EXPECT_EQ(of_enterprise[1].statistics.day_requests, 30);
  for (const StatisticsRow& row : of_enterprise) EXPECT_TRUE(CheckStatistics(row.statistics).ok());
  tables.table_3.sources.rest = -1;  // Sources of an hour that was counted in part.
  const auto cut = StatisticsRowsOf(tables, "88.118", {.whole = true});
  EXPECT_TRUE(cut[0].statistics.sources.empty());
  EXPECT_EQ(cut[0].statistics.other_requests, 19);
}

TEST(DayMonitoring, IsReadBackAndRefusedWhereItIsCutShort) {
  const std::string body = EncodeMonitoring(SomeMonitoring());
  EXPECT_EQ(*DecodeMonitoring(body), SomeMonitoring());
  for (size_t size = 0; size < body.size(); ++size) {
    EXPECT_FALSE(DecodeMonitoring(body.substr(0, size)).ok()) << size;
  }
}

TEST(DayMonitoring, IsRefusedWhereItContradictsItself) {
  const auto spoiled = [](auto spoil) {
    DayMonitoring monitoring = SomeMonitoring();
    spoil(monitoring);
    return !CheckMonitoring(monitoring, kDay).ok();
  };
  EXPECT_FALSE(spoiled([](DayMonitoring&) {}));
  EXPECT_TRUE(spoiled([](DayMonitoring& m) { m.resolution.mean_us = 91; }));
  EXPECT_TRUE(spoiled([](DayMonitoring& m) { m.resolution.mean_us = 4; }));
  EXPECT_TRUE(spoiled([](DayMonitoring& m) { m.resolution.max_at += 86'400; }));
  EXPECT_TRUE(spoiled([](DayMonitoring& m) { m.resolution.min_at -= 86'400; }));
  EXPECT_TRUE(spoiled([](DayMonitoring& m) { m.registration.min_us = 1; }));
  EXPECT_TRUE(spoiled([](DayMonitoring& m) { m.peak_per_second = 11; }));
  EXPECT_TRUE(spoiled([](DayMonitoring& m) { m.peak_per_second = 0; }));
  EXPECT_TRUE(spoiled([](DayMonitoring& m) { m.peak_at = 0; }));
  EXPECT_TRUE(spoiled([](DayMonitoring& m) { m.seconds_up = 86'401; }));
}

TEST(DayFold, KeepsTheSecondOfEachExtremeAndOfEqualOnesTheFirst) {
  const uint64_t at = kMorning.seconds();
  DayFold day{.resolution = {2, 30, 20, at, 10, at}, .peak_per_second = 2, .peak_at = at};
  Merge(DayFold{.resolution = {2, 30, 20, at + 1, 10, at + 1},
                .peak_per_second = 2,
                .peak_at = at + 1,
                .up_ms = 1'000},
        day);
  EXPECT_EQ(day.resolution, (LatencyFold{4, 60, 20, at, 10, at})) << "equal ones: the first";
  EXPECT_EQ(day.peak_at, at);
  Merge(DayFold{.resolution = {1, 21, 21, at + 2, 21, at + 2},
                .registration = {1, 5, 5, at + 2, 5, at + 2},
                .up_ms = 500},
        day);
  Merge(
      DayFold{.resolution = {1, 9, 9, at + 3, 9, at + 3}, .peak_per_second = 3, .peak_at = at + 3},
      day);
  EXPECT_EQ(day.resolution, (LatencyFold{6, 90, 21, at + 2, 9, at + 3}));
  EXPECT_EQ(day.registration, (LatencyFold{1, 5, 5, at + 2, 5, at + 2}));
  EXPECT_EQ(day.peak_per_second, 3u);
  EXPECT_EQ(day.up_ms, 1'500u);
  Merge(DayFold{}, day);
  EXPECT_EQ(day.resolution.count, 6u);
  const DayMonitoring filed = MonitoringOf(day);
  EXPECT_EQ(filed.resolution.mean_us, 15u);
  EXPECT_EQ(filed.seconds_up, 1u);
  EXPECT_TRUE(CheckMonitoring(filed, kDay).ok());
}

TEST(DayFold, OfManyDaysIsReadBack) {
  KeptDays kept{.since = 20'000, .days = {}};
  kept.days[20'700] = {.resolution = {2, 30, 20, 5, 10, 6}, .up_ms = 7};
  kept.days[20'701] = {.registration = {1, 3, 3, 9, 3, 9}, .peak_per_second = 4, .peak_at = 5};
  const std::string row = EncodeKeptDays(kept);
  EXPECT_EQ(*DecodeKeptDays(row), kept);
  for (size_t size = 0; size < row.size(); ++size) {
    EXPECT_FALSE(DecodeKeptDays(row.substr(0, size)).ok()) << size;
  }
}

IncidentEvent SomeIncident() {
  return {.kind = IncidentKind::kAbnormal,
          .number = IncidentNumber(kMorning.seconds(), "upstream", 0xAB3f9a1c),
          .closes = {},
          .at = kMorning.seconds(),
          .cause = IncidentCause::kNetwork,
          .detail = "断网"};
}

TEST(Incident, HasANumberThatSaysWhenAndAboutWhat) {
  EXPECT_EQ(SomeIncident().number, "20261121T080000Z-upstream-3f9a1c");
  EXPECT_EQ(AboutOf(SomeIncident().number), "upstream");
  EXPECT_EQ(AboutOf("20261121T080000Z-child-12-3f9a1c"), "child-12");
  EXPECT_EQ(AboutOf("x"), "");
}

TEST(Incident, IsReadBackAndRefusedWhereItContradictsItself) {
  const IncidentEvent good = SomeIncident();
  const std::string body = EncodeIncident(good), key = IncidentNameOf(good, "88.118").key;
  EXPECT_EQ(*DecodeIncident(body), good);
  for (size_t size = 0; size < body.size(); ++size) {
    EXPECT_FALSE(DecodeIncident(body.substr(0, size)).ok()) << size;
  }
  const auto spoiled = [&](auto spoil) {
    IncidentEvent event = good;
    spoil(event);
    return !CheckIncident(event, key).ok();
  };
  EXPECT_FALSE(spoiled([](IncidentEvent&) {}));
  EXPECT_TRUE(spoiled([](IncidentEvent& e) { e.number += "x"; }));
  EXPECT_TRUE(spoiled([](IncidentEvent& e) { e.at += 86'400; }));
  EXPECT_TRUE(spoiled([](IncidentEvent& e) { e.kind = static_cast<IncidentKind>(3); }));
  EXPECT_TRUE(spoiled([](IncidentEvent& e) { e.cause = static_cast<IncidentCause>(0); }));
  EXPECT_TRUE(spoiled([](IncidentEvent& e) { e.closes = "another"; }));
  EXPECT_TRUE(spoiled([](IncidentEvent& e) { e.kind = IncidentKind::kRecovered; }));
  EXPECT_TRUE(spoiled([](IncidentEvent& e) {
    e.kind = IncidentKind::kRecovered;
    e.closes = e.number;
  }));
  EXPECT_TRUE(spoiled([](IncidentEvent& e) { e.detail = std::string(1'025, 'x'); }));
  EXPECT_TRUE(spoiled([](IncidentEvent& e) { e.detail = "a\nb"; }));
}

TEST(Incident, IsOpenUntilItIsSaidToBeOver) {
  MemoryNode node;
  IncidentEvent first = SomeIncident(), second = SomeIncident();
  second.number = IncidentNumber(second.at, "ledger", 1);
  ASSERT_TRUE(node.Commit([&](Change& change) {
                    AddIncident(change, first, "88.118");
                    AddIncident(change, second, "88.118");
                  })
                  .done());
  EXPECT_EQ(ReadOpenIncidents(node.engine())->size(), 2u);
  EXPECT_FALSE(node.Commit([&](Change& change) { AddIncident(change, first, "88.118"); }).done())
      << "a number is had once";
  IncidentEvent over{.kind = IncidentKind::kRecovered,
                     .number = IncidentNumber(first.at + 60, "upstream", 2),
                     .closes = first.number,
                     .at = first.at + 60};
  ASSERT_TRUE(node.Commit([&](Change& change) { AddIncident(change, over, "88.118"); }).done());
  const auto open = ReadOpenIncidents(node.engine());
  ASSERT_EQ(open->size(), 1u);
  EXPECT_EQ(open->begin()->second, second);
  std::vector<FilingName> named;
  for (const std::string& thin : node.Records()) {
    const auto record = DecodeThin(thin);
    for (const LogItem& item : record->items) {
      AppendFilingsNamedBy(item, "88.118", named);
    }
  }
  // A change that is refused as a whole is no record.
  std::vector<FilingName> expected;
  for (const IncidentEvent& event : {first, second, over}) {
    expected.push_back(IncidentNameOf(event, "88.118"));
  }
  EXPECT_EQ(named, expected);
}

}  // namespace
}  // namespace idnode
