#include "proto/handle/credential.h"

#include <gtest/gtest.h>

#include "proto/crypto/digest.h"
#include "proto/handle/responses.h"
#include "tests/unit/proto/handle/worked_messages.h"

namespace idnode {
namespace {

std::string AuthenticatedBy(const Envelope& envelope, uint32_t counter,
                            std::string_view header_and_body) {
  std::string out;
  AppendAuthenticatedOctets(envelope, counter, header_and_body, out);
  return out;
}

Envelope InSession7(HandleVersion version) {
  Envelope envelope;
  envelope.version = version;
  envelope.session_id = 7;
  envelope.request_id = 0x01020304;
  return envelope;
}

// spec/handle-protocol.md 3.10.
TEST(Credential, OfTheWorkedMacIsReadAndWritten) {
  const auto credential = DecodeCredential(worked::kMacCredentialContent);
  ASSERT_TRUE(credential);
  EXPECT_EQ(credential->session_counter, 1u);
  EXPECT_EQ(credential->type, kMacCredential);
  EXPECT_EQ(credential->algorithm, "HMAC-SHA256");
  EXPECT_EQ(credential->value.size(), 32u);
  std::string again;
  EncodeCredential(*credential, again);
  EXPECT_EQ(ToHex(again), ToHex(worked::kMacCredentialContent));
  EXPECT_EQ(again.size(), 0x4Du);
}

TEST(Credential, HoldsTheMacOfTheAuthenticatedOctets) {
  const std::string header_and_body = worked::kAuthenticated.substr(16);
  const std::string octets = AuthenticatedBy(InSession7({2, 11}), 1, header_and_body);
  EXPECT_EQ(ToHex(octets), ToHex(worked::kAuthenticated));
  const auto mac = MacOf("sha256", worked::Octets("00112233445566778899aabbccddeeff"), octets);
  EXPECT_EQ(*mac, DecodeCredential(worked::kMacCredentialContent)->value);
  // 5.6: the same octets under the session key that was agreed on.
  const std::string session_key =
      worked::Octets("a8aea6c2abe04a3722dfe9f38a0a53472e3ce7ed32bbef7b88aff82fea5a18e8");
  EXPECT_EQ(ToHex(*MacOf("sha256", session_key, octets)),
            "495dfd44d5a55d2fdf4e40a274d99bf057b0ae34378d21e5cb21f30c94f5aca0");
}

TEST(Credential, CoversLessOfTheEnvelopeInOlderVersions) {
  EXPECT_EQ(ToHex(AuthenticatedBy(InSession7({2, 8}), 1, "m")),
            "0208020b0000000701020304000000016d");
  EXPECT_EQ(ToHex(AuthenticatedBy(InSession7({2, 7}), 1, "m")), "02070000000701020304000000016d");
  EXPECT_EQ(ToHex(AuthenticatedBy(InSession7({2, 4}), 1, "m")), "6d");
}

TEST(Credential, IsRefusedWhereverItIsCutShort) {
  for (size_t size = 0; size < worked::kMacCredentialContent.size(); ++size) {
    const std::string cut = worked::kMacCredentialContent.substr(0, size);
    const auto credential = DecodeCredential(cut);
    ASSERT_FALSE(credential) << size;
    EXPECT_EQ(credential.error().code, Errc::kMalformed);
  }
}

TEST(Credential, IsRefusedWhenItsSectionIsShorterThanItsFields) {
  std::string content = worked::kMacCredentialContent;
  content[4 + 4 + 4 + 10 + 3] = '\x32';  // 51 less 1.
  EXPECT_FALSE(DecodeCredential(content));
}

TEST(Credential, MayNameASigner) {
  const std::string content = worked::Octets(
      "00000000 00000001 53 00000009 00000009 48535f5349474e4544 0000000c 00000001 03 00000003 "
      "736967");
  const auto credential = DecodeCredential(content);
  ASSERT_TRUE(credential);
  EXPECT_EQ(credential->session_counter, 9u);
  EXPECT_EQ(credential->type, kSignedCredential);
  EXPECT_EQ(credential->algorithm, "\x03");
  EXPECT_EQ(credential->value, "sig");
}

TEST(DigestAlgorithm, DependsOnTheVersion) {
  EXPECT_EQ(DigestAlgorithmOf({2, 11}), DigestAlgorithm::kSha256);
  EXPECT_EQ(DigestAlgorithmOf({2, 7}), DigestAlgorithm::kSha256);
  EXPECT_EQ(DigestAlgorithmOf({2, 6}), DigestAlgorithm::kSha1);
  EXPECT_EQ(NameOf(DigestAlgorithm::kMd5), "md5");
  EXPECT_EQ(NameOf(DigestAlgorithm::kSha1), "sha1");
  EXPECT_EQ(NameOf(DigestAlgorithm::kSha256), "sha256");
}

// A.3: the digest in the challenge is that of the request's header and body.
TEST(RequestDigest, IsThatOfTheWorkedCreateRequest) {
  const auto message = DecodeMessage(worked::kCreate);
  std::string_view body = DecodeMessage(worked::kChallenge)->body;
  const auto digest = TakeRequestDigest(body);
  ASSERT_TRUE(digest);
  EXPECT_EQ(*DigestOf(NameOf(digest->algorithm), message->header_and_body), digest->octets);
}

}  // namespace
}  // namespace idnode
