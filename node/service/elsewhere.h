#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/service/child_routes.h"
#include "storage/registry.h"

namespace idnode {

// Who answers for a name that this node does not, as far as it knows: what the handle of its prefix
// says publicly, or that of a prefix it is derived from (spec/handle-protocol.md 1.4, 4.9).
struct Elsewhere {
  std::string prefix_handle;           // 0.NA/88.118.9; empty: the scheme has none.
  std::vector<std::string> addresses;  // tcp://203.0.113.7:2641, or what a URL value says.

  bool known() const { return !addresses.empty(); }
};

// `key`: canonical. `routes`: what nodes below say of it; may be null. Reads the disk: never on an
// event loop.
Elsewhere FindElsewhere(const Registry& registry, const ChildRoutes* routes, std::string_view key);

}  // namespace idnode
