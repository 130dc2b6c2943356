#include "node/security/token.h"

#include <gtest/gtest.h>

#include <functional>

#include "node/security/authenticator.h"
#include "storage/commit_log.h"
#include "storage/engine/memory_engine.h"
#include "storage/ledger.h"

namespace idnode {
namespace {

constexpr Time kNow{1'795'248'000'000};

std::string Random(char fill) { return std::string(40, fill); }

TEST(Token, IsWrittenAsItIsRead) {
  const MintedToken minted = MintToken(Random('\x6f'), Role::kReader, kNow);
  EXPECT_EQ(minted.text.substr(0, 21), "idn_6f6f6f6f6f6f6f6f_");
  EXPECT_EQ(minted.text.size(), 64u);
  const auto parsed = ParseToken(minted.text);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->id, minted.token.id);
  EXPECT_EQ(minted.token.secret_hash.size(), 32u);
  EXPECT_EQ(minted.token.secret_hash.find(parsed->secret), std::string::npos);
}

TEST(Token, IsRefusedWhereverItIsCutShortOrChangedInForm) {
  const std::string text = MintToken(Random('\x6f'), Role::kReader, kNow).text;
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(ParseToken(text.substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(ParseToken(text + "A").ok());
  for (size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = '!';
    EXPECT_FALSE(ParseToken(changed).ok()) << i;
  }
  std::string upper = text;
  upper[5] = 'F';
  EXPECT_FALSE(ParseToken(upper).ok()) << "one text for each token";
}

class AuthenticatorTest : public ::testing::Test {
 protected:
  AuthenticatorTest() {
    ledger = *Ledger::Open(*engine, *log, "", LedgerOptions{});
    directory = *Directory::Open(*engine);
    ledger->AddObserver(directory.get());
    ledger->Start();
  }
  ~AuthenticatorTest() override { ledger->Stop(); }

  Position Commit(const std::function<void(Change&)>& fill) {
    const auto change =
        std::make_shared<Change>(kNow, "system", OperationId{}, Change::Mode::kTogether);
    fill(*change);
    change->Seal();
    const Outcome outcome = ledger->Commit(change);
    EXPECT_TRUE(outcome.done());
    return outcome.position;
  }
  std::string Give(char fill, Role role, uint32_t enterprise = 0, const std::string& person = "") {
    MintedToken minted = MintToken(Random(fill), role, kNow);
    minted.token.enterprise = enterprise;
    minted.token.person = person;
    Commit([&](Change& change) { AddPutToken(change, minted.token, std::nullopt); });
    return minted.text;
  }
  Result<Caller> Identify(const std::string& authorization) {
    return Authenticator(*directory).Identify(authorization);
  }
  Result<Caller> IdentifyApart(const std::string& token) {
    return Authenticator(*directory, /*separate_duties=*/true).Identify("Bearer " + token);
  }
  Errc RefusalOf(const std::string& authorization) { return Identify(authorization).error().code; }

  std::unique_ptr<MemoryEngine> engine = OpenMemoryEngine();
  std::unique_ptr<MemoryCommitLog> log = OpenMemoryCommitLog(*engine);
  std::unique_ptr<Ledger> ledger;
  std::unique_ptr<Directory> directory;
};

TEST_F(AuthenticatorTest, TakesNothingForAnAnonymousCaller) {
  EXPECT_TRUE(Identify("")->anonymous);
}

TEST_F(AuthenticatorTest, KnowsACallerByItsToken) {
  const std::string text = Give('o', Role::kOperator);
  for (const auto* scheme : {"Bearer ", "bearer "}) {
    const auto caller = Identify(scheme + text);
    ASSERT_TRUE(caller.ok());
    EXPECT_EQ(caller->role, Role::kOperator);
    EXPECT_EQ(caller->actor, "token:6f6f6f6f6f6f6f6f");
  }
}

TEST_F(AuthenticatorTest, RefusesWhatIsNoTokenOfItsOwn) {
  const std::string text = Give('o', Role::kOperator);
  EXPECT_EQ(RefusalOf("Basic " + text), Errc::kMalformed);
  EXPECT_EQ(RefusalOf(text), Errc::kMalformed);
  EXPECT_EQ(RefusalOf("Bearer"), Errc::kMalformed);
  EXPECT_EQ(RefusalOf("Bearer "), Errc::kTokenUnknown);
  EXPECT_EQ(RefusalOf("Bearer  " + text), Errc::kTokenUnknown);
  EXPECT_EQ(RefusalOf("Bearer " + MintToken(Random('x'), Role::kOperator, kNow).text),
            Errc::kTokenUnknown);
  std::string wrong_secret = text;
  wrong_secret[30] = wrong_secret[30] == 'A' ? 'B' : 'A';
  EXPECT_EQ(RefusalOf("Bearer " + wrong_secret), Errc::kTokenUnknown);
}

TEST_F(AuthenticatorTest, RefusesARevokedTokenOnlyToWhoHoldsIt) {
  const std::string text = Give('o', Role::kOperator);
  Token token = *CheckToken(*directory->View(), text);
  token.revoked = true;
  Commit([&](Change& change) { AddPutToken(change, token, token.version); });
  EXPECT_EQ(RefusalOf("Bearer " + text), Errc::kTokenRevoked);
  std::string wrong_secret = text;
  wrong_secret[30] = wrong_secret[30] == 'A' ? 'B' : 'A';
  EXPECT_EQ(RefusalOf("Bearer " + wrong_secret), Errc::kTokenUnknown);
}

TEST_F(AuthenticatorTest, RefusesATokenOfAnEnterpriseThatIsNotActive) {
  Enterprise enterprise{.number = 1, .code = "acme", .created = kNow};
  const Position version =
      Commit([&](Change& change) { AddPutEnterprise(change, enterprise, std::nullopt); });
  const std::string text = Give('e', Role::kEnterprise, 1);
  EXPECT_EQ(Identify("Bearer " + text)->enterprise, 1u);
  enterprise.state = EnterpriseState::kSuspended;
  Commit([&](Change& change) { AddPutEnterprise(change, enterprise, version); });
  EXPECT_EQ(RefusalOf("Bearer " + text), Errc::kEnterpriseInactive);
}

TEST_F(AuthenticatorTest, TakesNoOperatorsWhereDutiesAreSeparate) {
  const std::string operating = Give('o', Role::kOperator);
  EXPECT_TRUE(Identify("Bearer " + operating).ok());
  EXPECT_EQ(IdentifyApart(operating).error().code, Errc::kDenied);
  EXPECT_TRUE(IdentifyApart(Give('r', Role::kReader)).ok());
  EXPECT_EQ(Authenticator(*directory).Local().role, Role::kOperator);
  EXPECT_EQ(Authenticator(*directory, true).Local().role, Role::kSecurityOfficer);
}

TEST_F(AuthenticatorTest, TakesAnOfficerOnlyWhoIsOneWhereDutiesAreSeparate) {
  const std::string nameless = Give('n', Role::kAuditOfficer);
  EXPECT_TRUE(Identify("Bearer " + nameless).ok());
  EXPECT_EQ(IdentifyApart(nameless).error().code, Errc::kDenied);
  const std::string first = Give('f', Role::kAuditOfficer, 0, "Li Si");
  EXPECT_EQ(IdentifyApart(first)->role, Role::kAuditOfficer);
  EXPECT_TRUE(IdentifyApart(Give('g', Role::kAuditOfficer, 0, "Li Si")).ok());
  EXPECT_TRUE(IdentifyApart(Give('s', Role::kSupervisor, 0, "Li Si")).ok());
  const std::string second = Give('h', Role::kSystemOfficer, 0, "Li Si");
  EXPECT_EQ(IdentifyApart(first).error().code, Errc::kDenied);
  EXPECT_EQ(IdentifyApart(second).error().code, Errc::kDenied);
  Token revoked = *CheckToken(*directory->View(), second);
  revoked.revoked = true;
  Commit([&](Change& change) { AddPutToken(change, revoked, revoked.version); });
  EXPECT_TRUE(IdentifyApart(first).ok());
}

}  // namespace
}  // namespace idnode
