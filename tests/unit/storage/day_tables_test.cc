#include "storage/day_tables.h"

#include <gtest/gtest.h>

#include "storage/children.h"
#include "storage/prefix_count.h"
#include "tests/unit/storage/table_fixture.h"

namespace idnode {
namespace {

constexpr uint64_t kHourMs = 3'600'000;
// 2026-11-22T00:00 in Shanghai and in UTC.
constexpr Time kShanghai{1'795'276'800'000}, kUtc{1'795'305'600'000};

Time At(Time day, int hour) { return Time{day.ms + static_cast<uint64_t>(hour) * kHourMs}; }

DayTables TablesOf(const Rows& rows, DayZone zone, std::string_view day = "2026-11-22",
                   uint32_t after = 0) {
  const auto tables = ReadDayTables(rows, kOwn, {*ParseDay(day, zone), after});
  EXPECT_TRUE(tables.ok());
  return *tables;
}

TEST(Day, IsTwentyFourHoursOfItsZone) {
  const auto shanghai = ParseDay("2026-11-22", DayZone::kShanghai);
  const auto utc = ParseDay("2026-11-22", DayZone::kUtc);
  ASSERT_TRUE(shanghai.ok() && utc.ok());
  EXPECT_EQ(shanghai->from, kShanghai.hour());
  EXPECT_EQ(utc->from, kUtc.hour());
  EXPECT_EQ(shanghai->until - shanghai->from, 24u);
  EXPECT_TRUE(ParseDay("2028-02-29", DayZone::kUtc).ok());
  for (const char* text : {"", "2026-11-2", "2026-11-31", "2026-13-01", "2027-02-29", "20261122",
                           "2026-11-22 ", "1970-01-01", "2106-01-01", "x026-11-22", "9999-99-99"}) {
    EXPECT_FALSE(ParseDay(text, DayZone::kUtc).ok()) << text;
  }
  EXPECT_EQ(*ParseDayZone(""), DayZone::kShanghai);
  EXPECT_EQ(*ParseDayZone("UTC"), DayZone::kUtc);
  EXPECT_FALSE(ParseDayZone("utc").ok());
}

class DayTablesTest : public ::testing::Test {
 protected:
  void Enrol(uint32_t number, Time time, PrefixState state = PrefixState::kActive) {
    Enterprise enterprise = EnterpriseOf(number);
    enterprise.created = time;
    AllottedPrefix prefix = PrefixOf(number, "88.118." + std::to_string(number));
    prefix.created = time;
    prefix.state = state;
    Commit(time, [&](Change& change) {
      AddPutEnterprise(change, enterprise, {});
      AddPutPrefix(change, prefix, {});
      AddPrefixCount(change, prefix, {});
    });
  }
  void Register(uint32_t enterprise, int count, Time time) {
    Commit(time, [&](Change& change) {
      for (int i = 0; i < count; ++i) {
        AddCreate(change, "H88.118/" + std::to_string(serial_++), enterprise, RecordOf(enterprise));
      }
    });
  }
  void Remove(const std::string& key, uint32_t enterprise, Time time) {
    std::string scratch;
    const Position version = node_.registry().Find(key, Reach::kDisk, scratch)->version;
    Commit(time, [&](Change& change) { AddRemove(change, key, enterprise, version); });
  }
  void Resolve(uint32_t enterprise, int64_t times, Time time,
               TrafficClass traffic = TrafficClass::kExternal,
               ResolutionOutcome outcome = ResolutionOutcome::kFound) {
    Commit(time, [&](Change& change) {
      const TallyRow row = Resolutions(enterprise, times, time.hour(), traffic, outcome);
      AddTally(change, std::span(&row, 1));
    });
  }
  template <class Build>
  void Commit(Time time, Build&& build) {
    ASSERT_TRUE(node_.Commit(std::forward<Build>(build), time).done());
  }
  static SourcePart PartOfOne(uint8_t last, uint64_t count, uint64_t requests) {
    SourcePart part{.requests = requests};
    part.sources = {{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, last}, count, 0}};
    part.floor = requests - count;
    part.identifiers.Add(last);
    return part;
  }

