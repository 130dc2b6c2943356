#include "node/service/incident_watch.h"

#include <gtest/gtest.h>

namespace idnode {
namespace {

constexpr Time kNow{1'795'248'000'000};

class IncidentWatchTest : public testing::Test {
 protected:
  // Each turn as "+about" or "-about", after so many seconds more.
  std::string Look(uint64_t seconds = 1) {
    sight.now.ms += seconds * 1'000;
    std::string told;
    turns = watch.Look(sight);
    for (const auto& turn : turns) {
      told += (turn.kind == IncidentKind::kAbnormal ? "+" : "-") + turn.about;
    }
    return told;
  }
  IncidentWatch watch{{}};
  IncidentWatch::Sight sight{.now = kNow};
  std::vector<IncidentWatch::Turn> turns;
};

TEST_F(IncidentWatchTest, TellsOfTheLedgerOnceAndThatItIsOver) {
  EXPECT_EQ(Look(), "");
  sight.writable = false;
  EXPECT_EQ(Look(), "+ledger");
  EXPECT_EQ(turns.at(0).at, sight.now.seconds());
  EXPECT_EQ(Look(), "");
  sight.writable = true;
  EXPECT_EQ(Look(), "-ledger");
  EXPECT_EQ(Look(), "");
}

TEST_F(IncidentWatchTest, TellsOfTheNodeAboveAfterAMinuteAndSinceWhen) {
  sight.has_above = true;
  EXPECT_EQ(Look(), "");
  const uint64_t since = sight.now.seconds();
  EXPECT_EQ(Look(60), "");
  EXPECT_EQ(Look(), "+upstream");
  EXPECT_EQ(turns.at(0).at, since);
  EXPECT_EQ(turns.at(0).cause, IncidentCause::kNetwork);
  sight.above_connected = true;
  EXPECT_EQ(Look(), "-upstream");
  sight.above_connected = false;
  EXPECT_EQ(Look(59), "") << "a short break is none";
  sight.above_connected = true;
  EXPECT_EQ(Look(), "");
  sight.above_connected = false;
  EXPECT_EQ(Look(59), "");
}

TEST_F(IncidentWatchTest, TellsOfANodeBelowAfterThreeBeats) {
  sight.below = {{.number = 3, .node_id = "abc", .prefix = "88.118.3", .connected = true}};
  EXPECT_EQ(Look(), "");
  sight.below[0].connected = false;
  sight.below[0].last_seen = sight.now;
  EXPECT_EQ(Look(45), "");
  EXPECT_EQ(Look(), "+child-3");
  EXPECT_NE(turns.at(0).detail.find("88.118.3"), std::string::npos);
  EXPECT_EQ(turns.at(0).at, sight.below[0].last_seen.seconds());
  sight.below[0].connected = true;
  EXPECT_EQ(Look(), "-child-3");
}

TEST_F(IncidentWatchTest, GivesANodeBelowTimeAfterTheStart) {
  sight.below = {{.number = 3, .node_id = "abc", .prefix = "88.118.3"}};
  EXPECT_EQ(Look(), "");
  EXPECT_EQ(Look(45), "");
  EXPECT_EQ(Look(), "+child-3");
}

TEST_F(IncidentWatchTest, EndsAfterARestartWhatIsOver) {
  watch = IncidentWatch({"ledger", "upstream", "child-7"});
  EXPECT_EQ(Look(), "-ledger-upstream-child-7");
}

TEST_F(IncidentWatchTest, LeavesOpenAfterARestartWhatIsNotOver) {
  watch = IncidentWatch({"upstream", "child-3"});
  sight.has_above = true;
  sight.below = {{.number = 3, .node_id = "abc", .prefix = "88.118.3"}};
  EXPECT_EQ(Look(), "");
  EXPECT_EQ(Look(61), "") << "it is told already";
  sight.above_connected = sight.below[0].connected = true;
  EXPECT_EQ(Look(), "-upstream-child-3");
}

TEST_F(IncidentWatchTest, IsNotMovedByAClockThatGoesBack) {
  sight.has_above = true;
  EXPECT_EQ(Look(), "");
  sight.now.ms -= 3'600'000;
  EXPECT_EQ(Look(), "");
}

}  // namespace
}  // namespace idnode
