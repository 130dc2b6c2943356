#include "node/security/token.h"

#include <array>

#include "proto/base/text.h"
#include "proto/crypto/digest.h"

namespace idnode {
namespace {

constexpr std::string_view kPrefix = "idn_";
constexpr size_t kIdOctets = 8, kIdCharacters = 16;
constexpr size_t kSecretOctets = 32, kSecretCharacters = 43;
constexpr size_t kTokenCharacters = kPrefix.size() + kIdCharacters + 1 + kSecretCharacters;

std::string HashOf(std::string_view secret) { return std::string(AsText(Sha256(secret))); }

}  // namespace

Result<TokenText> ParseToken(std::string_view text) {
  const Error malformed{Errc::kMalformed, "a token is idn_<16 hexadecimal>_<43 base64url>"};
  if (text.size() != kTokenCharacters || !text.starts_with(kPrefix)) return malformed;
  const TokenText token{text.substr(kPrefix.size(), kIdCharacters),
                        text.substr(kTokenCharacters - kSecretCharacters)};
  if (text[kPrefix.size() + kIdCharacters] != '_') return malformed;
  const auto id = FromHex(token.id);
  if (!id || ToHex(*id) != token.id || !FromBase64Url(token.secret)) return malformed;
  return token;
}

MintedToken MintToken(std::string_view random, Role role, Time now) {
  Require(random.size() == kIdOctets + kSecretOctets);
  MintedToken minted;
  const std::string secret = ToBase64Url(random.substr(kIdOctets));
  minted.token.id = ToHex(random.substr(0, kIdOctets));
  minted.token.secret_hash = HashOf(secret);
  minted.token.role = role;
  minted.token.created = now;
  minted.text.append(kPrefix).append(minted.token.id).append(1, '_').append(secret);
  return minted;
}

Result<Token> CheckToken(const DirectoryView& directory, std::string_view text) {
  const Error unknown{Errc::kTokenUnknown, "no token of this node"};
  const auto parsed = ParseToken(text);
  if (!parsed) return unknown;
  // The same work for an unknown id as for a wrong secret: what a hash of zeros is held against.
  constexpr std::array<char, sizeof(Digest)> kNobody{};
  const Token* found = directory.FindToken(parsed->id);
  const std::string_view hash = found == nullptr ? std::string_view(kNobody.data(), kNobody.size())
                                                 : std::string_view(found->secret_hash);
  const bool equal = EqualSecret(HashOf(parsed->secret), hash);
  if (found == nullptr || !equal) return unknown;
  if (found->revoked) return Error{Errc::kTokenRevoked, "the token was revoked"};
  return *found;
}

}  // namespace idnode
