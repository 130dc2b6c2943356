#include "node/rehearsal/handle_login.h"

#include <utility>

#include "proto/crypto/digest.h"
#include "proto/handle/challenge.h"
#include "proto/handle/message.h"
#include "proto/handle/requests.h"
#include "proto/handle/responses.h"

namespace idnode {
namespace {

constexpr uint32_t kMillis = 10'000;
constexpr uint32_t kSession = 10'001;  // In every process of that client the same.
constexpr uint32_t kFlags = op_flag::kRecursive | op_flag::kReturnRequestDigest;
constexpr HandleVersion kVersionOfClient{2, 10};

}  // namespace

struct LoginConnection::Answer {
  Envelope envelope;
  uint32_t code = 0;
  std::string body;
};

Result<LoginConnection> LoginConnection::Open(const std::string& server) {
  const auto channels = ChannelsTo({.text = server});
  if (!channels) return channels.error();
  auto channel = channels->tcp();
  if (!channel) return channel.error();
  return LoginConnection(*std::move(channel));
}

std::string LoginConnection::Compose(OpCode op_code, std::string_view body, uint32_t session_id) {
  std::string message, whole;
  EncodeMessage({.op_code = static_cast<uint32_t>(op_code), .flags = kFlags}, body, {}, message);
  message.resize(kHeaderOctets + body.size());  // That client writes no credential field.
  Envelope envelope{.version = kVersionOfClient, .suggested = kHandleVersion};
  envelope.session_id = session_id;
  envelope.request_id = ++request_id_;
  envelope.message_octets = static_cast<uint32_t>(message.size());
  EncodeEnvelope(envelope, whole);
  return whole.append(message);
}

Result<LoginConnection::Answer> LoginConnection::Exchange(const std::string& message) {
  if (const Status sent = channel_->Send(message); !sent) return sent.error();
  const auto octets = channel_->Receive(kMillis);
  if (!octets) return octets.error();
  const auto view = DecodeMessage(std::string_view(*octets).substr(kEnvelopeOctets));
  if (!view) return view.error();
  return Answer{DecodeEnvelope(*octets), view->header.response_code, std::string(view->body)};
}

Result<uint32_t> LoginConnection::LogIn(const HandleIdentity& who, const SigningKey& key) {
  std::string body;
  EncodeLoginRequest({who.handle, who.index}, body);
  const std::string login = Compose(OpCode::kLogin, body, kSession);
  const auto challenge = Exchange(login);
  if (!challenge) return challenge.error();
  if (challenge->code != static_cast<uint32_t>(ResponseCode::kAuthenticationNeeded)) {
    return challenge->code;
  }
  std::string_view rest = challenge->body;
  const auto digest = TakeRequestDigest(rest);
  const auto nonce = DecodeChallenge(rest);
  const Digest own = Sha256(std::string_view(login).substr(kEnvelopeOctets));
  if (!digest || !nonce) return Error{Errc::kMalformed, "the challenge is malformed"};
  if (digest->octets != AsText(own)) return Error{Errc::kForged, "the digest is another request's"};
  const std::string proof = AnswerWithKey(key, who.handle, *nonce, AsText(own));
  std::string answer;
  EncodeChallengeAnswer({"HS_PUBKEY", who.handle, who.index, proof}, answer);
  const auto done =
      Exchange(Compose(OpCode::kChallengeAnswer, answer, challenge->envelope.session_id));
  if (!done) return done.error();
  return done->code;
}

Result<uint32_t> LoginConnection::Ask(OpCode op_code, std::string_view body) {
  const auto answer = Exchange(Compose(op_code, body, kSession));
  if (!answer) return answer.error();
  return answer->code;
}

}  // namespace idnode
