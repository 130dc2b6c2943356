#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/directory.h"

namespace idnode {

// A token as its owner presents it: idn_<16 hexadecimal: id>_<43 base64url: 256 random bits>. The
// store keeps the SHA-256 of the secret part, which is enough for a secret of full entropy.
struct TokenText {
  std::string_view id;
  std::string_view secret;
};
Result<TokenText> ParseToken(std::string_view text);

// A new token row and the text to hand out, once. `random`: 40 random octets.
struct MintedToken {
  Token token;
  std::string text;
};
MintedToken MintToken(std::string_view random, Role role, Time now);

// kTokenUnknown (also for a wrong secret, in the same time), kTokenRevoked.
Result<Token> CheckToken(const DirectoryView& directory, std::string_view text);

}  // namespace idnode
