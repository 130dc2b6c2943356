#include "node/service/enrolment.h"

#include <thread>

#include "tests/unit/node/service/node_under_test.h"

namespace idnode {
namespace {

using EnrolmentTest = NodeUnderTest;

TEST_F(EnrolmentTest, EnrolsAnEnterpriseOnceHoweverOftenItIsAsked) {
  const Position before = ledger->head();
  const auto first = enrolment->PutEnterprise({"mill", "Mill 1", ""}, op, kNow);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->number, 3u);
  EXPECT_EQ(first->version, ledger->head());
  const auto again = enrolment->PutEnterprise({"mill", "", ""}, op, kNow);
  EXPECT_EQ(again->version, first->version);
  EXPECT_EQ(ledger->head().value, before.value + 1);
  const auto renamed = enrolment->PutEnterprise({"mill", "Mill 2", "suspended"}, op, kNow);
  EXPECT_EQ(renamed->number, 3u);
  EXPECT_EQ(directory->View()->FindEnterpriseByCode("mill")->name, "Mill 2");
  EXPECT_EQ(directory->View()->FindEnterprise(3)->state, EnterpriseState::kSuspended);
}

TEST_F(EnrolmentTest, NamesAnEnterpriseByItsCodeWhenItHasNoName) {
  EXPECT_EQ(enrolment->PutEnterprise({"mill", "", ""}, op, kNow)->name, "mill");
}

TEST_F(EnrolmentTest, RefusesCodesNamesAndStatesThatAreNone) {
  const auto refusal = [&](std::string code, std::string name, std::string state) {
    return enrolment->PutEnterprise({code, name, state}, op, kNow).error().code;
  };
  EXPECT_EQ(refusal("", "", ""), Errc::kMissingField);
  EXPECT_EQ(refusal("a b", "", ""), Errc::kMalformed);
  EXPECT_EQ(refusal(std::string(65, 'a'), "", ""), Errc::kMalformed);
  EXPECT_EQ(refusal("a", "\xFF", ""), Errc::kNotUtf8);
  EXPECT_EQ(refusal("a", "x\ny", ""), Errc::kControlCharacter);
  EXPECT_EQ(refusal("a", std::string(256, 'a'), ""), Errc::kTooLarge);
  EXPECT_EQ(refusal("a", "", "dead"), Errc::kMalformed);
  EXPECT_EQ(refusal("91350100M000100Y44", "", ""), Errc::kCheckDigit);
  EXPECT_TRUE(enrolment->PutEnterprise({"91350100M000100Y43", "", ""}, op, kNow).ok());
}

TEST_F(EnrolmentTest, LeavesARemovedEnterpriseRemoved) {
  ASSERT_TRUE(enrolment->PutEnterprise({"acme", "", "removed"}, op, kNow).ok());
  EXPECT_TRUE(enrolment->PutEnterprise({"acme", "", "removed"}, op, kNow).ok());
  EXPECT_EQ(enrolment->PutEnterprise({"acme", "", "active"}, op, kNow).error().code,
            Errc::kEnterpriseInactive);
  EXPECT_EQ(enrolment->PutPrefix({Scheme::kHandle, "88.118.70", "acme", ""}, op, kNow).error().code,
            Errc::kEnterpriseInactive);
}

TEST_F(EnrolmentTest, AllotsAPrefixToOneEnterpriseForGood) {
  const auto allotted =
      enrolment->PutPrefix({Scheme::kHandle, "88.118.062001", "acme", ""}, op, kNow);
  ASSERT_TRUE(allotted.ok());
  EXPECT_EQ(allotted->prefix.text, "88.118.062001");
  const Position head = ledger->head();
  EXPECT_TRUE(enrolment->PutPrefix({Scheme::kHandle, "88.118.062001", "", ""}, op, kNow).ok());
  EXPECT_EQ(ledger->head(), head);
  EXPECT_EQ(
      enrolment->PutPrefix({Scheme::kHandle, "88.118.062001", "other", ""}, op, kNow).error().code,
      Errc::kExists);
}

TEST_F(EnrolmentTest, RefusesPrefixesThatAreNotTheNodesToAllot) {
  const auto refusal = [&](Scheme scheme, std::string prefix, std::string code = "acme") {
    return enrolment->PutPrefix({scheme, prefix, code, ""}, op, kNow).error().code;
  };
  EXPECT_EQ(refusal(Scheme::kHandle, "88.1180.1"), Errc::kOutsidePrefix);
  EXPECT_EQ(refusal(Scheme::kHandle, "88"), Errc::kOutsidePrefix);
  EXPECT_EQ(refusal(Scheme::kHandle, "88.118.x"), Errc::kInvalidIdentifier);
  EXPECT_EQ(refusal(Scheme::kHandle, "88.118.123456789"), Errc::kInvalidIdentifier);
  EXPECT_EQ(refusal(Scheme::kGs1, "69x"), Errc::kNotDigits);
  EXPECT_EQ(refusal(Scheme::kGs1, "6901234567890"), Errc::kWrongLength);
  EXPECT_EQ(refusal(Scheme::kOid, "1.40.3"), Errc::kInvalidIdentifier);
  EXPECT_EQ(refusal(Scheme::kEcode, "1000"), Errc::kWrongLength);
  EXPECT_EQ(refusal(Scheme::kVaa, "VAA"), Errc::kInvalidIdentifier);
  EXPECT_EQ(refusal(Scheme::kBid, "ac1"), Errc::kInvalidIdentifier);
  EXPECT_EQ(refusal(Scheme::kDid, "did:bid"), Errc::kUnsupported);
  EXPECT_EQ(refusal(Scheme::kHandle, "88.118.70", "nobody"), Errc::kNotFound);
  EXPECT_EQ(refusal(Scheme::kHandle, "88.118.70", ""), Errc::kMissingField);
}

TEST_F(EnrolmentTest, MovesTheVersionOfAPrefixThatALongerOneCutsInto) {
  const Position before = directory->View()->FindPrefix({Scheme::kGs1, "6901234"})->version;
  ASSERT_TRUE(enrolment->PutPrefix({Scheme::kGs1, "69012345", "other", ""}, op, kNow).ok());
  const AllottedPrefix covering = *directory->View()->FindPrefix({Scheme::kGs1, "6901234"});
  EXPECT_GT(covering.version, before);
  EXPECT_EQ(covering.enterprise, acme.enterprise);
}

TEST_F(EnrolmentTest, GivesATokenWhoseSecretIsNowhereKept) {
  const auto minted = enrolment->CreateToken({Role::kEnterprise, "acme", "", "line 1"}, op, kNow);
  ASSERT_TRUE(minted.ok());
  const auto view = directory->View();
  const auto token = CheckToken(*view, minted->text);
  ASSERT_TRUE(token.ok());
  EXPECT_EQ(token->enterprise, acme.enterprise);
  EXPECT_EQ(token->note, "line 1");
  const std::string secret(ParseToken(minted->text)->secret);
  for (const LogEntry& entry : log->Entries()) {
    EXPECT_EQ(entry.thin.find(secret), std::string::npos);
    EXPECT_EQ(entry.effects.find(secret), std::string::npos);
  }
}

TEST_F(EnrolmentTest, RevokesATokenForGood) {
  const auto minted = enrolment->CreateToken({Role::kOperator, "", "", ""}, op, kNow);
  ASSERT_TRUE(enrolment->RevokeToken(minted->token.id, op, kNow).ok());
  EXPECT_EQ(CheckToken(*directory->View(), minted->text).error().code, Errc::kTokenRevoked);
  EXPECT_TRUE(enrolment->RevokeToken(minted->token.id, op, kNow)->revoked);
  EXPECT_EQ(enrolment->RevokeToken("0000000000000000", op, kNow).error().code, Errc::kNotFound);
}

TEST_F(EnrolmentTest, RefusesTokensThatDoNotFitTheirRole) {
  const auto refusal = [&](Role role, std::string code, std::string prefix) {
    return enrolment->CreateToken({role, code, prefix, ""}, op, kNow).error().code;
  };
  EXPECT_EQ(refusal(Role::kEnterprise, "", ""), Errc::kMissingField);
  EXPECT_EQ(refusal(Role::kEnterprise, "nobody", ""), Errc::kNotFound);
  EXPECT_EQ(refusal(Role::kOperator, "acme", ""), Errc::kMalformed);
  EXPECT_EQ(refusal(Role::kChild, "", ""), Errc::kMissingField);
  EXPECT_EQ(refusal(Role::kChild, "", "88.119.1"), Errc::kOutsidePrefix);
  EXPECT_EQ(refusal(Role::kReader, "", "88.118.1"), Errc::kMalformed);
}

TEST_F(EnrolmentTest, IsForOperatorsOnly) {
  for (const Caller& caller : {acme, Caller{.anonymous = false, .role = Role::kReader}}) {
    EXPECT_EQ(enrolment->PutEnterprise({"x", "", ""}, caller, kNow).error().code, Errc::kDenied);
    EXPECT_EQ(
        enrolment->PutPrefix({Scheme::kHandle, "88.118.1", "acme", ""}, caller, kNow).error().code,
        Errc::kDenied);
    EXPECT_EQ(enrolment->CreateToken({}, caller, kNow).error().code, Errc::kDenied);
    EXPECT_EQ(enrolment->RevokeToken("x", caller, kNow).error().code, Errc::kDenied);
    EXPECT_EQ(enrolment->View(Act::kListDirectory, caller).error().code, Errc::kDenied);
    EXPECT_EQ(enrolment->View(Act::kListTokens, caller).error().code, Errc::kDenied);
  }
  EXPECT_EQ(enrolment->View(Act::kListTokens, Caller{}).error().code, Errc::kUnauthenticated);
  EXPECT_EQ((*enrolment->View(Act::kListDirectory, op))->enterprise_count(), 2u);
}

TEST_F(EnrolmentTest, LetsAReviewerApproveAndSuspendAndNothingElse) {
  const Caller reviewer{.anonymous = false, .role = Role::kReviewer, .actor = "token:reviewer"};
  EXPECT_TRUE(enrolment->PutEnterprise({"acme", "", "suspended"}, reviewer, kNow).ok());
  EXPECT_TRUE(enrolment->PutEnterprise({"acme", "", "active"}, reviewer, kNow).ok());
  EXPECT_EQ(enrolment->PutEnterprise({"acme", "Acme", ""}, reviewer, kNow).error().code,
            Errc::kDenied);
  EXPECT_EQ(enrolment->PutEnterprise({"mill", "", "active"}, reviewer, kNow).error().code,
            Errc::kDenied);
  const auto put = [&](const std::string& prefix, const std::string& state) {
    return enrolment->PutPrefix({Scheme::kHandle, prefix, "acme", state}, reviewer, kNow);
  };
  EXPECT_TRUE(put("88.118.8", "suspended").ok());
  EXPECT_TRUE(put("88.118.8", "active").ok());
  EXPECT_EQ(put("88.118.81", "active").error().code, Errc::kDenied);
}

TEST_F(EnrolmentTest, LetsAnEnterpriseGiveOutAndRevokeItsOwnTokensOnly) {
  Caller administrator = acme;
  administrator.role = Role::kEnterpriseAdministrator;
  const auto create = [&](Role role, const std::string& code) {
    return enrolment->CreateToken({.role = role, .enterprise_code = code}, administrator, kNow);
  };
  const auto own = create(Role::kEnterpriseUser, "acme");
  ASSERT_TRUE(own.ok());
  EXPECT_EQ(own->token.enterprise, acme.enterprise);
  EXPECT_EQ(create(Role::kEnterpriseUser, "other").error().code, Errc::kDenied);
  EXPECT_EQ(create(Role::kEnterpriseUser, "nobody").error().code, Errc::kDenied);
  EXPECT_EQ(create(Role::kReader, "").error().code, Errc::kDenied);
  EXPECT_EQ(create(Role::kSecurityOfficer, "").error().code, Errc::kDenied);
  const auto others =
      enrolment->CreateToken({.role = Role::kEnterprise, .enterprise_code = "other"}, op, kNow);
  EXPECT_EQ(enrolment->RevokeToken(others->token.id, administrator, kNow).error().code,
            Errc::kNotFound);
  EXPECT_TRUE(enrolment->RevokeToken(own->token.id, administrator, kNow).ok());
}

TEST_F(EnrolmentTest, MakesNobodyTwoOfTheOfficersWhereDutiesAreSeparate) {
  Enrolment apart(
      *directory, *ledger, *acts, "88.118",
      [this](size_t count) { return std::string(count, static_cast<char>(++tokens)); },
      /*separate_duties=*/true);
  const Caller security{
      .anonymous = false, .role = Role::kSecurityOfficer, .actor = "token:security"};
  const auto create = [&](Role role, const std::string& person) {
    return apart.CreateToken({.role = role, .person = person}, security, kNow);
  };
  EXPECT_EQ(create(Role::kOperator, "Li Si").error().code, Errc::kDenied);
  EXPECT_EQ(apart.CreateToken({.role = Role::kOperator}, op, kNow).error().code, Errc::kDenied);
  EXPECT_EQ(create(Role::kAuditOfficer, "").error().code, Errc::kDenied);
  const auto first = create(Role::kAuditOfficer, "Li Si");
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(directory->View()->FindToken(first->token.id)->person, "Li Si");
  EXPECT_EQ(create(Role::kSystemOfficer, "Li Si").error().code, Errc::kDenied);
  EXPECT_EQ(create(Role::kSecurityOfficer, "Li Si").error().code, Errc::kDenied);
  EXPECT_TRUE(create(Role::kSystemOfficer, "Wang Wu").ok());
  EXPECT_TRUE(create(Role::kReader, "").ok());
  ASSERT_TRUE(apart.RevokeToken(first->token.id, security, kNow).ok());
  EXPECT_TRUE(create(Role::kSecurityOfficer, "Li Si").ok());
  EXPECT_EQ(create(Role::kReader, std::string(256, 'x')).error().code, Errc::kTooLarge);
}

TEST_F(EnrolmentTest, GivesEveryEnterpriseItsOwnNumberWhenManyEnrolAtOnce) {
  std::vector<std::thread> operators;
  for (int i = 0; i < 4; ++i) {
    operators.emplace_back([&, i] {
      for (int j = 0; j < 20; ++j) {
        const std::string code = "mill-" + std::to_string(i) + "-" + std::to_string(j);
        EXPECT_TRUE(enrolment->PutEnterprise({code, "", ""}, op, kNow).ok());
      }
    });
  }
  for (std::thread& one : operators) one.join();
  EXPECT_EQ(directory->View()->enterprise_count(), 82u);
  EXPECT_EQ(directory->View()->next_enterprise_number(), 83u);
}

}  // namespace
}  // namespace idnode
