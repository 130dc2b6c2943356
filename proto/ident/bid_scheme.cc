#include "proto/ident/bid_scheme.h"

#include <algorithm>
#include <array>

#include "proto/base/text.h"
#include "proto/ident/base58.h"
#include "proto/ident/key_range.h"

namespace idnode {
namespace {

constexpr std::string_view kMainChain = "did:bid";  // As a prefix.
constexpr size_t kDomainOctets = 4;
// Of the hash of the public key; what the suffix encodes.
constexpr size_t kHashOctets = 22;
constexpr std::string_view kCryptos = "ezs";  // Ed25519, SM2, secp256k1.
constexpr std::string_view kBech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

struct EncodingRow {
  char letter;
  size_t characters_min, characters_max;
  bool (*holds)(std::string_view text);
};
constexpr auto kEncodings = std::to_array<EncodingRow>({
    {'f', 22, 31, [](std::string_view text) { return Base58DecodesTo(text, kHashOctets); }},
    {'s', 32, 32,
     [](std::string_view text) {
       const auto octets = FromBase64(text);
       return octets && octets->size() == kHashOctets;
     }},
    // 176 bits in 36 characters and a checksum of six.
    {'t', 42, 42,
     [](std::string_view text) {
       return text.find_first_not_of(kBech32) == std::string_view::npos;
     }},
});

bool IsDomain(std::string_view text) {
  return text.size() == kDomainOctets &&
         std::ranges::all_of(text, [](char c) { return IsDigit(c) || (c >= 'a' && c <= 'z'); });
}

Status CheckSuffix(std::string_view suffix) {
  if (suffix.size() < 2 || kCryptos.find(suffix[0]) == std::string_view::npos) {
    return Error{Errc::kInvalidIdentifier, "a BID names its cryptography first: e, z or s"};
  }
  const auto* row = std::ranges::find(kEncodings, suffix[1], &EncodingRow::letter);
  if (row == kEncodings.end()) {
    return Error{Errc::kInvalidIdentifier, "a BID names its encoding second: f, s or t"};
  }
  const std::string_view hash = suffix.substr(2);
  if (hash.size() < row->characters_min || hash.size() > row->characters_max) {
    return Error{Errc::kWrongLength,
                 "a BID has 22 to 31 characters in Base58, 32 in Base64, 42 in Bech32"};
  }
  if (!row->holds(hash)) {
    return Error{Errc::kInvalidIdentifier, "a BID encodes 22 octets of the hash of its key"};
  }
  return {};
}

// What a text or a key says after did:bid: and 'B'.
struct Parts {
  std::string_view domain;  // Empty: the main chain.
  std::string_view suffix;  // Empty: the sub-chain itself.
};

Status CheckParts(const Parts& parts) {
  if (!parts.domain.empty() && !IsDomain(parts.domain)) {
    return Error{Errc::kInvalidIdentifier,
                 "an autonomous consensus domain has four small letters and digits"};
  }
  if (parts.suffix.empty() && !parts.domain.empty()) return {};
  return CheckSuffix(parts.suffix);
}

Result<Parts> PartsOfText(std::string_view text) {
  const std::string_view rest = text.substr(BidScheme::kStart.size());
  const size_t colon = rest.find(':');
  Parts parts;
  if (colon != std::string_view::npos) {
    parts = {rest.substr(0, colon), rest.substr(colon + 1)};
    if (parts.domain.empty() || parts.suffix.empty()) {
      return Error{Errc::kInvalidIdentifier, "a part of the BID is empty"};
    }
  } else if (IsDomain(rest)) {
    parts.domain = rest;
  } else {
    parts.suffix = rest;
  }
  if (const Status right = CheckParts(parts); !right) return right.error();
  return parts;
}

Result<Parts> PartsOfKey(std::string_view key) {
  const Error corrupt{Errc::kCorrupt, "not a canonical key"};
  const size_t colon = key.find(':');
  if (colon == std::string_view::npos) return corrupt;
  const Parts parts{key.substr(1, colon - 1), key.substr(colon + 1)};
  if (!CheckParts(parts)) return corrupt;
  return parts;
}

std::string_view DomainOfPrefix(std::string_view prefix) {
  return prefix.size() <= BidScheme::kStart.size() ? std::string_view()
                                                   : prefix.substr(BidScheme::kStart.size());
}

}  // namespace

Status BidScheme::Parse(std::string_view text, Identifier& identifier) {
  const auto parts = PartsOfText(text);
  if (!parts) return parts.error();
  identifier.scheme = kScheme;
  identifier.key.assign(1, static_cast<char>(kScheme)).append(parts->domain);
  identifier.key.append(1, ':').append(parts->suffix);
  identifier.text.assign(text);
  return {};
}

Result<std::string> BidScheme::TextOfKey(std::string_view key) {
  const auto parts = PartsOfKey(key);
  if (!parts) return parts.error();
  std::string text = std::string(kStart).append(parts->domain);
  if (!parts->domain.empty() && !parts->suffix.empty()) text.push_back(':');
  return text.append(parts->suffix);
}

Status BidScheme::AppendMatter(std::string_view key, std::string& matter) {
  const auto parts = PartsOfKey(key);
  if (!parts) return parts.error();
  matter.append(parts->domain.empty() ? kMainChain : kStart).append(parts->domain);
  return {};
}

Result<std::string> BidScheme::ParsePrefix(std::string_view text) {
  if (text == kMainChain) return std::string(text);
  if (text.starts_with(kStart)) text.remove_prefix(kStart.size());
  if (!IsDomain(text)) {
    return Error{Errc::kInvalidIdentifier,
                 "did:bid for the main chain, or four small letters and digits of a sub-chain"};
  }
  return std::string(kStart).append(text);
}

KeyRange BidScheme::RangeOf(std::string_view prefix, char) {
  std::string key(1, static_cast<char>(kScheme));
  return KeysThatBeginWith(key.append(DomainOfPrefix(prefix)).append(1, ':'));
}

bool BidScheme::Covers(std::string_view prefix, std::string_view key) {
  const std::string_view domain = DomainOfPrefix(prefix);
  return key.substr(1).starts_with(domain) && key.substr(1 + domain.size()).starts_with(':');
}

}  // namespace idnode
