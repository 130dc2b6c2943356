#include "node/front/handle/proof.h"

#include <utility>

#include "node/front/handle/connection_dialogue.h"
#include "node/front/handle/operations.h"
#include "proto/handle/responses.h"

namespace idnode {
namespace {

// Neither: nothing is proven yet.
struct ProofSoFar {
  std::optional<HandleAuthority> authority;
  std::optional<Refusal> refusal;
};

ProofSoFar ProofOfLogin(const Turn& turn) {
  const uint32_t session_id = turn.request().question.envelope.session_id;
  auto authority = LoginAuthority(*turn.connection(), session_id, turn.parts().resolver);
  if (authority) return {std::move(authority), {}};
  return {{}, Refusal{ResponseCode::kSessionTimeout, "the key of the login has changed"}};
}

ProofSoFar ProofOfSession(const Turn& turn) {
  const ReceivedRequest& request = turn.request();
  auto proven = request.session->standing.With([](auto& standing) { return standing.proven; });
  if (!proven) return {};
  if (!request.authentic) {
    return {{}, Refusal{ResponseCode::kInvalidCredential, "the session's credential is missing"}};
  }
  const bool stands = proven->StillStands(turn.parts().resolver);  // Outside the lock: may read.
  HandleAuthority authority = proven->authority();
  request.session->standing.With([&](HandleSession::Standing& standing) {
    standing.proven.reset();
    if (stands) standing.proven = std::move(proven);
  });
  if (!stands) return {};
  return {std::move(authority), {}};
}

ProofSoFar FindProof(const Turn& turn) {
  if (turn.request().logged_in && turn.connection() != nullptr) return ProofOfLogin(turn);
  if (turn.request().session) return ProofOfSession(turn);
  return {};
}

// What keeping a request takes: itself, and what was read out of it, which is more where a list has
// many short entries.
size_t OctetsOf(const ReceivedRequest& request) {
  constexpr size_t kOverheadOctets = 1'024;
  const HandleAsked& asked = request.asked;
  size_t octets = kOverheadOctets + 2 * request.question.message.size();
  octets += asked.indexes.size() * sizeof(uint32_t) + asked.types.size() * sizeof(std::string);
  octets += asked.values.size() * sizeof(Value);
  for (const Value& value : asked.values) {
    octets += value.references.size() * sizeof(ValueReference);
  }
  return octets;
}

void AskForProof(Turn& turn) {
  DispatcherParts& parts = turn.parts();
  const ReceivedRequest& request = turn.request();
  const Envelope& envelope = request.question.envelope;
  const auto challenge =
      parts.challenges.Open({.source = request.question.source,
                             .session_id = request.session ? request.session->id : 0,
                             .request_id = envelope.request_id,
                             .octets = OctetsOf(request),
                             .digest = DigestOfRequest(request),
                             .request = turn.shared_request()},
                            parts.monotonic_micros());
  turn.HandOverTo(turn.shared_request(), challenge.number)->Answer(ChallengeWith(challenge.nonce));
}

}  // namespace

HandleResponse ChallengeWith(std::string_view nonce) {
  HandleResponse response{.code = ResponseCode::kAuthenticationNeeded, .with_digest = true};
  EncodeChallenge(nonce, response.body);
  return response;
}

void ProceedWithProof(const std::shared_ptr<Turn>& turn) {
  const ProofSoFar proof = FindProof(*turn);
  if (proof.refusal) return turn->Refuse(*proof.refusal);
  if (!proof.authority) return AskForProof(*turn);
  OperationOf(turn->request().row->op_code).perform(turn, *proof.authority);
}

void RememberProof(const Turn& turn, const HandleIdentity& claimed,
                   const HandleAuthority& authority) {
  const ReceivedRequest& request = turn.request();
  if (!request.session || !request.authentic || request.session->identity != claimed) return;
  ProvenIdentity proven(authority, turn.parts().resolver);
  request.session->standing.With(
      [&](HandleSession::Standing& standing) { standing.proven = std::move(proven); });
}

}  // namespace idnode
