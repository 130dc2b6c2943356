#include <gtest/gtest.h>

#include <array>

#include "proto/base/reader.h"
#include "proto/base/text.h"
#include "proto/crypto/cipher.h"
#include "proto/crypto/digest.h"
#include "proto/handle/responses.h"
#include "tests/handle_dispatcher/dispatcher_node.h"

namespace idnode {
namespace {

constexpr uint32_t kLoginFlags = op_flag::kRecursive | op_flag::kReturnRequestDigest;

// Teleinfo's client, octet by octet (spec/handle-protocol.md 8.4, 8.6).
class DispatchedLogin : public DispatcherNode {
 protected:
  DispatchedLogin() : connection(Connection()) {}

  // As that client writes it: without a credential field.
  std::string LoginMessage(uint32_t index = 300) const {
    std::string body, message, whole;
    EncodeLoginRequest({"88.118.8/ADMIN", index}, body);
    EncodeMessage({.op_code = 2001, .flags = kLoginFlags}, body, {}, message);
    message.resize(message.size() - 4);
    Envelope envelope{.version = {2, 10}, .suggested = {2, 11}};
    envelope.session_id = session_id;
    envelope.request_id = 2;
    envelope.message_octets = static_cast<uint32_t>(message.size());
    EncodeEnvelope(envelope, whole);
    return whole + message;
  }
  std::shared_ptr<Answered> AnswerTo(HandleChannel& channel, const std::string& login,
                                     const Answered& challenge, const SigningKey& key,
                                     uint32_t index = 300) {
    std::string_view rest = challenge.message.body;
    const auto digest = TakeRequestDigest(rest);
    const auto nonce = DecodeChallenge(rest);
    EXPECT_TRUE(digest.ok() && nonce.ok());
    EXPECT_EQ(digest->octets, AsText(Sha256(std::string_view(login).substr(kEnvelopeOctets))));
    const std::array<std::string_view, 2> parts{*nonce, digest->octets};
    std::string proof, body;
    EncodeSignatureAnswer({"SHA-256", key.Sign("sha256", parts)}, proof);
    EncodeChallengeAnswer({"HS_PUBKEY", "88.118.8/ADMIN", index, proof}, body);
    return SendOver(channel, Message({.op_code = 200,
                                      .body = body,
                                      .session_id = challenge.envelope.session_id,
                                      .flags = kLoginFlags,
                                      .request_id = 3}));
  }
  std::shared_ptr<Answered> LogIn(HandleChannel& channel) {
    const std::string login = LoginMessage();
    const auto challenge = SendOver(channel, login);
    EXPECT_EQ(challenge->code, 402u);
    EXPECT_EQ(challenge->message.header.op_code, 2001u);
    EXPECT_EQ(challenge->envelope.session_id, session_id);
    return AnswerTo(channel, login, *challenge, KeyOfAdmin());
  }
  std::shared_ptr<Answered> CreateOver(HandleChannel& channel, std::string_view handle) {
    std::string body;
    EncodeValuesRequest(
        {handle, {ValueOf(1, "URL", "u"), AdminValue(100, kAllPermissions, "88.118.8/ADMIN", 300)}},
        body);
    return SendOver(channel, Message({.op_code = 100, .body = body, .session_id = session_id}));
  }

