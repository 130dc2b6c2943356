#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/ident/identifier.h"

namespace idnode {

// Blockchain-based identifiers of 星火·链网 (spec/secondary-node.md 7.6):
// did:bid:efnVUgqQFfYeu97ABf6sGm3WFtVXHZB2 on the main chain, did:bid:ac1x:ef… on a sub-chain (an
// autonomous consensus domain of four small letters and digits), did:bid:ac1x for a sub-chain
// itself. The key is 'B', the domain or nothing, ':', and the suffix or nothing: a chain is one
// range. What each function promises stands in scheme_rules.h.
struct BidScheme {
  static constexpr Scheme kScheme = Scheme::kBid;
  static constexpr std::string_view kStart = "did:bid:";

  static bool Recognises(std::string_view text) { return text.starts_with(kStart); }
  static Status Parse(std::string_view text, Identifier& identifier);
  static Status CheckForRegistration(std::string_view) { return {}; }
  static Result<std::string> TextOfKey(std::string_view key);
  static Status AppendMatter(std::string_view key, std::string& matter);
  // A chain is matched whole: who holds the main chain holds no sub-chain.
  static std::string_view ShorterMatter(std::string_view) { return {}; }
  // did:bid is the main chain, did:bid:ac1x or ac1x a sub-chain with itself.
  static Result<std::string> ParsePrefix(std::string_view text);
  static KeyRange RangeOf(std::string_view prefix, char type);
  static bool Covers(std::string_view prefix, std::string_view key);
};

}  // namespace idnode
