#include <gtest/gtest.h>

#include "proto/handle/responses.h"
#include "tests/handle_dispatcher/dispatcher_node.h"

namespace idnode {
namespace {

constexpr uint32_t kAll = op_flag::kRecursive | op_flag::kCacheCertify;  // kPublicOnly is clear.

class DispatchedResolution : public DispatcherNode {
 protected:
  DispatchedResolution() {
    PutAdministered("88.118.8/SN-1", {ValueOf(1, "URL", "https://a.example/1"),
                                      ValueOf(2, "PRICE", "9", kAdminRead | kAdminWrite)});
    PutAdministered("88.118.8/open", {ValueOf(1, "URL", "https://a.example/2")});
  }
  static std::vector<uint32_t> IndexesIn(const Result<HandleAnswer>& answer) {
    std::vector<uint32_t> indexes;
    const auto body = answer ? DecodeResolutionResponse(answer->body)
                             : Result<ResolutionResponse>(answer.error());
    EXPECT_TRUE(body.ok());
    if (!body) return indexes;
    for (const Value& value : body->values) indexes.push_back(value.index);
    return indexes;
  }
};

TEST_F(DispatchedResolution, IsCertifiedByTheServersKeyAndCarriesTheDigest) {
  HandleClient client = Client();
  const auto answer =
      client.Resolve({.handle = "88.118.8/sn-1"},
                     op_flag::kRequestDefault | op_flag::kCertify | op_flag::kReturnRequestDigest);
  ASSERT_TRUE(answer.ok()) << answer.error().detail;  // The client checks both.
  EXPECT_TRUE(answer->is(ResponseCode::kSuccess));
  EXPECT_EQ(DecodeResolutionResponse(answer->body)->handle, "88.118.8/sn-1") << "as it was asked";
  EXPECT_EQ(IndexesIn(answer), (std::vector<uint32_t>{1, 100}));
}

TEST_F(DispatchedResolution, CertifiedForAnotherKeyIsRefusedByTheClient) {
  auto other = Options();
  other.server_key = KeyOfAdmin().verifying_key();
  HandleClient client(Channels(), std::move(other));
  const auto answer =
      client.Resolve({.handle = "88.118.8/SN-1"}, op_flag::kRequestDefault | op_flag::kCertify);
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, Errc::kForged);
}

TEST_F(DispatchedResolution, IsRefusedWithACertificateToo) {
  HandleClient client = Client();
  const uint32_t flags = op_flag::kRequestDefault | op_flag::kCertify;
  EXPECT_TRUE(
      Is(client.Resolve({.handle = "88.118.8/absent"}, flags), ResponseCode::kHandleNotFound));
  EXPECT_TRUE(
      Is(client.Resolve({.handle = "77.1/absent"}, flags), ResponseCode::kServerNotResponsible));
  EXPECT_TRUE(Is(client.Resolve({.handle = "88.118.8/SN-1", .types = {"EMAIL"}}, flags),
                 ResponseCode::kValuesNotFound));
}

TEST_F(DispatchedResolution, GivesWhatIsPublicToWhoAsksForThatAndChallengesWhoAsksForAll) {
  HandleClient anybody = Client();
  EXPECT_EQ(IndexesIn(anybody.Resolve({.handle = "88.118.8/SN-1"})),
            (std::vector<uint32_t>{1, 100}));
  EXPECT_EQ(CodeIn(anybody.Resolve({.handle = "88.118.8/SN-1"}, kAll)), 402u);
  EXPECT_EQ(CodeIn(anybody.Resolve({.handle = "88.118.8/open"}, kAll)), 1u);
  EXPECT_EQ(CodeIn(anybody.Resolve({.handle = "88.118.8/SN-1", .indexes = {1}}, kAll)), 1u);

  HandleClient admin = Client(ByKey());
  EXPECT_EQ(IndexesIn(admin.Resolve({.handle = "88.118.8/SN-1"}, kAll)),
            (std::vector<uint32_t>{1, 2, 100}));
}

TEST_F(DispatchedResolution, OfAllIsDeniedToWhoMayNotReadAndToEverybodyForAProtectedValue) {
  PutAdministered("88.118.8/other", {ValueOf(2, "PRICE", "9", kAdminRead)}, 0x0FFF & ~0x0400);
  PutAdministered("88.118.8/sealed", {ValueOf(1, "URL", "u"), ValueOf(2, "PRICE", "9", 0)});
  HandleClient admin = Client(ByKey());
  EXPECT_EQ(CodeIn(admin.Resolve({.handle = "88.118.8/other"}, kAll)), 400u);
  EXPECT_EQ(CodeIn(admin.Resolve({.handle = "88.118.8/sealed"}, kAll)), 401u);
  EXPECT_EQ(CodeIn(admin.Resolve({.handle = "88.118.8/sealed", .indexes = {1}}, kAll)), 1u);
}

TEST_F(DispatchedResolution, InASessionNeedsTheRightToReadUnlessItAsksForWhatIsPublic) {
  PutAdministered("88.118.8/closed", {ValueOf(1, "URL", "u")}, 0x0FFF & ~0x0400);
  HandleClient admin = Client(ByKey());
  ASSERT_TRUE(admin.OpenSession().ok());
  EXPECT_EQ(CodeIn(admin.Resolve({.handle = "88.118.8/closed"})), 1u);
  EXPECT_EQ(CodeIn(admin.Resolve({.handle = "88.118.8/closed"}, kAll)), 400u);
  EXPECT_EQ(CodeIn(admin.Resolve({.handle = "88.118.8/SN-1"}, kAll)), 1u);
}

TEST_F(DispatchedResolution, OfSecretValuesInASessionIsEncrypted) {
  HandleClient admin = Client(ByKey());
  ASSERT_TRUE(admin.OpenSession().ok());
  const auto secret_values = admin.Resolve({.handle = "88.118.8/SN-1"}, kAll);
  ASSERT_TRUE(Is(secret_values, ResponseCode::kSuccess));
  EXPECT_TRUE(secret_values->envelope.encrypted);
  const auto public_values = admin.Resolve({.handle = "88.118.8/open"}, kAll);
  ASSERT_TRUE(Is(public_values, ResponseCode::kSuccess));
  EXPECT_FALSE(public_values->envelope.encrypted);
  const auto asked_for = admin.Resolve({.handle = "88.118.8/open"}, kAll | op_flag::kEncrypt);
  ASSERT_TRUE(Is(asked_for, ResponseCode::kSuccess));
  EXPECT_TRUE(asked_for->envelope.encrypted);
}

TEST_F(DispatchedResolution, IsCountedOnceWithItsOutcome) {
  HandleClient admin = Client(ByKey());
  (void)admin.Resolve({.handle = "88.118.8/SN-1"}, kAll);
  ASSERT_EQ(wire.notes.size(), 1u) << "a challenge is no answer";
  EXPECT_EQ(wire.notes[0].outcome, ResolutionOutcome::kFound);
  EXPECT_EQ(wire.notes[0].enterprise, acme.enterprise);
  (void)admin.Resolve({.handle = "88.118.8/absent"}, kAll);
  ASSERT_EQ(wire.notes.size(), 2u);
  EXPECT_EQ(wire.notes[1].outcome, ResolutionOutcome::kNotFound);
  (void)admin.Create("88.118.8/new", {ValueOf(1, "URL", "u")});
  EXPECT_EQ(wire.notes.size(), 2u) << "administration is no resolution";
}

TEST_F(DispatchedResolution, OfAnAbsentDerivedPrefixIsReferredToWhereThoseAreServed) {
  Put("0.NA/88.118", {ValueOf(1, "HS_SITE.PREFIX", "site")}, op);
  HandleClient client = Client();
  const auto referred = client.Resolve({.handle = "0.NA/88.118.77"}, kAll);
  ASSERT_EQ(CodeIn(referred), 303u);
  const auto body = DecodeReferralResponse(referred->body);
  ASSERT_TRUE(body.ok());
  EXPECT_EQ(body->handle, "");
  ASSERT_EQ(body->values.size(), 1u);
  EXPECT_EQ(body->values[0].type, "HS_SITE.PREFIX");
  EXPECT_EQ(wire.notes.at(0).outcome, ResolutionOutcome::kReferred);
  EXPECT_EQ(CodeIn(client.Resolve({.handle = "0.NA/88.118.77"}, kAll | op_flag::kDoNotRefer)),
            100u);
}

TEST_F(DispatchedResolution, HeartbeatsAreAnsweredAndCountedAsSuch) {
  HandleClient client = Client();
  EXPECT_EQ(CodeIn(client.Resolve({.handle = "0"}, kAll)), 301u);
  EXPECT_EQ(wire.notes.at(0).traffic_class, TrafficClass::kHeartbeat);
}

TEST_F(DispatchedResolution, OfTheSiteIsItsRecordInWhateverSession) {
  for (const uint32_t session_id : {0u, 10'001u}) {
    const auto answered = AskRaw({.op_code = 2, .body = HandleBody("/"), .session_id = session_id});
    EXPECT_EQ(answered->code, 1u);
    EXPECT_EQ(answered->message.body, site_record);
    EXPECT_EQ(answered->envelope.session_id, session_id);
  }
}

}  // namespace
}  // namespace idnode