  uint32_t session_id = 10'001;
  std::unique_ptr<HandleChannel> connection;
};

TEST_F(DispatchedLogin, IsTheProofOfEverythingOnItsConnection) {
  const auto site = SendOver(
      *connection, Message({.op_code = 2, .body = HandleBody("/"), .session_id = session_id}));
  EXPECT_EQ(site->code, 1u);

  const auto success = LogIn(*connection);
  EXPECT_EQ(success->code, 1u);
  EXPECT_EQ(success->message.header.op_code, 2001u) << "the login's, not the answer's";
  EXPECT_EQ(success->envelope.request_id, 3u) << "the answer's";
  EXPECT_EQ(success->message.body.size(), 33u) << "the digest alone";

  EXPECT_EQ(CreateOver(*connection, "88.118.8/a")->code, 1u);
  const auto deleted = SendOver(
      *connection,
      Message({.op_code = 101, .body = HandleBody("88.118.8/a"), .session_id = session_id}));
  EXPECT_EQ(deleted->code, 1u);
  EXPECT_EQ(SentOf(OpCode::kChallengeAnswer), 1u);
}

TEST_F(DispatchedLogin, IsNothingToOtherConnectionsWithTheSameNumber) {
  ASSERT_EQ(LogIn(*connection)->code, 1u);
  const auto other_connection = Connection();
  EXPECT_EQ(CreateOver(*other_connection, "88.118.8/a")->code, 500u);
  ASSERT_EQ(LogIn(*other_connection)->code, 1u);  // Two processes, one number.
  EXPECT_EQ(CreateOver(*other_connection, "88.118.8/a")->code, 1u);
  EXPECT_EQ(CreateOver(*connection, "88.118.8/b")->code, 1u);
}

// Clients of the one kind invent their numbers, and may meet one that the server gave to another.
TEST_F(DispatchedLogin, WithTheNumberOfASessionLeavesBothTheirOwnProof) {
  HandleClient client = Client(ByKey());
  ASSERT_TRUE(client.OpenSession().ok());
  std::vector<Value> values{ValueOf(1, "URL", "u"),
                            AdminValue(100, kAllPermissions, "88.118.8/ADMIN", 300)};
  ASSERT_EQ(CodeIn(client.Create("88.118.8/a", values)), 1u);

  session_id = client.session_id();
  EXPECT_EQ(CreateOver(*connection, "88.118.8/b")->code, 404u) << "the session's MAC is missing";
  ASSERT_EQ(LogIn(*connection)->code, 1u);
  EXPECT_EQ(CreateOver(*connection, "88.118.8/b")->code, 1u) << "by the login";
  EXPECT_EQ(CreateOver(*Connection(), "88.118.8/c")->code, 404u) << "which is of its connection";
  EXPECT_EQ(CodeIn(client.Delete("88.118.8/a")), 1u) << "and the session goes on";
  EXPECT_EQ(SentOf(OpCode::kChallengeAnswer), 2u);
}

TEST_F(DispatchedLogin, OpensNoOtherSessionNumber) {
  ASSERT_EQ(LogIn(*connection)->code, 1u);
  EXPECT_EQ(
      SendOver(
          *connection,
          Message({.op_code = 101, .body = HandleBody("88.118.8/a"), .session_id = session_id + 1}))
          ->code,
      500u);
}

TEST_F(DispatchedLogin, TakesOneAnswerWithTheRightKeyOfTheIdentityItNames) {
  const std::string login = LoginMessage();
  auto challenge = SendOver(*connection, login);
  EXPECT_EQ(AnswerTo(*connection, login, *challenge, KeysOfNode().rsa)->code, 403u);
  EXPECT_EQ(AnswerTo(*connection, login, *challenge, KeyOfAdmin())->code, 500u) << "too late";
  EXPECT_EQ(CreateOver(*connection, "88.118.8/a")->code, 500u);

  challenge = SendOver(*connection, login);
  EXPECT_EQ(AnswerTo(*connection, login, *challenge, KeyOfAdmin(), 301)->code, 403u);
  challenge = SendOver(*connection, login);
  micros += 60'000'000;
  EXPECT_EQ(AnswerTo(*connection, login, *challenge, KeyOfAdmin())->code, 405u);
  EXPECT_EQ(CreateOver(*connection, "88.118.8/a")->code, 500u);
}

TEST_F(DispatchedLogin, EndsWhenItsKeyIsChangedButNotWithItsRecord) {
  ASSERT_EQ(LogIn(*connection)->code, 1u);
  const std::string key = PublicKeyOctets(KeyOfAdmin().verifying_key());
  Put("88.118.8/ADMIN", {ValueOf(300, "HS_PUBKEY", key), ValueOf(1, "DESC", "moved")}, acme);
  EXPECT_EQ(CreateOver(*connection, "88.118.8/a")->code, 1u);
  Put("88.118.8/ADMIN",
      {ValueOf(300, "HS_PUBKEY", PublicKeyOctets(KeysOfNode().rsa.verifying_key()))}, acme);
  EXPECT_EQ(CreateOver(*connection, "88.118.8/b")->code, 500u);
  EXPECT_FALSE(Find("88.118.8/b").ok());
}

TEST_F(DispatchedLogin, GivesNoMoreThanTheIdentityMay) {
  ASSERT_EQ(LogIn(*connection)->code, 1u);
  EXPECT_EQ(CreateOver(*connection, "88.118.9/a")->code, 400u);
  Put("88.118.9/open", {ValueOf(1, "URL", "u")}, other);
  std::string body;
  EncodeResolutionRequest({.handle = "88.118.9/open", .indexes = {}, .types = {}}, body);
  EXPECT_EQ(SendOver(*connection, Message({.op_code = 1,
                                           .body = body,
                                           .session_id = session_id,
                                           .flags = op_flag::kRecursive}))
                ->code,
            1u)
      << "what is public needs no right to read";
}

TEST_F(DispatchedLogin, NeedsAConnectionAndANumber) {
  std::string body;
  EncodeLoginRequest({"88.118.8/ADMIN", 300}, body);
  const Raw raw{.op_code = 2001, .body = body, .session_id = session_id, .flags = kLoginFlags};
  EXPECT_EQ(AskRaw(raw, Transport::kUdp)->code, 4u);
  EXPECT_EQ(AskRaw({.op_code = 2001, .body = body, .flags = kLoginFlags})->code, 404u);
  EXPECT_EQ(AskRaw({.op_code = 2001, .body = "?", .session_id = session_id})->code, 2u);
}

class DispatchedTransportKey : public DispatchedLogin {
 protected:
  // Mode 3 for the key at `index`, and what the server chose.
  std::shared_ptr<Answered> AskForKey(uint32_t index) {
    std::string body;
    EncodeSessionSetupRequest({.mode = 3, .key_handle = "88.118.8/ADMIN", .key_index = index},
                              body);
    return SendOver(*connection, Message({.op_code = 400, .body = body, .session_id = session_id}));
  }
  void TakeKey(uint32_t index, const SigningKey& own) {
    const auto answered = AskForKey(index);
    ASSERT_EQ(answered->code, 1u);
    EXPECT_EQ(answered->envelope.session_id, session_id);
    const auto setup = DecodeSessionSetupResponse(answered->message.body);
    ASSERT_TRUE(setup.ok());
    EXPECT_EQ(setup->mode, 3);
    const auto plain = own.Decrypt(setup->data);
    ASSERT_TRUE(plain.ok());
    Reader in(*plain);
    algorithm = in.U32();
    key = in.Rest();
    ASSERT_EQ(key.size(), 16u);
  }
  std::string Encrypted(const std::string& whole) const {
    const std::string_view plain = std::string_view(whole).substr(kEnvelopeOctets);
    const std::string vector = algorithm == 4 ? key : RandomOctets(16);
    const CbcCipher cipher = algorithm == 4 ? CbcCipher::kSm4 : CbcCipher::kAes128;
    const std::string octets =
        (algorithm == 4 ? "" : vector) + *EncryptCbc(cipher, key, vector, plain);
    Envelope envelope = DecodeEnvelope(whole);
    envelope.encrypted = true;
    envelope.message_octets = static_cast<uint32_t>(octets.size());
    std::string out;
    EncodeEnvelope(envelope, out);
    return out + octets;
  }
  // The message in an encrypted answer.
  std::string Decrypted(const Answered& answered) const {
    EXPECT_TRUE(answered.envelope.encrypted);
    const std::string_view octets = answered.octets;
    if (algorithm == 4) return *DecryptCbc(CbcCipher::kSm4, key, key, octets);
    return *DecryptCbc(CbcCipher::kAes128, key, octets.substr(0, 16), octets.substr(16));
  }
  void ResolveEncrypted() {
    std::string body;
    EncodeResolutionRequest({.handle = "88.118.8/ADMIN", .indexes = {}, .types = {}}, body);
    // A request of a session number nobody logged in with; the key is the connection's.
    const auto answered = SendOver(*connection, Encrypted(Message({.op_code = 1, .body = body})));
    const std::string plain = Decrypted(*answered);
    const auto message = DecodeMessage(plain);
    ASSERT_TRUE(message.ok());
    EXPECT_EQ(message->header.response_code, 1u);
  }

