#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "storage/engine/engine.h"

// Lists that the Handle protocol asks for, a page at a time in order of key (4.6). Threads: any;
// they read the disk.
namespace idnode {

struct HandlePage {
  std::vector<std::string> handles;  // In upper case, as the keys have them.
  std::string next;                  // Where to go on; empty: that was all.
};

// Handles with from <= key < until.
Result<HandlePage> ListKeys(const Rows& rows, std::string_view from, std::string_view until,
                            size_t handles_max);
// The prefix handles of all prefixes that were allotted and are active, and of the node's own, from
// the handle `from` on.
Result<HandlePage> ListHomedPrefixes(const Rows& rows, std::string_view node_prefix,
                                     std::string_view from, size_t handles_max);

}  // namespace idnode
