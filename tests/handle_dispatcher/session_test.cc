#include <gtest/gtest.h>

#include <thread>

#include "proto/handle/responses.h"
#include "tests/handle_dispatcher/dispatcher_node.h"

namespace idnode {
namespace {

class DispatchedSession : public DispatcherNode {
 protected:
  std::vector<Value> WithAdmin() {
    return {ValueOf(1, "URL", "u"), AdminValue(100, kAllPermissions, "88.118.8/ADMIN", 300),
            AdminValue(101, kAllPermissions, "88.118.8/ADMIN", 301)};
  }
  HandleClient InSession(std::optional<HandleClientCredentials> who) {
    HandleClient client = Client(std::move(who));
    const Status opened = client.OpenSession();
    EXPECT_TRUE(opened.ok()) << opened.error().detail;
    return client;
  }
  // The last request that a client sent, once more.
  std::shared_ptr<Answered> Replay(const std::string& message) {
    const auto channel = Connection();
    return SendOver(*channel, message);
  }
};

TEST_F(DispatchedSession, ChallengesOnceAndThenTakesTheMacForProof) {
  HandleClient client = InSession(ByKey());
  EXPECT_EQ(client.session_id() % 2, 0u);
  for (const std::string name : {"88.118.8/a", "88.118.8/b", "88.118.8/c"}) {
    EXPECT_EQ(CodeIn(client.Create(name, WithAdmin())), 1u) << name;
  }
  EXPECT_EQ(CodeIn(client.Delete("88.118.8/a")), 1u);
  EXPECT_EQ(SentOf(OpCode::kChallengeAnswer), 1u);

  HandleClient by_secret = InSession(BySecret());
  EXPECT_EQ(CodeIn(by_secret.Delete("88.118.8/b")), 1u);
  EXPECT_EQ(CodeIn(by_secret.Delete("88.118.8/c")), 1u);
  EXPECT_EQ(SentOf(OpCode::kChallengeAnswer), 2u);
}

TEST_F(DispatchedSession, IsSetUpOverUdpAndSignsWhatItCertifies) {
  HandleClient client(Channels(true), Options(ByKey()));
  ASSERT_TRUE(client.OpenSession().ok());
  const auto answer =
      client.Create("88.118.8/a", WithAdmin(), op_flag::kCertify | op_flag::kReturnRequestDigest);
  ASSERT_TRUE(answer.ok()) << answer.error().detail;
  EXPECT_TRUE(answer->is(ResponseCode::kSuccess));
}

TEST_F(DispatchedSession, TakesEncryptedRequestsForSecretValues) {
  HandleClient client = InSession(BySecret());
  std::vector<Value> values = WithAdmin();
  values.push_back(ValueOf(2, "HS_SECKEY", "of another", kSecretPermissions));
  EXPECT_EQ(CodeIn(client.Create("88.118.8/user", values)), 1u);
  bool was_encrypted = false;
  for (const std::string& message : wire.sent) {
    was_encrypted |= DecodeEnvelope(message).encrypted;
    EXPECT_EQ(message.find("of another"), std::string::npos);
  }
  EXPECT_TRUE(was_encrypted);
  EXPECT_TRUE(Find("88.118.8/user").ok());
}

TEST_F(DispatchedSession, WithoutAnIdentityIsChallengedEachTime) {
  HandleClientOptions anonymous = Options();
  HandleClient client(Channels(), anonymous);
  ASSERT_TRUE(client.OpenSession().ok());
  EXPECT_EQ(CodeIn(client.Create("88.118.8/a", WithAdmin())), 402u);
  EXPECT_EQ(CodeIn(client.Create("88.118.8/a", WithAdmin())), 402u);
}

TEST_F(DispatchedSession, OfOneIdentityIsNotAuthenticatedByAnother) {
  HandleClient client = InSession(ByKey());
  const std::string setup = wire.sent.at(0);
  ASSERT_EQ(CodeIn(client.Create("88.118.8/a", WithAdmin())), 1u);

  // The same session key says it is 300, and answers as 301.
  HandleClientCredentials other = BySecret();
  HandleClient in_session = InSession(ByKey());
  EXPECT_EQ(CodeIn(in_session.Create("88.118.8/b", WithAdmin())), 1u);
  in_session.UseCredentials(other);
  Put("88.118.8/ADMIN",
      {ValueOf(300, "HS_PUBKEY", PublicKeyOctets(KeysOfNode().rsa.verifying_key())),
       ValueOf(301, "HS_SECKEY", secret, kSecretPermissions)},
      acme);  // What 300 had proven is worth nothing now.
  const size_t answers = SentOf(OpCode::kChallengeAnswer);
  EXPECT_EQ(CodeIn(in_session.Create("88.118.8/c", WithAdmin())), 1u);
  EXPECT_EQ(CodeIn(in_session.Create("88.118.8/d", WithAdmin())), 1u);
  EXPECT_EQ(SentOf(OpCode::kChallengeAnswer), answers + 2) << "the session itself proves nothing";
}

TEST_F(DispatchedSession, IsChallengedAgainOnceItsKeyHasChanged) {
  HandleClient client = InSession(BySecret());
  EXPECT_EQ(CodeIn(client.Create("88.118.8/a", WithAdmin())), 1u);
  // Another value of the record may change.
  Put("88.118.8/ADMIN",
      {ValueOf(301, "HS_SECKEY", secret, kSecretPermissions), ValueOf(5, "DESC", "moved")}, acme);
  EXPECT_EQ(CodeIn(client.Create("88.118.8/b", WithAdmin())), 1u);
  EXPECT_EQ(SentOf(OpCode::kChallengeAnswer), 1u);

  Put("88.118.8/ADMIN", {ValueOf(301, "HS_SECKEY", "another", kSecretPermissions)}, acme);
  EXPECT_EQ(CodeIn(client.Create("88.118.8/c", WithAdmin())), 403u);
  EXPECT_EQ(SentOf(OpCode::kChallengeAnswer), 2u);
  EXPECT_FALSE(Find("88.118.8/c").ok());
}

TEST_F(DispatchedSession, MayChangeTheRecordOfItsOwnKey) {
  std::vector<Value> values = WithAdmin();
  values.push_back(ValueOf(301, "HS_SECKEY", secret, kSecretPermissions));
  Put("88.118.8/ADMIN", values, acme);
  HandleClient client = InSession(BySecret());
  for (uint32_t index = 10; index < 13; ++index) {
    EXPECT_EQ(CodeIn(client.Add("88.118.8/ADMIN", {ValueOf(index, "DESC", "d")})), 1u) << index;
  }
  EXPECT_EQ(SentOf(OpCode::kChallengeAnswer), 1u);
}

TEST_F(DispatchedSession, SurvivesARestartOfTheServerByBeingSetUpAgain) {
  HandleClient client = InSession(ByKey());
  EXPECT_EQ(CodeIn(client.Create("88.118.8/a", WithAdmin())), 1u);
  const uint32_t before = client.session_id();
  Restart();
  client.Reconnect(Channels());
  EXPECT_EQ(CodeIn(client.Create("88.118.8/b", WithAdmin())), 1u);
  EXPECT_NE(client.session_id(), before);
}

TEST_F(DispatchedSession, RefusesWhatWasSentBeforeAndWhatWasChanged) {
  HandleClient client = InSession(ByKey());
  ASSERT_EQ(CodeIn(client.Create("88.118.8/a", WithAdmin())), 1u);
  ASSERT_EQ(CodeIn(client.Delete("88.118.8/a")), 1u);
  const std::string message = wire.sent.back();
  EXPECT_EQ(Replay(message)->code, 505u);
  for (const size_t place : {size_t{10}, kEnvelopeOctets + 18, message.size() - 1}) {
    std::string changed = message;
    changed[place] = static_cast<char>(changed[place] ^ 1);
    EXPECT_EQ(Replay(changed)->code, 502u) << place;
  }
}

// The credential does not cover all of the envelope (3.10); what it leaves out cannot help either.
TEST_F(DispatchedSession, RefusesWhatDiffersInAnyBit) {
  HandleClient client = InSession(ByKey());
  ASSERT_EQ(CodeIn(client.Create("88.118.8/a", WithAdmin())), 1u);
  ASSERT_EQ(CodeIn(client.Delete("88.118.8/a")), 1u);
  const std::string message = wire.sent.back();
  ASSERT_EQ(CodeIn(client.Create("88.118.8/a", WithAdmin())), 1u);
  for (size_t bit = 0; bit < message.size() * 8; ++bit) {
    std::string changed = message;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    const uint32_t code = Replay(changed)->code;
    EXPECT_TRUE(code != 1 && code != 402) << code << " at bit " << bit;
  }
  EXPECT_TRUE(Find("88.118.8/a").ok());
}

TEST_F(DispatchedSession, NeedsItsCredentialOnceItIsAuthenticated) {
  HandleClient client = InSession(ByKey());
  ASSERT_EQ(CodeIn(client.Create("88.118.8/a", WithAdmin())), 1u);
  const Raw without{
      .op_code = 101, .body = HandleBody("88.118.8/a"), .session_id = client.session_id()};
  EXPECT_EQ(AskRaw(without)->code, 404u);
  EXPECT_TRUE(Find("88.118.8/a").ok());
  const Raw end{.op_code = 401, .body = HandleBody("/"), .session_id = client.session_id()};
  EXPECT_EQ(AskRaw(end)->code, 404u);
}

TEST_F(DispatchedSession, IsNotAuthenticatedByAnAnswerToARequestWithoutItsCredential) {
  HandleClient client = InSession(ByKey());
  const Raw without{
      .op_code = 101, .body = HandleBody("88.118.8/a"), .session_id = client.session_id()};
  const auto challenge = AskRaw(without);
  ASSERT_EQ(challenge->code, 402u);
  EXPECT_EQ(challenge->envelope.session_id, client.session_id());
  ASSERT_EQ(CodeIn(client.Create("88.118.8/a", WithAdmin())), 1u);
  EXPECT_EQ(SentOf(OpCode::kChallengeAnswer), 1u);
}

TEST_F(DispatchedSession, GivesARepeatedRequestTheSameChallenge) {
  HandleClient client = InSession(ByKey());
  Raw raw{.op_code = 101, .body = HandleBody("88.118.8/a"), .session_id = client.session_id()};
  const auto first = AskRaw(raw);
  EXPECT_EQ(AskRaw(raw)->message.body, first->message.body);
  raw.request_id += 1;
  EXPECT_NE(AskRaw(raw)->message.body, first->message.body);
}

TEST_F(DispatchedSession, EndsWhenItIsTerminatedAndAfterItsTime) {
  HandleClient client = InSession(ByKey());
  const uint32_t id = client.session_id();
  EXPECT_TRUE(client.CloseSession().ok());
  const Raw raw{.op_code = 101, .body = HandleBody("88.118.8/a"), .session_id = id};
  EXPECT_EQ(AskRaw(raw)->code, 500u);

  HandleClient idle = Client(ByKey());
  ASSERT_TRUE(idle.OpenSession(60).ok());
  micros += 60'000'000;
  const Raw late{.op_code = 101, .body = HandleBody("88.118.8/a"), .session_id = idle.session_id()};
  EXPECT_EQ(AskRaw(late)->code, 500u);
}

TEST_F(DispatchedSession, IsNotSetUpByOtherMeansNorWithBadNumbers) {
  const auto ask = [&](const SessionSetupRequest& setup, Raw raw = {}) {
    EncodeSessionSetupRequest(setup, raw.body);
    raw.op_code = 400;
    return AskRaw(raw)->code;
  };
  EXPECT_EQ(ask({.mode = 1, .exchange_key = "key"}), 5u);
  EXPECT_EQ(ask({.mode = 2}), 5u);
  EXPECT_EQ(ask({.mode = 3, .key_handle = "88.118.8/ADMIN", .key_index = 300}), 5u)
      << "outside of a session of the client's own invention";
  EXPECT_EQ(ask({.mode = 4, .exchange_key = "no key"}), 501u);
  std::string even;
  const std::string p(128, '\x80');
  EncodePublicKey({"DH_PUB_KEY", {"\x05", p, "\x02"}}, even);
  EXPECT_EQ(ask({.mode = 4, .exchange_key = even}), 501u);
  EXPECT_EQ(ask({.mode = 4, .exchange_key = even}, {.suggested = {2, 6}}), 501u);
}

TEST_F(DispatchedSession, OfManyClientsAtATimeAdministersForEachOfThem) {
  constexpr int kClients = 4, kItems = 10;
  std::vector<std::thread> threads;
  std::vector<DispatcherChannel::Wire> wires(kClients);
  std::atomic<int> done{0};
  std::vector<Value> values = WithAdmin();
  for (int i = 0; i < kClients; ++i) {
    threads.emplace_back([&, i] {
      HandleChannels channels;
      channels.tcp = [&, i]() -> Result<std::unique_ptr<HandleChannel>> {
        return std::unique_ptr<HandleChannel>(std::make_unique<DispatcherChannel>(
            *dispatcher, Transport::kTcp, *ParseAddress("192.0.2.1"), wires[i]));
      };
      HandleClient client(channels, Options(ByKey()));
      if (!client.OpenSession()) return;
      for (int item = 0; item < kItems; ++item) {
        const std::string name = "88.118.8/" + std::to_string(i) + "-" + std::to_string(item);
        done += Is(client.Create(name, values), ResponseCode::kSuccess) ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(done, kClients * kItems);
}

}  // namespace
}  // namespace idnode
