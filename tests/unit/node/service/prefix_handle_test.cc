#include "node/service/prefix_handle.h"

#include "tests/unit/node/service/handle_node.h"

namespace idnode {
namespace {

constexpr Errc kDone = Errc::kInternal;

TEST(PrefixHandle, IsMeantByATextWithoutASlash) {
  EXPECT_EQ(PrefixHandleOf("88.118.8"), "0.NA/88.118.8");
  EXPECT_EQ(PrefixHandleOf("0.NA/88.118.8"), "0.NA/88.118.8");
  EXPECT_EQ(PrefixHandleOf("88.118.8/1"), "88.118.8/1");
}

class HomingTest : public HandleNode {
 protected:
  HandleAsked Home(std::string_view prefix, HandleAction action = HandleAction::kHome) {
    return Asked(action, prefix);
  }
  PrefixState StateOf(const std::string& prefix) {
    return directory->View()->FindPrefix({Scheme::kHandle, prefix})->state;
  }
};

TEST_F(HomingTest, IsForAdministratorsOfTheServer) {
  for (const HandleAction action : {HandleAction::kHome, HandleAction::kUnhome}) {
    EXPECT_EQ(RefusalAtOnce(Home("88.118.70", action)), Errc::kUnauthenticated);
    EXPECT_EQ(Refusal(Home("88.118.70", action), admin), Errc::kDenied);
    EXPECT_EQ(Refusal(Home("88.118.70/x", action), server), Errc::kInvalidIdentifier);
    EXPECT_EQ(RowOf(Errc::kInvalidIdentifier).handle_rc, 102u);
  }
  HandleAuthority token;
  token.caller = acme;
  EXPECT_EQ(CodeOf(Perform(Home("88.118.70"), token)), Errc::kDenied);
}

TEST_F(HomingTest, AllotsAPrefixThatNobodyHoldsToAnEnterpriseOfItsName) {
  EXPECT_EQ(Refusal(Home("0.NA/88.118.70"), server), kDone);
  const auto view = directory->View();
  const Enterprise* enterprise = view->FindEnterpriseByCode("88.118.70");
  ASSERT_NE(enterprise, nullptr);
  EXPECT_EQ(enterprise->name, "88.118.70");
  EXPECT_EQ(view->FindPrefix({Scheme::kHandle, "88.118.70"})->enterprise, enterprise->number);
  const Position head = ledger->head();
  EXPECT_EQ(Refusal(Home("88.118.70"), server), kDone);
  EXPECT_EQ(ledger->head(), head) << "the same again changes nothing";
  EXPECT_EQ(Refusal(Create("88.118.70/1"), server), kDone);
}

TEST_F(HomingTest, GivesNoPrefixThatIsNotTheNodesToGive) {
  EXPECT_EQ(Refusal(Home("20.500"), server), Errc::kNotHomed);
  EXPECT_EQ(Refusal(Home("88"), server), Errc::kNotHomed);
  EXPECT_EQ(Refusal(Home("88.118.x"), server), Errc::kInvalidIdentifier);
}

TEST_F(HomingTest, EndsWithUnhomeAndBeginsAgain) {
  EXPECT_EQ(Refusal(Home("88.118.8", HandleAction::kUnhome), server), kDone);
  EXPECT_EQ(StateOf("88.118.8"), PrefixState::kUnhomed);
  EXPECT_EQ(operations->CheckHomed("88.118.8/1").error().code, Errc::kNotHomed);
  EXPECT_EQ(Refusal(Home("88.118.8", HandleAction::kUnhome), server), kDone);
  EXPECT_EQ(Refusal(Home("88.118.8"), server), kDone);
  EXPECT_EQ(StateOf("88.118.8"), PrefixState::kActive);
  EXPECT_TRUE(operations->CheckHomed("88.118.8/1").ok());
  EXPECT_EQ(Refusal(Home("88.118.71", HandleAction::kUnhome), server), kDone) << "never homed";
}

TEST_F(HomingTest, LiftsNoSuspension) {
  ASSERT_TRUE(
      enrolment->PutPrefix({Scheme::kHandle, "88.118.8", "acme", "suspended"}, op, kNow).ok());
  EXPECT_EQ(Refusal(Home("88.118.8"), server), Errc::kPrefixInactive);
  EXPECT_EQ(Refusal(Home("88.118.8", HandleAction::kUnhome), server), Errc::kPrefixInactive);
  EXPECT_EQ(StateOf("88.118.8"), PrefixState::kSuspended);
}

TEST_F(HomingTest, OfTheNodesOwnPrefixStays) {
  EXPECT_EQ(Refusal(Home("88.118", HandleAction::kUnhome), server), Errc::kDenied);
  EXPECT_TRUE(operations->CheckHomed("88.118.77.5").ok()) << "it speaks for all below";
}

class PrefixHandles : public HandleNode {};

TEST_F(PrefixHandles, AreAnsweredForWhereAParentIsHomed) {
  EXPECT_TRUE(operations->CheckHomed("88.118.8").ok());
  EXPECT_TRUE(operations->CheckHomed("0.na/88.118.77").ok());
  EXPECT_EQ(operations->CheckHomed("88.118").error().code, Errc::kNotHomed);
  EXPECT_EQ(operations->CheckHomed("20.500").error().code, Errc::kNotHomed);
  Put("0.NA/88.118", Values(), op);
  EXPECT_TRUE(operations->CheckHomed("88.118").ok()) << "where it has a record";
}

TEST_F(PrefixHandles, AreCreatedByWhoMayDerivePrefixes) {
  Put("0.NA/88.118.8", {AdminValue(100, admin_permission::kAddDerivedPrefix, admin.handle, 300)},
      op);
  EXPECT_EQ(Refusal(Create("0.NA/88.118.8.1", Values()), admin), kDone);
  EXPECT_EQ(Refusal(Create("0.NA/88.118.7", Values()), admin), Errc::kDenied);
  EXPECT_EQ(Refusal(Create("0.NA/20.500.1", Values()), admin), Errc::kNotHomed);
  Put("0.NA/88.118.8", {AdminValue(100, admin_permission::kAddHandle, admin.handle, 300)}, op);
  EXPECT_EQ(Refusal(Create("0.NA/88.118.8.2", Values()), admin), Errc::kDenied);
  EXPECT_EQ(Sum(Metric::kCreated), 1) << "the administrator's own alone";
}

TEST_F(PrefixHandles, AreChangedByTheirOwnAdministrators) {
  const Value value = ValueOf(2, "DESC", "x");
  EXPECT_EQ(Refusal(Asked(HandleAction::kAdd, "0.NA/88.118.8", {value}), admin), kDone);
  EXPECT_EQ(DataAt("0.NA/88.118.8", 2), "x");
  const Value more = ValueOf(3, "DESC", "x");
  EXPECT_EQ(Refusal(Asked(HandleAction::kAdd, "0.NA/88.118.8", {more}), stranger), Errc::kDenied);
  EXPECT_EQ(Refusal(Asked(HandleAction::kDelete, "0.na/88.118.8"), admin), kDone);
  EXPECT_EQ(Find("88.118.8").error().code, Errc::kNotFound);
  EXPECT_EQ(Refusal(Create("88.118.8/1"), admin), Errc::kDenied) << "nobody is named any more";
}

TEST_F(PrefixHandles, OfTheNodesOwnPrefixNameWhoDerivesFromIt) {
  EXPECT_EQ(Refusal(Create("0.NA/88.118"), admin), Errc::kDenied);
  EXPECT_EQ(Refusal(Create("0.NA/88.118", {AdminValue(100, admin_permission::kAddDerivedPrefix,
                                                      admin.handle, 300)}),
                    server),
            kDone);
  EXPECT_EQ(Refusal(Create("0.NA/88.118.70"), admin), kDone);
  EXPECT_EQ(Find("88.118.70")->record.enterprise(), kNoEnterprise);
}

TEST_F(PrefixHandles, ThatAreAbsentReferToWhereTheyAreServed) {
  EXPECT_TRUE(operations->FindReferral("88.118.8.5.6").values.empty());
  Put("0.NA/88.118.8",
      {ValueOf(1, "URL", "x"), ValueOf(2, "HS_SITE.PREFIX", "site"),
       ValueOf(3, "HS_SERV.PREFIX", "hidden", kAdminRead), ValueOf(4, "HS_NA_DELEGATE", "old")},
      op);
  for (const char* absent : {"88.118.8.5", "0.na/88.118.8.5.6"}) {
    const HandleReferral referral = operations->FindReferral(absent);
    ASSERT_EQ(referral.values.size(), 2u) << absent;
    EXPECT_EQ(referral.values[0].data, "site");
    EXPECT_EQ(referral.values[1].data, "old");
  }
  EXPECT_TRUE(operations->FindReferral("88.118.8").values.empty()) << "it is there";
  EXPECT_TRUE(operations->FindReferral("88.118.9").values.empty());
  EXPECT_TRUE(operations->FindReferral("88.118.8/1").values.empty());
  EXPECT_TRUE(operations->FindReferral("88").values.empty());
}

TEST_F(PrefixHandles, ThatAreAbsentReferWritesToo) {
  Put("0.NA/88.118.8", {ValueOf(2, "HS_SITE.PREFIX", "site")}, op);
  const HandleOutcome outcome =
      Perform(Asked(HandleAction::kAdd, "0.NA/88.118.8.5", Values()), Proven(server));
  EXPECT_EQ(CodeOf(outcome), Errc::kNotFound);
  ASSERT_EQ(outcome.referral.size(), 1u);
  EXPECT_EQ(outcome.referral[0].data, "site");
}

}  // namespace
}  // namespace idnode
