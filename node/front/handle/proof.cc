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
  request.session->standing.With([&](Session::Standing& standing) {
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

void AskForProof(Turn& turn) {
  DispatcherParts& parts = turn.parts();
  const ReceivedRequest& request = turn.request();
  const Envelope& envelope = request.question.envelope;
  // What keeping it takes beside its octets, roughly.
  constexpr size_t kOverheadOctets = 1'024;
  const auto challenge =
      parts.challenges.Open({.source = request.question.source,
                             .session_id = request.session ? request.session->id : 0,
                             .request_id = envelope.request_id,
                             .octets = request.question.message.size() + kOverheadOctets,
                             .digest = DigestOfRequest(request),
                             .request = turn.shared_request()},
                            parts.monotonic_micros());
  turn.HandOverTo(turn.shared_request(), challenge.number)->Answer(ChallengeWith(challenge.nonce));
}

}  // namespace

Response ChallengeWith(std::string_view nonce) {
  Response response{.code = ResponseCode::kAuthenticationNeeded, .with_digest = true};
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
      [&](Session::Standing& standing) { standing.proven = std::move(proven); });
}

}  // namespace idnode
