#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/base/text.h"
#include "proto/ident/identifier.h"

namespace idnode {

// GS1 keys as identifiers (spec/gs1-digital-link.md). What each function promises stands in
// scheme_rules.h.
struct Gs1Scheme {
  static constexpr Scheme kScheme = Scheme::kGs1;

  static bool Recognises(std::string_view text) {
    return !text.empty() && (text[0] == '(' || (IsDigit(text[0]) && RecognisesDigits(text)));
  }
  static Status Parse(std::string_view text, Identifier& identifier);
  // A GS1 key is checked digit by digit when it is parsed; there is no laxer form of it.
  static Status CheckForRegistration(std::string_view) { return {}; }
  static Result<std::string> TextOfKey(std::string_view key);
  static Status AppendMatter(std::string_view key, std::string& matter);
  // Any beginning of the digits may be a prefix.
  static std::string_view ShorterMatter(std::string_view matter);
  static Result<std::string> ParsePrefix(std::string_view text);
  static KeyRange RangeOf(std::string_view prefix, char type);
  static bool Covers(std::string_view prefix, std::string_view key);

 private:
  // 01/0690… and bare product codes; `text` starts with a digit.
  static bool RecognisesDigits(std::string_view text);
};

}  // namespace idnode
