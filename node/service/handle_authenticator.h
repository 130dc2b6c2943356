#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "node/service/handle_operations.h"
#include "proto/base/result.h"
#include "proto/handle/identity.h"
#include "proto/handle/requests.h"
#include "storage/registry.h"

namespace idnode {

class SecretBox;

// Proofs of identity by a key in a record of this node (spec/handle-protocol.md 5.3-5.5, 8.5).
//
// Threads: any; reads the disk and computes: never on an event loop.
class HandleAuthenticator {
 public:
  struct Rules {
    bool secret_keys = true;    // HS_SECKEY is accepted at all (security.legacy_secret_keys).
    bool weak_digests = false;  // MD5 and SHA-1 signatures are.
  };
  HandleAuthenticator(const Registry& registry, const SecretBox& secrets, const Rules& rules);

  struct Proof {
    std::string_view type;  // "HS_SECKEY", "HS_PUBKEY".
    HandleIdentity identity;
    std::string_view nonce;
    std::string_view digest;  // The request's; of REST, the client's nonce.
    std::string_view signed_response;
  };
  // The authority proven, its index that of the key that verified when 0 was given.
  // kAuthenticationFailed (also: no such key), kInvalidCredential (a type or digest that is unknown
  // or switched off). At most eight keys are tried.
  Result<HandleAuthority> Verify(const Proof& proof) const;

  // Op 201: whether the answer is that of a secret key kept here. Unknown users: false.
  bool VerifySecret(const Proof& proof) const;

  // A password in clear, over TLS (REST, Basic).
  Result<HandleAuthority> VerifyPassword(const HandleIdentity& identity,
                                         std::string_view password) const;

 private:
  Result<HandleAuthority> VerifyBySecret(const Proof& proof) const;
  Result<HandleAuthority> VerifyBySignature(const Proof& proof) const;

  const Registry& registry_;
  const SecretBox& secrets_;
  const Rules rules_;
};

}  // namespace idnode
