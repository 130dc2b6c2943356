#pragma once

#include <compare>
#include <cstdint>

namespace idnode {

// A place in the ledger's order: dense, starting at 1, given by the ledger. 0 is "before the
// first". One shard so far; the shard is in the record's octets, so that more can come.
struct Position {
  uint64_t value = 0;
  friend constexpr auto operator<=>(const Position&, const Position&) = default;
};

}  // namespace idnode
