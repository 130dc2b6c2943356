#pragma once

#include <string_view>

#include "node/service/child_routes.h"
#include "node/service/handle_operations.h"
#include "storage/registry.h"

namespace idnode {

// Where an absent handle is referred to (spec/handle-protocol.md 4.9). That of a derived prefix: to
// the first of those that it is derived from whose record says, publicly, where derived prefixes
// are served, or that a node below serves. An identifier: to the node below that serves its prefix.
// Without values: nowhere, or the handle is there. Reads the disk. `routes` may be null.
HandleReferral FindReferral(const Registry& registry, const ChildRoutes* routes,
                            std::string_view handle);

}  // namespace idnode