  uint32_t algorithm = 0;
  std::string key;
};

TEST_F(DispatchedTransportKey, IsAesForAnRsaKey) {
  TakeKey(300, KeyOfAdmin());
  EXPECT_EQ(algorithm, 3u);
  ResolveEncrypted();
}

TEST_F(DispatchedTransportKey, IsSm4ForAnSm2KeyInPemText) {
  const std::string pem = KeysOfNode().sm2.verifying_key().ToPem();
  Put("88.118.8/ADMIN", {ValueOf(302, "HS_PUBKEY", pem)}, acme);
  TakeKey(302, KeysOfNode().sm2);
  EXPECT_EQ(algorithm, 4u);
  ResolveEncrypted();
}

TEST_F(DispatchedTransportKey, CoversALoginAndWhatFollows) {
  TakeKey(300, KeyOfAdmin());
  const std::string login = LoginMessage();
  const auto challenged = SendOver(*connection, Encrypted(login));
  Answered challenge{.envelope = challenged->envelope, .octets = Decrypted(*challenged)};
  challenge.message = *DecodeMessage(challenge.octets);
  EXPECT_EQ(challenge.message.header.response_code, 402u);
  const auto success = AnswerTo(*connection, login, challenge, KeyOfAdmin());
  const std::string plain = Decrypted(*success);  // Like the login, though the answer was not.
  EXPECT_EQ(DecodeMessage(plain)->header.response_code, 1u);
}

TEST_F(DispatchedTransportKey, IsRefusedWithoutAKeyThatCanEncrypt) {
  EXPECT_EQ(AskForKey(999)->code, 501u);
  EXPECT_EQ(AskForKey(301)->code, 501u) << "a secret is no key to encrypt for";
}

TEST_F(DispatchedTransportKey, RefusesWhatItCannotDecrypt) {
  TakeKey(300, KeyOfAdmin());
  std::string garbage = Encrypted(Message({.op_code = 2, .body = HandleBody("/")}));
  garbage.resize(garbage.size() - 1);
  EXPECT_EQ(SendOver(*connection, garbage)->code, 501u);
}

}  // namespace
}  // namespace idnode
