#include "node/service/act_log.h"

#include <gmock/gmock.h>

#include "node/service/subjects.h"
#include "tests/unit/node/service/node_under_test.h"
#include "tests/unit/proto/business/subject_example.h"

namespace idnode {
namespace {

using ::testing::ElementsAre;

class ActLogTest : public NodeUnderTest {
 protected:
  // Actor, act and subject of each, as one text; "!" before who was refused.
  std::vector<std::string> Listed(const ActLog::Question& question, const Caller& caller) {
    std::vector<std::string> rows;
    std::string cursor;
    do {
      ActLog::Question asked = question;
      asked.cursor = cursor;
      const auto page = act_log.List(asked, caller);
      EXPECT_TRUE(page.ok());
      if (!page) break;
      for (const RecordedAct& act : page->acts) {
        rows.push_back((act.is_refused ? "!" : "") + act.actor + " " + act.act + " " + act.subject +
                       (act.count > 1 ? " " + std::to_string(act.count) : ""));
      }
      cursor = page->next_cursor;
    } while (!cursor.empty());
    return rows;
  }

  const ActLog act_log{*log, *ledger, *directory, *acts};
  const Caller auditor{.anonymous = false, .role = Role::kAuditOfficer, .actor = "token:auditor"};
};

TEST_F(ActLogTest, TellsWhoDidWhat) {
  const Position before = ledger->head();
  const Time later{kNow.ms + 1'000};
  ASSERT_TRUE(enrolment->PutEnterprise({.code = "acme", .state = "suspended"}, op, later).ok());
  ASSERT_TRUE(enrolment->PutEnterprise({.code = "acme", .state = "active"}, op, later).ok());
  ASSERT_TRUE(Register({Item("88.118.8/a"), Item("88.118.8/b")}, acme, "", later).status.ok());
  const auto token = enrolment->CreateToken({.role = Role::kReader, .note = "n"}, op, later);
  ASSERT_TRUE(enrolment->RevokeToken(token->token.id, op, Time{later.ms + 1}).ok());
  Subjects subjects{*engine, *directory, *ledger, *acts, secrets, "00112233aabbccdd"};
  const std::string document = boost::json::serialize(EnterpriseExample());
  ASSERT_TRUE(subjects.Put({.whose = "acme", .document = document}, acme, later).status.ok());
  ASSERT_TRUE(subjects.Show("acme", true, op, later).ok());
  ASSERT_TRUE(acts->Begin(op, Act::kBackup, "/b").ok());
  ASSERT_FALSE(acts->Begin(acme, Act::kBackup, "/c").ok());
  ASSERT_TRUE(acts->Begin(op, Act::kReadLog, "records").ok());  // After what was refused.

  const std::string id = token->token.id;
  std::vector<std::string> told = Listed({}, auditor);
  told.erase(told.begin(), told.begin() + static_cast<int64_t>(before.value));
  EXPECT_THAT(told,
              ElementsAre("token:operator put_enterprise acme suspended",
                          "token:operator put_enterprise acme active",
                          "token:acme register 88.118.8/A 2", "token:operator create_token " + id,
                          "token:operator revoke_token " + id, "token:acme put_subject acme",
                          "token:operator see_personal acme", "token:operator backup /b",
                          "!token:acme backup /c", "token:operator read_log records"));
}

TEST_F(ActLogTest, IsAskedByActorActAndTime) {
  ASSERT_TRUE(Register({Item("88.118.8/a")}, acme, "", Time{kNow.ms + 5'000}).status.ok());
  EXPECT_THAT(Listed({.actor = "token:acme"}, auditor),
              ElementsAre("token:acme register 88.118.8/A"));
  EXPECT_THAT(Listed({.act = "register"}, auditor), ElementsAre("token:acme register 88.118.8/A"));
  EXPECT_THAT(Listed({.since = Time{kNow.ms + 5'000}}, auditor),
              ElementsAre("token:acme register 88.118.8/A"));
  EXPECT_TRUE(Listed({.since = Time{kNow.ms + 5'001}}, auditor).empty());
  EXPECT_EQ(act_log.List({.act = "frobnicate"}, auditor).error().code, Errc::kMalformed);
}

TEST_F(ActLogTest, ComesInPagesThatEndThoughEachPageIsAnActItself) {
  const auto whole = Listed({}, auditor);
  const auto in_pages = Listed({.count = 1}, auditor);
  ASSERT_EQ(in_pages.size(), whole.size() + 1);  // The first asking was an act, too.
  EXPECT_EQ(in_pages.back(), "token:auditor list_acts ");
  for (const auto* cursor : {"x", "1", "-1", "1-", "0-1", "1-999999", "1-1x"}) {
    EXPECT_EQ(act_log.List({.cursor = cursor}, auditor).error().code, Errc::kInvalidCursor)
        << cursor;
  }
  EXPECT_EQ(act_log.List({.count = 1'001}, auditor).error().code, Errc::kTooLarge);
}

TEST_F(ActLogTest, IsForAuditorsAndShowsNothingWhereAskingCannotBePutOnRecord) {
  EXPECT_EQ(act_log.List({}, acme).error().code, Errc::kDenied);
  EXPECT_EQ(act_log.List({}, {}).error().code, Errc::kUnauthenticated);
  ledger->Refuse(Errc::kDiskFull);
  EXPECT_EQ(act_log.List({}, auditor).error().code, Errc::kDiskFull);
}

}  // namespace
}  // namespace idnode
