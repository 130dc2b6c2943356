#include <gtest/gtest.h>

#include <map>
#include <set>

#include "storage/acts.h"
#include "storage/log_record.h"
#include "tests/front/roles/doors.h"

namespace idnode {
namespace {

class RolesTest : public DoorsTest {
 protected:
  explicit RolesTest(std::chrono::milliseconds patience = std::chrono::seconds(60))
      : DoorsTest(patience) {}

  // What the log says since `before`, an item a row: actor, kind, and the name of an act.
  struct Recorded {
    std::string actor;
    EventKind kind;
    std::string key;
  };
  std::vector<Recorded> Since(uint64_t before) const {
    std::vector<Recorded> rows;
    const auto thin = node_.store->log().Read(Position{before + 1}, head() - before, 64u << 20);
    for (const std::string& octets : *thin) {
      const auto record = DecodeThin(octets);
      for (const LogItem& item : record->items) {
        rows.push_back({std::string(record->actor), item.kind, std::string(item.key)});
      }
    }
    return rows;
  }
  // Refusals are put on record without anybody waiting for it.
  uint64_t HeadWhenQuiet() {
    EXPECT_TRUE(node_.acts->Begin(node_.op, Act::kBackup, "").ok());
    return head();
  }
  void ExpectOnRecord(const Door& door, const std::string& actor, uint64_t before) const {
    const ActRow& row = RowOf(door.act);
    const auto since = Since(before);
    if (row.kept == Kept::kNot) {
      EXPECT_TRUE(since.empty());
      return;
    }
    EXPECT_TRUE(std::ranges::any_of(since, [&](const Recorded& recorded) {
      if (recorded.actor != actor || recorded.kind == EventKind::kActRefused) return false;
      if (row.kept == Kept::kItself) return true;
      return recorded.kind == EventKind::kSubjectLooked || recorded.key == row.name;
    }));
  }
};

TEST_F(RolesTest, HaveADoorForEveryAct) {
  std::set<Act> acts = {Act::kDock};  // That is the conversation's: tests/system_sync.
  for (const Door& door : Doors()) acts.insert(door.act);
  EXPECT_EQ(acts.size(), kActRows.size());
}

TEST_F(RolesTest, OpenTheDoorsOfTheTableAndNoOther) {
  const auto doors = Doors();
  size_t cells = 0;
  for (const Role role : kTokenRoles) {
    const std::string token = TokenOf(role, "acme");
    size_t refused = 0;
    for (const Door& door : doors) {
      SCOPED_TRACE(std::string(NameOf(role)) + ": " + std::string(door.name) + " (" +
                   std::string(RowOf(door.act).name) + ")");
      ++cells;
      const Digest state = DigestOfState();
      const uint64_t before = HeadWhenQuiet();
      const std::string said = door.knock(token);
      if (ExtentOf(role, door.act) != Extent::kNone) {
        EXPECT_EQ(said, "done");
        ExpectOnRecord(door, ActorOf(token), before);
        continue;
      }
      EXPECT_EQ(said, "denied");
      EXPECT_EQ(DigestOfState(), state);
      refused += RowOf(door.act).kept == Kept::kNot ? 0 : 1;
    }
    if (refused == 0) continue;
    const auto all = Since(0);
    EXPECT_TRUE(std::ranges::any_of(all, [&](const Recorded& recorded) {
      return recorded.actor == ActorOf(token) && recorded.kind == EventKind::kActRefused;
    })) << NameOf(role);
  }
  EXPECT_EQ(cells, doors.size() * kTokenRoles.size());
}

TEST_F(RolesTest, KeepWhoIsOfAnEnterpriseOutOfAnother) {
  const auto doors = Doors();
  for (const Role role : kTokenRoles) {
    if (!IsOfEnterprise(role)) continue;
    const std::string token = TokenOf(role, "other");
    for (const Door& door : doors) {
      SCOPED_TRACE(std::string(NameOf(role)) + ": " + std::string(door.name));
      const Digest state = DigestOfState();
      EXPECT_NE(door.knock(token), "done");
      EXPECT_EQ(DigestOfState(), state);
    }
  }
}

TEST_F(RolesTest, OpenNoDoorToNobody) {
  const uint64_t before = HeadWhenQuiet();
  const Digest state = DigestOfState();
  for (const Door& door : Doors()) {
    const std::string said = door.knock("");
    EXPECT_TRUE(said == "unauthenticated" || (door.act == Act::kReadValues && said == "denied"))
        << door.name << ": " << said;
  }
  EXPECT_EQ(DigestOfState(), state);
  EXPECT_EQ(head(), before);  // Nobody cannot fill the log.
}

TEST_F(RolesTest, DoNothingThatCannotBePutOnRecord) {
  const auto doors = Doors();
  for (const Errc why : {Errc::kDiskFull, Errc::kReadOnly}) {
    node_.store->ledger().Refuse(why);
    const Digest state = DigestOfState();
    const uint64_t before = head();
    for (const Door& door : doors) {
      if (RowOf(door.act).kept == Kept::kNot) continue;
      EXPECT_NE(door.knock(node_.operator_token), "done") << door.name;
      EXPECT_EQ(DigestOfState(), state) << door.name;
    }
    EXPECT_EQ(head(), before);
    node_.store->ledger().Allow();
  }
  for (const Door& door : doors) {
    if (door.act == Act::kDock) continue;
    EXPECT_EQ(door.knock(node_.operator_token), "done") << door.name;
  }
}

class StalledSinkTest : public RolesTest {
 protected:
  StalledSinkTest() : RolesTest(std::chrono::milliseconds(200)) {}
};

TEST_F(StalledSinkTest, ShowsNothingThatShouldBeOnRecord) {
  const auto doors = Doors();
  const Digest state = DigestOfState();
  node_.stall.Set(true);
  for (const Door& door : doors) {
    // What is written itself waits for the ledger, and is done when that is.
    if (RowOf(door.act).kept != Kept::kFirst) continue;
    EXPECT_NE(door.knock(node_.operator_token), "done") << door.name;
  }
  EXPECT_EQ(DigestOfState(), state);
  node_.stall.Set(false);
}

}  // namespace
}  // namespace idnode
