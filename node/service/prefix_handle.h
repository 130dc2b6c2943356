#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/ident/identifier.h"
#include "storage/directory.h"

// Which names this node answers for (spec/handle-protocol.md 4.2). A prefix is homed here when it
// was allotted and not unhomed since, or is the node's own. Identifiers need their prefix to be
// homed; a prefix handle (0.NA/<prefix>) needs one of those that its prefix is derived from to be:
// who allots a prefix speaks for it.
namespace idnode {

// What is held against the directory, with room that is used again.
struct Homing {
  const DirectoryView& directory;
  std::string_view node_prefix;  // Empty: a node of no prefix speaks for each that it allotted.
  PrefixMatter& scratch;

  const AllottedPrefix* Find(std::string_view prefix) const;
  // `prefix` as in a canonical key.
  bool IsHomed(std::string_view prefix) const;

  struct Answer {
    bool homed = false;
    // Who is asked about, when known: the holder of the covering or named prefix. Null: nobody.
    const AllottedPrefix* owner = nullptr;
  };
  // kCorrupt: not a canonical key.
  Result<Answer> AnswersFor(std::string_view key) const;
  // The node's own prefix handle is kept here, though by the rule above its parent answers for it:
  // it names who may derive prefixes. It is answered where there is one.
  bool IsOwnPrefixHandle(std::string_view key) const;
};

}  // namespace idnode
