#pragma once

#include <memory>
#include <optional>

#include "node/front/handle/turn.h"

namespace idnode {

// Goes on with an operation that needs to know who asks (spec/handle-protocol.md 5.2, 5.7, 8.4):
// with what the session or the connection has proven already, or else by a challenge.
void ProceedWithProof(const std::shared_ptr<Turn>& turn);

// Remembers, for the session that the request came in, who its other side has proven to be: if that
// is who it said at set-up, and if the request was the session's own.
void RememberProof(const Turn& turn, const HandleIdentity& claimed,
                   const HandleAuthority& authority);

// A challenge of its own kind: the digest of the request, which every challenge carries, and a
// nonce.
HandleResponse ChallengeWith(std::string_view nonce);

}  // namespace idnode
