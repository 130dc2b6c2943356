#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/crypto/key.h"

namespace idnode {

// The key in the data of an HS_PUBKEY value or of a server in a site record: an encoding of 2.7
// (spec/handle-protocol.md), or bare PEM text, as Teleinfo's administrators write it (8.5).
// kMalformed; kUnsupported: a key that verifies nothing, or of a kind we do not know.
Result<VerifyingKey> VerifyingKeyOf(std::string_view data);

// The encoding octet by octet as Java writes it, RSA with its four surplus octets; PEM text for
// Ed25519, which has none.
std::string PublicKeyOctets(const VerifyingKey& key);

}  // namespace idnode
