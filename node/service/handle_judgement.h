#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/security/permissions.h"
#include "node/service/handle_operations.h"

namespace idnode {

// What operations are judged by.
struct HandleGround {
  const Registry& registry;
  const Directory& directory;
  const std::string& node_prefix;
  const HandleAdministration& administration;
};

// What one operation comes to, by what is there at this moment.
struct HandleJudgement {
  // kUnauthenticated: as far as it can be said of nobody, a proof of identity is needed.
  Status status;
  std::string handle;  // As it is named, a minted suffix included.
  std::string key;     // Canonical.
  bool is_there = false;
  std::string row;          // What the views of `present` and of values read from it point into.
  Registry::Found present;  // is_there.
  // Of the whole record, as it will be; kReadAll: those selected.
  std::vector<Value> values;
  bool overwrites = false;  // A handle that is created, or a value that is added, was there.
  Caller writer;            // Who does it, for the registrar and the log.
};

// The checks of 4.5 in their order, for an authority or for nobody.
HandleJudgement JudgeHandle(const HandleGround& ground, const HandleAsked& asked,
                            const HandleAuthority& authority);

// The act that a token must be allowed. `key`: of what is asked about; empty: not known yet.
Act ActAsked(const HandleAsked& asked, std::string_view key);

// Who writes in the log: the identity's text, cut so that it stays unique where it is too long.
std::string ActorOf(const HandleIdentity& identity);

// The prefix that a kHome, kUnhome or kList… is about, in upper case. kInvalidIdentifier: the text
// is no prefix handle. `derived`: the prefixes that are derived from it are meant.
struct NamedPrefix {
  std::string text;
  bool derived = false;
};
Result<NamedPrefix> PrefixAsked(const HandleAsked& asked);

}  // namespace idnode
