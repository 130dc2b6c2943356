#include <gtest/gtest.h>

#include <array>
#include <future>

#include "proto/handle/responses.h"
#include "tests/handle_dispatcher/dispatcher_node.h"

namespace idnode {
namespace {

class DispatchedRefusals : public DispatcherNode {
 protected:
  std::string AnswerBody(std::string_view handle = "88.118.8/ADMIN") const {
    std::string body;
    EncodeChallengeAnswer({"HS_PUBKEY", handle, 300, "proof"}, body);
    return body;
  }
};

// spec/handle-protocol.md 3.8.
TEST_F(DispatchedRefusals, NameWhatIsWrongWithAMessageAndEchoItsIds) {
  EXPECT_EQ(AskRaw({.op_code = 0})->code, 4u);
  const auto unknown = AskRaw({.op_code = 9'999, .request_id = 77});
  EXPECT_EQ(unknown->code, 2u);
  EXPECT_EQ(unknown->message.header.op_code, 9'999u);
  EXPECT_EQ(unknown->envelope.request_id, 77u);
  EXPECT_EQ(AskRaw({.op_code = 1, .body = "\xFF\xFF\xFF\xFF"})->code, 2u);
  EXPECT_EQ(AskRaw({.op_code = 100, .body = "?"})->code, 2u);
  EXPECT_EQ(AskRaw({.op_code = 1, .body = "?"}, Transport::kHttp)->code, 4u);
  EXPECT_EQ(AskRaw({.op_code = 9'999}, Transport::kHttp)->code, 4u);
  EXPECT_EQ(AskRaw({.op_code = 200, .body = "?"}, Transport::kHttp)->code, 4u);
  EXPECT_EQ(AskRaw({.op_code = 1, .suggested = {2, 0}})->code, 4u);
  EXPECT_EQ(AskRaw({.op_code = 1, .suggested = {5, 9}})->code, 4u) << "a bug of old clients";

  const auto channel = Connection();
  std::string cut = Message({.op_code = 1});
  cut.resize(kEnvelopeOctets + 23);
  EXPECT_EQ(SendOver(*channel, cut)->code, 4u);
}

TEST_F(DispatchedRefusals, TakeAResponseForNoRequest) {
  EXPECT_EQ(AskRaw({.op_code = 2, .body = HandleBody("/"), .response_code = 1})->code, 4u);
}

TEST_F(DispatchedRefusals, NameOperationsThatAreNotServed) {
  for (const uint32_t op_code : {402u, 1000u, 1001u, 1002u, 1003u}) {
    EXPECT_EQ(AskRaw({.op_code = op_code, .body = HandleBody("/")})->code, 5u) << op_code;
  }
}

TEST_F(DispatchedRefusals, KeepAnswersOfSeveralMessagesOffUdp) {
  for (const uint32_t op_code : {105u, 106u, 302u, 1001u, 1002u, 2001u}) {
    EXPECT_EQ(AskRaw({.op_code = op_code, .body = HandleBody("/")}, Transport::kUdp)->code, 4u);
  }
}

TEST_F(DispatchedRefusals, TellUnknownSessionsFromExpiredChallenges) {
  const Raw create{.op_code = 101, .body = HandleBody("88.118.8/a")};
  EXPECT_EQ(AskRaw({.op_code = 101, .body = create.body, .session_id = 10'001})->code, 500u);

  const auto none = AskRaw({.op_code = 200, .body = AnswerBody(), .session_id = 0});
  EXPECT_EQ(none->code, 405u);
  EXPECT_EQ(none->message.header.op_code, 200u);
  const auto unknown = AskRaw({.op_code = 200, .body = AnswerBody(), .session_id = 4'711});
  EXPECT_EQ(unknown->code, 500u);
  EXPECT_EQ(unknown->message.header.op_code, 200u);

  const uint32_t late = AskRaw(create)->envelope.session_id;
  micros += 60'000'000;
  EXPECT_EQ(AskRaw({.op_code = 200, .body = AnswerBody(), .session_id = late})->code, 405u);
  EXPECT_EQ(AskRaw({.op_code = 200, .body = "?", .session_id = late})->code, 2u);
}

TEST_F(DispatchedRefusals, GiveAChallengeOneAnswerAndAnswerForTheRequest) {
  PutAdministered("88.118.8/a", {ValueOf(1, "URL", "u")});
  const auto challenge =
      AskRaw({.op_code = 101, .body = HandleBody("88.118.8/a"), .request_id = 5});
  ASSERT_EQ(challenge->code, 402u);
  EXPECT_TRUE(challenge->message.header.has(op_flag::kReturnRequestDigest));
  EXPECT_EQ(challenge->envelope.session_id % 2, 1u);
  EXPECT_EQ(challenge->envelope.request_id, 5u);

  const Raw answer{.op_code = 200,
                   .body = AnswerBody(),
                   .session_id = challenge->envelope.session_id,
                   .request_id = 6};
  const auto refused = AskRaw(answer);
  EXPECT_EQ(refused->code, 403u);
  EXPECT_EQ(refused->message.header.op_code, 101u);
  EXPECT_EQ(refused->envelope.request_id, 6u);
  EXPECT_EQ(AskRaw(answer)->code, 500u);
}

// 3.6: who gets no answer over UDP asks again.
TEST_F(DispatchedRefusals, AreNoAnswerToWhoRepeatsItselfOverUdp) {
  PutAdministered("88.118.8/a", {ValueOf(1, "URL", "u")});
  const Raw request{.op_code = 101, .body = HandleBody("88.118.8/a"), .request_id = 5};
  const auto challenge = AskRaw(request, Transport::kUdp);
  ASSERT_EQ(challenge->code, 402u);
  EXPECT_EQ(AskRaw(request, Transport::kUdp)->envelope.session_id, challenge->envelope.session_id);

  std::string_view rest = challenge->message.body;
  const auto digest = TakeRequestDigest(rest);
  const std::array<std::string_view, 2> parts{*DecodeChallenge(rest), digest->octets};
  std::string proof, body;
  EncodeSignatureAnswer({"SHA-256", KeyOfAdmin().Sign("sha256", parts)}, proof);
  EncodeChallengeAnswer({"HS_PUBKEY", "88.118.8/ADMIN", 300, proof}, body);
  const Raw answer{
      .op_code = 200, .body = body, .session_id = challenge->envelope.session_id, .request_id = 6};
  const auto done = AskRaw(answer, Transport::kUdp);
  EXPECT_EQ(done->code, 1u);
  const auto again = AskRaw(answer, Transport::kUdp);
  EXPECT_EQ(again->code, 1u);
  EXPECT_EQ(again->octets, done->octets);
  EXPECT_EQ(AskRaw(answer)->code, 500u) << "over TCP nothing is lost";
  micros += 10'000'000;
  EXPECT_EQ(AskRaw(answer, Transport::kUdp)->code, 500u);
}

TEST_F(DispatchedRefusals, RefuseUnknownProofs) {
  PutAdministered("88.118.8/a", {ValueOf(1, "URL", "u")});
  const auto challenge = AskRaw({.op_code = 101, .body = HandleBody("88.118.8/a")});
  std::string body;
  EncodeChallengeAnswer({"HS_FACE", "88.118.8/ADMIN", 300, "proof"}, body);
  EXPECT_EQ(
      AskRaw({.op_code = 200, .body = body, .session_id = challenge->envelope.session_id})->code,
      404u);
}

TEST_F(DispatchedRefusals, NeedASessionForWhatIsEncrypted) {
  const auto channel = Connection();
  std::string encrypted = Message({.op_code = 2, .body = HandleBody("/")});
  encrypted[2] = static_cast<char>(encrypted[2] | 0x40);
  EXPECT_EQ(SendOver(*channel, encrypted)->code, 501u);
  std::string of_unknown = Message({.op_code = 2, .body = HandleBody("/"), .session_id = 8});
  of_unknown[2] = static_cast<char>(of_unknown[2] | 0x40);
  EXPECT_EQ(SendOver(*channel, of_unknown)->code, 500u);
}

// There is no key to keep it secret by (3.2).
TEST_F(DispatchedRefusals, AreNotForWhoWantsAnAnswerEncryptedOutsideOfASession) {
  const uint32_t flags = op_flag::kRequestDefault | op_flag::kEncrypt;
  const auto answered = AskRaw({.op_code = 2, .body = HandleBody("/"), .flags = flags});
  EXPECT_EQ(answered->code, 1u);
  EXPECT_FALSE(answered->envelope.encrypted);
}

TEST_F(DispatchedRefusals, AreTooBusyWhenTheWorkPoolIsFull) {
  dispatcher.reset();
  work = std::make_unique<WorkPool>(1, 1);
  Restart();
  std::promise<void> release, running;
  ASSERT_TRUE(work->Post([&, released = release.get_future().share()] {
    running.set_value();
    released.wait();
  }));
  running.get_future().wait();
  ASSERT_TRUE(work->Post([] {}));
  const auto busy = AskRaw({.op_code = 2, .body = HandleBody("/"), .request_id = 9});
  EXPECT_EQ(busy->code, 3u);
  EXPECT_EQ(busy->message.header.op_code, 2u);
  EXPECT_EQ(busy->envelope.request_id, 9u);
  release.set_value();
}

TEST_F(DispatchedRefusals, BoundWhatANetworkMayHaveSigned) {
  costly_limits.work = {
      .of_network_per_second = 1, .of_network_burst = 3, .per_second = 1'000, .burst = 1'000};
  Restart();
  const auto certified = [&](std::string_view from) {
    HandleClient client(Channels(false, from), Options());
    return client.Resolve({.handle = "88.118.8/ADMIN"},
                          op_flag::kRequestDefault | op_flag::kCertify);
  };
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(certified("192.0.2.1").ok()) << i;
  const Raw raw{
      .op_code = 2, .body = HandleBody("/"), .flags = op_flag::kRequestDefault | op_flag::kCertify};
  EXPECT_EQ(AskRaw(raw)->code, 3u);
  EXPECT_TRUE(certified("198.51.100.1").ok());
  micros += 1'000'000;
  EXPECT_EQ(AskRaw(raw)->code, 1u);
}

TEST_F(DispatchedRefusals, LeaveNothingUnderWayWhenTheDispatcherEnds) {
  std::atomic<int> answered{0};
  const std::string whole = Message({.op_code = 2, .body = HandleBody("/")});
  for (int i = 0; i < 50; ++i) {
    Question question;
    question.envelope = DecodeEnvelope(whole);
    question.message = whole.substr(kEnvelopeOctets);
    dispatcher->Answer(std::move(question), [&](Reply) { ++answered; });
  }
  dispatcher.reset();
  EXPECT_EQ(answered, 50);
}

}  // namespace
}  // namespace idnode
