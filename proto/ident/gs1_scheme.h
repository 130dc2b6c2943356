#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/base/text.h"
#include "proto/gs1/element_string.h"
#include "proto/gs1/epc_urn.h"
#include "proto/ident/identifier.h"

namespace idnode {

// GS1 keys as identifiers (spec/gs1-digital-link.md). What each function promises stands in
// scheme_rules.h.
struct Gs1Scheme {
  static constexpr Scheme kScheme = Scheme::kGs1;

  static bool Recognises(std::string_view text) {
    if (text.empty()) return false;
    if (IsDigit(text[0])) return RecognisesDigits(text);
    return MayBeElementString(text) || (UpperAscii(text[0]) == 'H' && RecognisesWeb(text)) ||
           MayBeEpcUrn(text);
  }
  static Status Parse(std::string_view text, Identifier& identifier);
  // What may be asked for and not registered: combinations that the grammar allows and the table
  // does not (spec/gs1-digital-link.md 1.1), values that clients drop (9).
  static Status CheckForRegistration(std::string_view text);
  static Result<std::string> TextOfKey(std::string_view key);
  static Status AppendMatter(std::string_view key, std::string& matter);
  // Any beginning of the digits may be a prefix.
  static std::string_view ShorterMatter(std::string_view matter);
  static Result<std::string> ParsePrefix(std::string_view text);
  static KeyRange RangeOf(std::string_view prefix, char type);
  static bool Covers(std::string_view prefix, std::string_view key);

 private:
  // https://…, whatever it holds.
  static bool RecognisesWeb(std::string_view text);
  // 01/0690… and bare product codes; `text` starts with a digit.
  static bool RecognisesDigits(std::string_view text);
};

}  // namespace idnode
