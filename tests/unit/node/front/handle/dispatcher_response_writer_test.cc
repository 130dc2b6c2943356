#include <gtest/gtest.h>

#include <array>

#include "node/front/handle/response_writer.h"
#include "node/runtime/random.h"
#include "proto/base/text.h"
#include "proto/crypto/cipher.h"
#include "proto/crypto/digest.h"
#include "proto/handle/credential.h"
#include "proto/handle/requests.h"
#include "proto/handle/responses.h"

namespace idnode {
namespace {

constexpr uint32_t kNowSeconds = 1'795'248'000;

const SigningKey& ServerKey() {
  static const SigningKey key = *SigningKey::Generate(KeyKind::kRsa);
  return key;
}

class ResponseWriterTest : public ::testing::Test {
 protected:
  ResponseWriterTest() {
    std::string body;
    EncodeResolutionRequest({.handle = "88.888.1/item001", .indexes = {}, .types = {}}, body);
    EncodeMessage({.op_code = 1}, body, {}, request.question.message);
    request.question.envelope.request_id = 0x01020304;
    Decode(op_flag::kRequestDefault);
  }
  void Decode(uint32_t flags) {
    const std::string body(DecodeMessage(request.question.message)->body);
    request.question.message.clear();
    EncodeMessage({.op_code = 1, .flags = flags}, body, {}, request.question.message);
    request.message = *DecodeMessage(request.question.message);
    request.row = FindOpCode(1);
  }
  void InSession() {
    request.session = std::make_shared<HandleSession>();
    request.session->id = 8;
    request.session->key = *FromHex("00112233445566778899aabbccddeeff");
    request.question.envelope.session_id = 8;
  }
  // Splits a written response.
  void Write(const HandleResponse& response) {
    octets =
        writer.Write(request, {request.question.envelope.session_id, 77}, response, kNowSeconds);
    envelope = DecodeEnvelope(octets);
    rest = octets.substr(kEnvelopeOctets);
    ASSERT_EQ(rest.size(), envelope.message_octets);
    if (!envelope.encrypted) Read();
  }
  void Read() {
    const auto decoded = DecodeMessage(rest);
    ASSERT_TRUE(decoded.ok());
    message = *decoded;
  }
  std::string Authenticated(uint32_t counter) {
    std::string authenticated;
    AppendAuthenticatedOctets(envelope, counter, message.header_and_body, authenticated);
    return authenticated;
  }

