#include <utility>
#include <vector>

#include "node/front/handle/connection_dialogue.h"
#include "node/front/handle/operations.h"
#include "node/front/handle/proof.h"
#include "node/front/handle/request_reader.h"
#include "proto/base/text.h"
#include "proto/handle/requests.h"
#include "proto/handle/responses.h"

namespace idnode {
namespace {

constexpr std::string_view kSecretKey = "HS_SECKEY";
constexpr uint32_t kKeysTriedMax = 8;  // For index 0 (node/service/handle_authenticator.h).
constexpr Refusal kBusy{ResponseCode::kServerTooBusy, {}};
constexpr Refusal kTooLate{ResponseCode::kAuthenticationTimeout, {}};

// An answer to a challenge, and what the proof of it costs.
struct Answer {
  ChallengeAnswer octets;
  HandleIdentity claimed;
  bool by_secret = false;
};

HandleAuthenticator::Proof ProofOf(const Answer& answer, std::string_view nonce,
                                   std::string_view digest) {
  return {answer.octets.type, answer.claimed, nonce, digest, answer.octets.signed_response};
}

// What a wrong answer costs is taken before anything is computed; who guesses is slowed down.
bool MayVerify(const Turn& turn, const Answer& answer) {
  DispatcherParts& parts = turn.parts();
  const Address& source = turn.request().question.source;
  const uint64_t now_micros = parts.monotonic_micros();
  const uint32_t keys = answer.claimed.index == 0 ? kKeysTriedMax : 1;
  const uint32_t cost = keys * (answer.by_secret ? CostOfSecretAnswer(answer.octets.signed_response)
                                                 : kVerificationCost);
  if (answer.by_secret && !parts.costly_work.secret_guesses.Allows(source, 1, now_micros))
    return false;
  return parts.costly_work.work.Take(source, cost, now_micros);
}

Result<HandleAuthority> Verify(const Turn& turn, const Answer& answer, std::string_view nonce,
                               std::string_view digest) {
  DispatcherParts& parts = turn.parts();
  auto authority = parts.authenticator.Verify(ProofOf(answer, nonce, digest));
  if (!authority && answer.by_secret) {
    parts.costly_work.secret_guesses.Take(turn.request().question.source, 1,
                                          parts.monotonic_micros());
  }
  return authority;
}

// Stock servers ask first whether the identity may (5.3), so that a refusal says nothing of its
// key.
Result<HandleAuthority> ProveTo(const Turn& turn, const Answer& answer,
                                const Challenges::Challenge& challenge) {
  const HandleAsked& asked = challenge.request->asked;
  const Status allowed = turn.parts().operations.Authorise(asked, answer.claimed);
  if (!allowed) return allowed.error();
  auto authority = Verify(turn, answer, challenge.nonce, challenge.digest);
  if (authority && !turn.parts().challenges.Claim(challenge)) {
    return Error{Errc::kAuthenticationFailed, "the challenge was answered before"};
  }
  return authority;
}

void AnswerOne(Turn& turn, const Answer& answer,
               const std::vector<Challenges::Challenge>& waiting) {
  Error refused;
  for (const Challenges::Challenge& challenge : waiting) {
    const auto authority = ProveTo(turn, answer, challenge);
    if (!authority) {
      refused = authority.error();
      continue;
    }
    const auto held_up =
        turn.HandOverTo(challenge.request, challenge.request->question.envelope.session_id);
    RememberProof(*held_up, answer.claimed, *authority);
    return OperationOf(challenge.request->row->op_code).perform(held_up, *authority);
  }
  const ReceivedRequest& request = *waiting.back().request;
  turn.HandOverTo(waiting.back().request, request.question.envelope.session_id)->Refuse(refused);
}

// 8.4, steps 4 and 5.
void AnswerLogin(Turn& turn, const Answer& answer, const PendingLogin& login) {
  DispatcherParts& parts = turn.parts();
  const auto held_up = turn.HandOverTo(login.request, login.session_id);
  if (parts.monotonic_micros() >= login.since_micros + limits::kHandleChallengeMicros) {
    return held_up->Refuse(kTooLate);
  }
  const auto named = DecodeLoginRequest(login.request->message.body);
  if (!named || named->handle != answer.claimed.handle || named->index != answer.claimed.index) {
    return held_up->Refuse({ResponseCode::kAuthenticationFailed, "another identity answered"});
  }
  auto authority = Verify(*held_up, answer, login.nonce, login.digest);
  if (!authority) return held_up->Refuse(authority.error());
  LogIn(*turn.connection(), login.session_id,
        ProvenIdentity(std::move(*authority), parts.resolver));
  held_up->Succeed();
}

}  // namespace

void AnswerChallenge(const std::shared_ptr<Turn>& turn) {
  DispatcherParts& parts = turn->parts();
  const ReceivedRequest& request = turn->request();
  const uint32_t number = request.question.envelope.session_id;
  const auto decoded = DecodeChallengeAnswer(request.message.body);
  if (!decoded) return turn->Refuse(MalformedBody(request.question));
  if (number == 0) return turn->Refuse(kTooLate);
  const Answer answer{*decoded,
                      {std::string(decoded->handle), decoded->index},
                      EqualFolded(decoded->type, kSecretKey)};
  if (!MayVerify(*turn, answer)) return turn->Refuse(kBusy);
  if (turn->connection() != nullptr) {
    const auto login = TakePendingLogin(*turn->connection(), number);
    if (login) return AnswerLogin(*turn, answer, *login);
  }
  const auto waiting = parts.challenges.Answer(number, parts.monotonic_micros());
  if (waiting) return AnswerOne(*turn, answer, *waiting);
  const bool is_late =
      waiting.error().code == Errc::kTimeout || request.session || request.logged_in;
  if (is_late) return turn->Refuse(kTooLate);
  turn->Refuse({ResponseCode::kSessionTimeout, {}});
}

// Whoever asks chooses nonce and digest, so this tells right guesses from wrong ones (4.7).
void VerifyForPeer(const std::shared_ptr<Turn>& turn) {
  DispatcherParts& parts = turn->parts();
  const ReceivedRequest& request = turn->request();
  const auto decoded = DecodeVerifyRequest(request.message.body);
  if (!decoded) return turn->Refuse(MalformedBody(request.question));
  const Address& source = request.question.source;
  const uint64_t now_micros = parts.monotonic_micros();
  const uint32_t keys = decoded->index == 0 ? kKeysTriedMax : 1;
  const uint32_t cost = keys * CostOfSecretAnswer(decoded->signed_response);
  if (!parts.costly_work.secret_guesses.Take(source, 1, now_micros) ||
      !parts.costly_work.work.Take(source, cost, now_micros)) {
    return turn->Refuse(kBusy);
  }
  const bool valid =
      parts.authenticator.VerifySecret({kSecretKey,
                                        {std::string(decoded->handle), decoded->index},
                                        decoded->nonce,
                                        decoded->digest,
                                        decoded->signed_response});
  std::string body;
  EncodeVerifyResponse(valid, body);
  turn->Succeed(std::move(body));
}

// 8.4, steps 2 and 3.
void StartLogin(const std::shared_ptr<Turn>& turn) {
  DispatcherParts& parts = turn->parts();
  const ReceivedRequest& request = turn->request();
  const uint32_t session_id = request.question.envelope.session_id;
  if (!DecodeLoginRequest(request.message.body))
    return turn->Refuse(MalformedBody(request.question));
  if (turn->connection() == nullptr) {
    return turn->Refuse({ResponseCode::kOperationNotSupported, "a login needs a connection"});
  }
  if (session_id == 0) {
    return turn->Refuse({ResponseCode::kInvalidCredential, "a login needs a session number"});
  }
  std::string nonce = parts.random(kNonceOctets);
  const HandleResponse challenge = ChallengeWith(nonce);
  SetPendingLogin(*turn->connection(), {session_id, std::move(nonce), DigestOfRequest(request),
                                        parts.monotonic_micros(), turn->shared_request()});
  turn->Answer(challenge);
}

}  // namespace idnode
