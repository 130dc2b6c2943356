#pragma once

#include "node/front/http/routes.h"
#include "node/service/handle_operations.h"

namespace idnode {

// Who asks, by whatever the request carries (spec/handle-protocol.md 6.7): a token, or a proof of
// holding a key in a record (Basic, Handle, a client certificate). Proofs are looked at over TLS
// and from this machine only; elsewhere they are passed over, as stock servers do.

// Whether a proof is offered, which reads the disk and computes: AuthorityOf on a work thread only.
bool OffersProof(const Request& request, const Desk& desk);

// Nobody is an answer, too. Errors of CallerOf; kUnauthenticated: the session has ended;
// kAuthenticationFailed, kInvalidCredential, kMalformed; kBusy: this source computes too much.
Result<HandleAuthority> AuthorityOf(const Request& request, Desk& desk);

// Appends to a 401 of the REST interface how one can prove who one is: WWW-Authenticate.
void OfferProofs(const Request& request, Desk& desk, Response& out);

// Whether a source may guess a secret now, and may have a proof verified that costs what this
// signed response does (an empty one: a signature). kBusy.
Status CheckAllowance(const Request& request, const Desk& desk, std::string_view signed_response);
// A secret was guessed at, or may have been.
void CountGuess(const Request& request, const Desk& desk);

// The session's nonce and the client's, signed by the node. Empty: this source has had enough.
struct NonceSignature {
  std::string_view algorithm;
  std::string octets;
};
NonceSignature SignNonces(const Request& request, const Desk& desk, std::string_view nonce,
                          std::string_view client_nonce);

// Proves it by `credentials` in the session that they name, which remembers it. `header`: the same
// one later needs no new proof; empty: none will.
Result<HandleAuthority> ProveInSession(const Request& request, Desk& desk,
                                       const struct HandleCredentials& credentials,
                                       std::string_view header);

}  // namespace idnode
