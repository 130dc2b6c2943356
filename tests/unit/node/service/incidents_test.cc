#include "node/service/incidents.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <string>

#include "node/service/acts.h"
#include "node/service/supervision.h"
#include "storage/day_filing.h"
#include "tests/unit/storage/table_fixture.h"

namespace idnode {
namespace {

class IncidentsTest : public testing::Test {
 protected:
  IncidentsTest() {
    officer.anonymous = false;
    officer.role = Role::kSystemOfficer;
    officer.actor = "token:1";
  }
  Incidents Make() {
    return Incidents(
        node.engine(), node.ledger(), acts, [this] { return ++chance; }, "88.118");
  }
  boost::json::array List(const Incidents& of, bool open_only = false) {
    const auto text = of.List({.open_only = open_only}, officer);
    EXPECT_TRUE(text.ok());
    return boost::json::parse(*text).at("incidents").as_array();
  }
  static IncidentWatch::Turn Turn(IncidentKind kind, const std::string& about, uint64_t at) {
    return {.kind = kind, .about = about, .at = at, .detail = "detail"};
  }

  MemoryNode node;
  Acts acts{node.ledger(), [] { return kMorning; }};
  uint64_t chance = 0;
  Incidents incidents{node.engine(), node.ledger(), acts, [this] { return ++chance; }, "88.118"};
  Caller officer;
  const uint64_t at = kMorning.seconds();
};

TEST_F(IncidentsTest, PairsWhatIsOpenedWithWhatIsClosed) {
  const auto number =
      incidents.Open({.cause = IncidentCause::kAttack, .detail = "扫描 scans"}, officer, kMorning);
  ASSERT_TRUE(number.ok());
  EXPECT_EQ(List(incidents, true).size(), 1u);
  EXPECT_EQ(incidents.Close("20261121T080000Z-hand-00ffff", "?", 0, officer, kMorning).error().code,
            Errc::kNotFound);
  const auto closing =
      incidents.Close(*number, "已封禁 blocked", at + 5, officer, Time{kMorning.ms + 10'000});
  ASSERT_TRUE(closing.ok());
  EXPECT_EQ(incidents.Close(*number, "again", 0, officer, kMorning).error().code, Errc::kNotFound);
  const auto events = List(incidents);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].at("kind"), "abnormal");
  EXPECT_EQ(events[0].at("cause"), "attack");
  EXPECT_EQ(events[1].at("closes").as_string(), *number);
  EXPECT_TRUE(List(incidents, true).empty());
}

TEST_F(IncidentsTest, RefusesWhatIsNone) {
  const auto why = [&](const Incidents::Opening& opening, const Caller& caller) {
    return incidents.Open(opening, caller, kMorning).error().code;
  };
  EXPECT_EQ(why({.detail = ""}, officer), Errc::kMalformed);
  EXPECT_EQ(why({.detail = "a\nb"}, officer), Errc::kMalformed);
  EXPECT_EQ(why({.detail = std::string(1'001, 'x')}, officer), Errc::kMalformed);
  EXPECT_EQ(why({.detail = "planned: not by its member"}, officer), Errc::kMalformed);
  EXPECT_EQ(why({.detail = "later", .at = at + 1}, officer), Errc::kMalformed);
  EXPECT_EQ(why({.detail = "x"}, {}), Errc::kUnauthenticated);
  Caller reader = officer;
  reader.role = Role::kReader;
  EXPECT_EQ(why({.detail = "x"}, reader), Errc::kDenied);
  const auto number = incidents.Open({.detail = "x"}, officer, kMorning);
  EXPECT_EQ(incidents.Close(*number, "before", at - 1, officer, kMorning).error().code,
            Errc::kMalformed);
}

TEST_F(IncidentsTest, OfOneThingAreNeverOpenTwice) {
  incidents.Take({Turn(IncidentKind::kAbnormal, "upstream", at)});
  incidents.Take({Turn(IncidentKind::kAbnormal, "upstream", at + 1)});
  incidents.Put(kMorning);
  incidents.Take({Turn(IncidentKind::kAbnormal, "upstream", at + 2)});
  incidents.Put(kMorning);
  EXPECT_EQ(List(incidents).size(), 1u);
  EXPECT_EQ(incidents.OpenAbouts(), std::set<std::string>{"upstream"});
  incidents.Take({Turn(IncidentKind::kRecovered, "upstream", at + 3),
                  Turn(IncidentKind::kRecovered, "upstream", at + 4)});
  incidents.Put(kMorning);
  EXPECT_EQ(List(incidents).size(), 2u);
}

TEST_F(IncidentsTest, AreRememberedOverARestart) {
  incidents.Take({Turn(IncidentKind::kAbnormal, "child-3", at)});
  incidents.Put(kMorning);
  Incidents again = Make();
  ASSERT_TRUE(again.Read().ok());
  EXPECT_EQ(again.OpenAbouts(), std::set<std::string>{"child-3"});
  again.Take({Turn(IncidentKind::kRecovered, "child-3", at + 9)});
  again.Put(kMorning);
  EXPECT_TRUE(again.OpenAbouts().empty());
  Incidents third = Make();
  ASSERT_TRUE(third.Read().ok());
  EXPECT_TRUE(third.OpenAbouts().empty());
}

TEST_F(IncidentsTest, WaitForALedgerThatTakesNoWrites) {
  node.ledger().Refuse(Errc::kDiskFull);
  incidents.Take({Turn(IncidentKind::kAbnormal, "ledger", at)});
  incidents.Put(kMorning);
  EXPECT_TRUE(List(incidents).empty());
  incidents.Take({Turn(IncidentKind::kRecovered, "ledger", at + 60)});
  node.ledger().Allow();
  incidents.Put(kMorning);
  const auto events = List(incidents);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].at("at"), "2026-11-21T08:00:00Z");
  EXPECT_EQ(events[1].at("at"), "2026-11-21T08:01:00Z");
  EXPECT_EQ(events[1].at("closes"), events[0].at("number"));
}

TEST_F(IncidentsTest, ThatAreOverAsTheyAreToldAreClosedAtOnce) {
  incidents.TakeOver(Turn(IncidentKind::kAbnormal, "stop", at), at + 30);
  incidents.Put(kMorning);
  EXPECT_EQ(List(incidents).size(), 2u);
  EXPECT_TRUE(incidents.OpenAbouts().empty());
}

TEST_F(IncidentsTest, StandInTheDocumentOfTheirDays) {
  const auto number = incidents.Open({.planned = true, .detail = "升级"}, officer, kMorning);
  ASSERT_TRUE(incidents.Close(*number, "完成", 0, officer, Time{kMorning.ms + 60'000}).ok());
  ASSERT_TRUE(node.Commit([](Change& change) {
                    AddOwnFiling(change, EventKind::kDayPut,
                                 {FilingTable::kOwnStatistics, "2026-11-20/H88.118"},
                                 EncodeStatistics({.rules = "r"}));
                    AddOwnFiling(change, EventKind::kDayPut,
                                 {FilingTable::kOwnMonitoring, "2026-11-20/H88.118"},
                                 EncodeMonitoring({.seconds_up = 86'400}));
                  })
                  .done());
  const Supervision supervision(node.engine(), acts, incidents, "88.118");
  const auto text = supervision.Days("2026-11-20", "2026-11-21", 0, officer);
  ASSERT_TRUE(text.ok()) << text.error().detail;
  EXPECT_EQ(*text, *supervision.Days("2026-11-20", "2026-11-21", 0, officer));
  const auto days = boost::json::parse(*text);
  EXPECT_EQ(days.at("missing").as_array(), (boost::json::array{"2026-11-21"}));
  EXPECT_EQ(days.at("days").as_array().size(), 1u);
  const auto& pair = days.at("incidents").as_array().at(0);
  EXPECT_EQ(pair.at("planned"), true);
  EXPECT_EQ(pair.at("detail"), "planned: 升级");
  EXPECT_EQ(pair.at("recovered_at"), "2026-11-21T08:01:00Z");
  const auto before = boost::json::parse(*supervision.Days("2026-11-19", "2026-11-20", 0, officer));
  EXPECT_TRUE(before.at("incidents").as_array().empty());
  for (const auto& [from, until] :
       std::vector<std::pair<std::string, std::string>>{{"2026-11-21", "2026-11-20"},
                                                        {"2025-01-01", "2026-11-20"},
                                                        {"x", "2026-11-20"},
                                                        {"2026-11-20", ""}}) {
    EXPECT_EQ(supervision.Days(from, until, 0, officer).error().code, Errc::kMalformed);
  }
  EXPECT_EQ(supervision.Days("2026-11-20", "2026-11-20", 9, officer).error().code, Errc::kNotFound);
  EXPECT_EQ(supervision.Days("2026-11-20", "2026-11-20", 0, {}).error().code,
            Errc::kUnauthenticated);
}

}  // namespace
}  // namespace idnode