  ReceivedRequest request;
  ResponseWriter writer{ServerKey(), {.serial = 3, .primary = true}, RandomOctets};
  std::string octets, rest;
  Envelope envelope;
  MessageView message;
};

TEST_F(ResponseWriterTest, AnswersToTheAddressGivenWithTheRequestsFlags) {
  Write({.body = "body"});
  EXPECT_EQ(envelope.request_id, 77u);
  EXPECT_EQ(message.header.op_code, 1u);
  EXPECT_EQ(message.header.response_code, 1u);
  EXPECT_EQ(message.header.flags, 0x99000000);
  EXPECT_EQ(message.header.site_serial, 3);
  EXPECT_EQ(message.header.expiration, kNowSeconds + 43'200);
  EXPECT_EQ(message.body, "body");
  EXPECT_TRUE(message.credential.empty());
}

TEST_F(ResponseWriterTest, PutsTheDigestOfHeaderAndBodyBeforeTheBody) {
  Decode(op_flag::kRequestDefault | op_flag::kReturnRequestDigest);
  Write({.body = "body"});
  const auto sha256 = Sha256(request.message.header_and_body);
  EXPECT_EQ(message.body, "\x03" + std::string(AsText(sha256)) + "body");

  request.version = {2, 6};
  Write({.body = "body"});
  EXPECT_EQ(message.body, "\x02" + *DigestOf("sha1", request.message.header_and_body) + "body");
}

TEST_F(ResponseWriterTest, SignsWithTheServersKeyOutsideSessions) {
  Decode(op_flag::kRequestDefault | op_flag::kCertify);
  EXPECT_TRUE(ResponseWriter::SignsWithKey(request));
  Write({.body = "body"});
  const auto credential = DecodeCredential(message.credential);
  ASSERT_TRUE(credential.ok());
  EXPECT_EQ(credential->type, "HS_SIGNED");
  EXPECT_EQ(credential->algorithm, "SHA-256");
  const std::string authenticated = Authenticated(0);
  const std::array<std::string_view, 1> parts{authenticated};
  EXPECT_TRUE(ServerKey().verifying_key().Verify("sha256", parts, credential->value));
  EXPECT_TRUE(message.header.has(op_flag::kCertify));
}

TEST_F(ResponseWriterTest, SignsWithTheSessionsKeyInSessionsButNotTheirSetUp) {
  InSession();
  Decode(op_flag::kRequestDefault | op_flag::kCertify);
  EXPECT_FALSE(ResponseWriter::SignsWithKey(request));
  // The stock client takes each counter of a session's answers once.
  for (const uint32_t counter : {1u, 2u}) {
    Write({.body = "body"});
    const auto credential = DecodeCredential(message.credential);
    ASSERT_TRUE(credential.ok());
    EXPECT_EQ(credential->type, "HS_MAC");
    EXPECT_EQ(credential->algorithm, "HMAC-SHA256");
    EXPECT_EQ(credential->session_counter, counter);
    EXPECT_EQ(credential->value, *MacOf("sha256", request.session->key, Authenticated(counter)));
  }

  request.row = FindOpCode(400);
  EXPECT_TRUE(ResponseWriter::SignsWithKey(request));
  Write({.body = "body"});
  const auto credential = DecodeCredential(message.credential);
  ASSERT_TRUE(credential.ok());
  EXPECT_EQ(credential->type, "HS_SIGNED");
}

TEST_F(ResponseWriterTest, LeavesClientsBelow27Unsigned) {
  Decode(op_flag::kRequestDefault | op_flag::kCertify);
  request.version = {2, 6};
  Write({.body = "body"});
  EXPECT_TRUE(message.credential.empty());
  EXPECT_FALSE(message.header.has(op_flag::kCertify));
}

TEST_F(ResponseWriterTest, EncryptsSecretValuesInSessionsFrom28On) {
  InSession();
  for (const uint8_t minor : {7, 8, 11}) {
    request.version = {2, minor};
    Write({.body = "body", .secret = true});
    EXPECT_EQ(envelope.encrypted, minor >= 8) << int{minor};
  }
  const auto plain =
      DecryptCbc(CbcCipher::kAes128, request.session->key, rest.substr(0, 16), rest.substr(16));
  ASSERT_TRUE(plain.ok());
  rest = *plain;
  Read();
  EXPECT_EQ(message.body, "body");
  Write({.body = "body"});
  EXPECT_FALSE(envelope.encrypted);
}

TEST_F(ResponseWriterTest, EncryptsForTeleinfosClientWithItsCipherAndNoVector) {
  request.transport_key = TransportKey{kSm4Algorithm, std::string(16, 'k')};
  Write({.body = "body"});
  EXPECT_TRUE(envelope.encrypted);
  const auto plain = DecryptCbc(CbcCipher::kSm4, std::string(16, 'k'), std::string(16, 'k'), rest);
  ASSERT_TRUE(plain.ok());
  rest = *plain;
  Read();
  EXPECT_EQ(message.body, "body");
}

TEST_F(ResponseWriterTest, SignsTheSetUpOfASessionUnasked) {
  request.row = FindOpCode(400);
  Write({.body = "body", .signed_by_server = true});
  const auto credential = DecodeCredential(message.credential);
  ASSERT_TRUE(credential.ok());
  EXPECT_EQ(credential->type, "HS_SIGNED");
  EXPECT_TRUE(message.header.has(op_flag::kCertify));
}

}  // namespace
}  // namespace idnode
