#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/ident/identifier.h"

namespace idnode {

// Decentralized identifiers of any method without a scheme of its own here (W3C DID Core 3.1;
// spec/secondary-node.md 7.7): did:web:example.org. A DID alone, without path, query or fragment.
// The key is 'D' and what follows did:, so that a method is one range. What each function promises
// stands in scheme_rules.h.
struct DidScheme {
  static constexpr Scheme kScheme = Scheme::kDid;
  static constexpr std::string_view kStart = "did:";

  static bool Recognises(std::string_view text) { return text.starts_with(kStart); }
  static Status Parse(std::string_view text, Identifier& identifier);
  static Status CheckForRegistration(std::string_view) { return {}; }
  static Result<std::string> TextOfKey(std::string_view key);
  static Status AppendMatter(std::string_view key, std::string& matter);
  // A method is matched whole.
  static std::string_view ShorterMatter(std::string_view) { return {}; }
  // did:web, or the name of the method alone. kUnsupported: a method with a scheme of its own.
  static Result<std::string> ParsePrefix(std::string_view text);
  static KeyRange RangeOf(std::string_view prefix, char type);
  static bool Covers(std::string_view prefix, std::string_view key);
};

}  // namespace idnode