  MemoryNode node_;
  int serial_ = 0;
};

TEST_F(DayTablesTest, OfAPastDayAreThoseOfItsEnd) {
  const Time before = At(kShanghai, -30), day = At(kShanghai, 1), after = At(kShanghai, 24);
  Enrol(1, before);
  Enrol(2, day);
  Enrol(3, after);
  Register(1, 5, before);
  Register(1, 2, day);
  Register(2, 4, day);
  Register(1, 7, after);
  Remove("H88.118/0", 1, day);
  Remove("H88.118/1", 1, after);
  Resolve(1, 10, before);
  Resolve(1, 20, day);
  Resolve(1, 3, day, TrafficClass::kProbe);
  Resolve(1, 4, day, TrafficClass::kExternal, ResolutionOutcome::kNotFound);
  Resolve(2, 8, day, TrafficClass::kInternal);
  Resolve(kNoEnterprise, 6, day, TrafficClass::kHeartbeat, ResolutionOutcome::kRefused);
  Resolve(1, 100, after);

  const DayTables tables = TablesOf(node_.engine(), DayZone::kShanghai);
  EXPECT_EQ(tables.table_3.day_registrations, 1);
  EXPECT_EQ(tables.table_3.total_registrations, 2);
  EXPECT_EQ(tables.table_3.day_requests, 41);
  EXPECT_EQ(tables.table_3.day_success, 20);
  EXPECT_EQ(tables.no_enterprise.day_requests, 6);
  EXPECT_EQ(tables.of_day.registered_gross, 6);
  EXPECT_EQ(tables.at_the_end.registered, 10);
  EXPECT_EQ(tables.at_the_end.registered_gross, 11);
  EXPECT_EQ(tables.at_the_end.resolutions, 30);
  EXPECT_EQ(tables.enterprises, 2);
  EXPECT_EQ(tables.active_enterprises, 2);
  ASSERT_EQ(tables.table_8.size(), 2u);
  const DayEnterprise& one = tables.table_8[0];
  EXPECT_EQ(one.code, "E1");
  EXPECT_EQ(one.row.day_registrations, 2);
  EXPECT_EQ(one.row.total_registrations, 6);
  EXPECT_EQ(one.row.day_requests, 27);
  EXPECT_EQ(one.row.day_success, 20);
  EXPECT_EQ(tables.table_8[1].row.total_registrations, 4);
  EXPECT_EQ(tables.table_8[1].row.day_success, 0);
  EXPECT_EQ(tables.classes.size(), 5u);

  // 17 hours of the Shanghai day belong to the day of UTC before.
  const DayTables utc = TablesOf(node_.engine(), DayZone::kUtc, "2026-11-21");
  EXPECT_EQ(utc.table_3.day_requests, 41);
  EXPECT_EQ(TablesOf(node_.engine(), DayZone::kUtc).table_3.day_requests, 100);
}

TEST_F(DayTablesTest, CountPrefixesFromTheHourOnInWhichTheyDo) {
  Enrol(1, At(kUtc, 0));
  Enrol(2, At(kUtc, 1), PrefixState::kUnhomed);
  Enrol(3, At(kUtc, 2), PrefixState::kSuspended);
  const auto prefixes = [&](std::string_view day) {
    const DayRow row = TablesOf(node_.engine(), DayZone::kUtc, day).table_3;
    return std::pair(row.day_registrations, row.total_registrations);
  };
  EXPECT_EQ(prefixes("2026-11-22"), std::pair(int64_t{2}, int64_t{2}));
  EXPECT_EQ(prefixes("2026-11-21"), std::pair(int64_t{0}, int64_t{0}));
  const auto change_to = [&](uint32_t number, PrefixState from, PrefixState to, Time time) {
    Commit(time, [&](Change& change) {
      AllottedPrefix prefix = PrefixOf(number, "88.118." + std::to_string(number));
      const auto present = node_.directory().View()->FindPrefix(prefix.prefix);
      prefix.state = to;
      AddPutPrefix(change, prefix, present->version);
      AddPrefixCount(change, prefix, from);
    });
  };
  change_to(1, PrefixState::kActive, PrefixState::kSuspended, At(kUtc, 25));
  change_to(1, PrefixState::kSuspended, PrefixState::kUnhomed, At(kUtc, 26));
  change_to(2, PrefixState::kUnhomed, PrefixState::kActive, At(kUtc, 50));
  EXPECT_EQ(prefixes("2026-11-22"), std::pair(int64_t{2}, int64_t{2}));
  EXPECT_EQ(prefixes("2026-11-23"), std::pair(int64_t{0}, int64_t{1}));
  EXPECT_EQ(prefixes("2026-11-24"), std::pair(int64_t{1}, int64_t{2}));
}

TEST_F(DayTablesTest, AnEnterpriseIsActiveForThirtyDays) {
  Enrol(1, At(kUtc, 0));
  Enrol(2, At(kUtc, 0));
  Register(1, 1, At(kUtc, 5));
  Resolve(2, 1, At(kUtc, 5), TrafficClass::kPageBeacon);
  EXPECT_EQ(TablesOf(node_.engine(), DayZone::kUtc).active_enterprises, 1);
  EXPECT_EQ(TablesOf(node_.engine(), DayZone::kUtc, "2026-12-21").active_enterprises, 1);
  EXPECT_EQ(TablesOf(node_.engine(), DayZone::kUtc, "2026-12-22").active_enterprises, 0);
}

TEST_F(DayTablesTest, NameSourcesWhoseCountsAndRestAreAllRequests) {
  Enrol(1, At(kUtc, 0));
  Resolve(1, 100, At(kUtc, 1));
  Resolve(1, 50, At(kUtc, 2));
  Resolve(1, 5, At(kUtc, 3));  // Nothing is known of them.
  const auto keep = [&](int hour, uint64_t nonce, const SourcePart& part) {
    const std::vector<PartOf> parts = {{kAllEnterprises, part}, {1, part}};
    Commit(At(kUtc, hour),
           [&](Change& change) { AddSourceParts(change, At(kUtc, hour).hour(), nonce, parts); });
  };
  keep(1, 1, PartOfOne(1, 60, 70));
  keep(1, 2, PartOfOne(2, 20, 30));
  keep(2, 3, PartOfOne(1, 50, 50));
  const DayTables tables = TablesOf(node_.engine(), DayZone::kUtc);
  for (const DayRow& row : {tables.table_3, tables.table_8.at(0).row}) {
    ASSERT_EQ(row.sources.sources.size(), 2u);
    EXPECT_EQ(TextOf(row.sources.sources[0].address), "192.0.2.1");
    EXPECT_EQ(row.sources.sources[0].count, 110u);
    EXPECT_EQ(row.sources.sources[0].error, 10u + 5u);  // Of the second part, and of none.
    EXPECT_EQ(row.sources.sources[1].count, 20u);
    EXPECT_EQ(row.sources.sources[1].error, 10u + 0u + 5u);
    EXPECT_EQ(row.sources.rest, 155 - 130);
    EXPECT_EQ(row.sources.unique_identifiers, 2u);
  }
}

TEST_F(DayTablesTest, ComeInPagesOfEnterprises) {
  const size_t all = limits::kDayRowsMax + 5;
  Commit(At(kUtc, 0), [&](Change& change) {
    for (uint32_t number = 1; number <= all; ++number) {
      Enterprise enterprise = EnterpriseOf(number);
      enterprise.created = At(kUtc, 0);
      AddPutEnterprise(change, enterprise, {});
    }
  });
  const DayTables first = TablesOf(node_.engine(), DayZone::kUtc);
  EXPECT_EQ(first.table_8.size(), limits::kDayRowsMax);
  EXPECT_EQ(first.next, limits::kDayRowsMax);
  EXPECT_EQ(first.enterprises, static_cast<int64_t>(all));
  const DayTables rest = TablesOf(node_.engine(), DayZone::kUtc, "2026-11-22", *first.next);
  EXPECT_EQ(rest.table_8.size(), 5u);
  EXPECT_FALSE(rest.next);
  EXPECT_EQ(rest.enterprises, static_cast<int64_t>(all));
}

TEST_F(DayTablesTest, CountNodesThatDocked) {
  Commit(At(kUtc, 30), [](Change& change) {
    AddDockChild(change, {.number = 1, .node_id = "below", .docked = At(kUtc, 30)});
  });
  EXPECT_EQ(TablesOf(node_.engine(), DayZone::kUtc).docked_nodes, 0);
  EXPECT_EQ(TablesOf(node_.engine(), DayZone::kUtc, "2026-11-23").docked_nodes, 1);
}

TEST_F(DayTablesTest, AreOneDocument) {
  Enrol(1, At(kUtc, 0));
  Register(1, 2, At(kUtc, 1));
  Resolve(1, 9, At(kUtc, 2));
  const std::vector<PartOf> parts = {{1, PartOfOne(1, 9, 9)}};
  Commit(At(kUtc, 2),
         [&](Change& change) { AddSourceParts(change, At(kUtc, 2).hour(), 1, parts); });
  const std::string document = DayDocument(TablesOf(node_.engine(), DayZone::kUtc));
  const std::string_view kRow =
      R"("table_8":[{"number":1,"code":"E1","prefixes":[{"scheme":"handle","prefix":"88.118.1"}],)"
      R"("active":true,"day_registrations":2,"total_registrations":2,"day_requests":9,)"
      R"("day_success":9,"unique_identifiers":1,"unlooked_resolutions":0,)"
      R"("sources":[{"ip":"192.0.2.1","count":9,"error":0}],"sources_rest":0}])";
  EXPECT_NE(document.find(kRow), std::string::npos) << document;
  EXPECT_TRUE(document.starts_with(
      R"({"rules":"idnode-counting-2","day":"2026-11-22","zone":"UTC",)"
      R"("from":"2026-11-22T00:00:00Z","until":"2026-11-23T00:00:00Z","table_3":)"))
      << document;
}

}  // namespace
}  // namespace idnode
