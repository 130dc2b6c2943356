#pragma once

#include <string_view>

#include "node/service/handle_operations.h"
#include "storage/registry.h"

namespace idnode {

// Where an absent derived prefix handle is referred to (spec/handle-protocol.md 4.9): the first of
// those that it is derived from whose record says, publicly, where derived prefixes are served.
// Without values: nowhere, or the handle is no derived prefix handle, or is there. Reads the disk.
HandleReferral FindReferral(const Registry& registry, std::string_view handle);

}  // namespace idnode
