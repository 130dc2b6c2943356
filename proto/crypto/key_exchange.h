#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// Diffie-Hellman in a group that the other side chose (spec/handle-protocol.md 5.6), by plain
// modular exponentiation, since OpenSSL refuses groups it does not know.
struct KeyAgreement {
  std::string public_value;  // Ours: g^x mod p, unsigned, without leading zeros.
  std::string secret;        // Z as octets of the length of p.
};
// `random`: 64 octets, the exponent. Numbers are unsigned big-endian. kMalformed: p is even or has
// not 1,024 to 4,096 bits, g or y is not strictly between 1 and p - 1.
Result<KeyAgreement> AgreeOnKey(std::string_view p, std::string_view g, std::string_view y,
                                std::string_view random);

// The session key out of Z: leading zeros go while more than 32 octets remain, then the first 32.
std::string SessionKeyOf(std::string_view secret);

}  // namespace idnode
