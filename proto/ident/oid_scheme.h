#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/ident/identifier.h"

namespace idnode {

// Object identifiers (ISO/IEC 9834-1, RFC 3061; spec/secondary-node.md 7.3): 1.2.156.3001.11.1.1
// or urn:oid:1.2.156.3001.11.1.1. The key is 'O' and for each arc its length in octets and the arc,
// big-endian without leading zeros: siblings are in the order of their numbers, and what begins
// with an arc's key is below the arc. What each function promises stands in scheme_rules.h.
struct OidScheme {
  static constexpr Scheme kScheme = Scheme::kOid;

  // Digits and dots from 0., 1. or 2. on: right or wrong. No Handle prefix starts so that is not
  // a whole name (0.NA has letters).
  static bool Recognises(std::string_view text) {
    if (text.size() < 2) return false;
    if (text[0] >= '0' && text[0] <= '2') return text[1] == '.' && IsDotted(text);
    return (text[0] == 'u' || text[0] == 'U') && IsUrn(text);
  }
  static Status Parse(std::string_view text, Identifier& identifier);
  static Status CheckForRegistration(std::string_view) { return {}; }
  static Result<std::string> TextOfKey(std::string_view key);
  static Status AppendMatter(std::string_view key, std::string& matter);
  // Without its last arc, while two are left.
  static std::string_view ShorterMatter(std::string_view matter);
  // An arc: it is under itself, since whoever holds an arc registers it too.
  static Result<std::string> ParsePrefix(std::string_view text);
  static KeyRange RangeOf(std::string_view prefix, char type);
  static bool Covers(std::string_view prefix, std::string_view key);

 private:
  static bool IsDotted(std::string_view text);
  static bool IsUrn(std::string_view text);
};

}  // namespace idnode
