#pragma once

#include <span>
#include <string_view>

#include "proto/base/result.h"
#include "proto/record/value.h"

namespace idnode {

// What the values of a record refer to (proto/record/relation.h) must be identifiers, at most
// limits::kTraceReferencesMax, and never the record's own. `key`: its canonical key. kInvalidValue.
Status CheckReferences(std::string_view key, std::span<const Value> values);

}  // namespace idnode
