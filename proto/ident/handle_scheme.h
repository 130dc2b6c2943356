#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/ident/identifier.h"

namespace idnode {

// Handle names as identifiers (spec/handle-protocol.md 1). What each function promises stands in
// scheme_rules.h.
struct HandleScheme {
  static constexpr Scheme kScheme = Scheme::kHandle;

  static bool Recognises(std::string_view) { return true; }
  static Status Parse(std::string_view text, Identifier& identifier);
  static Status CheckForRegistration(std::string_view text);
  static Result<std::string> TextOfKey(std::string_view key);
  static Status AppendMatter(std::string_view key, std::string& matter);
  // A Handle prefix is matched whole.
  static std::string_view ShorterMatter(std::string_view) { return {}; }
  static Result<std::string> ParsePrefix(std::string_view text);
  static KeyRange RangeOf(std::string_view prefix, char type);
  static bool Covers(std::string_view prefix, std::string_view key);
};

}  // namespace idnode
