#pragma once

#include <optional>

#include "storage/change.h"
#include "storage/directory.h"

namespace idnode {

// Enterprise prefixes (企业前缀), which the national monitoring counts as registrations of a
// secondary node: one counts from its allotment on, also while it is suspended, and no more once
// this node does not answer for it (unhomed).
constexpr bool Counts(PrefixState state) { return state != PrefixState::kUnhomed; }

// Adds the event that `prefix`, put by the same change, begins or ceases to count; none where
// nothing changes. `before`: its state until now; none: it is new. The change is kTogether.
void AddPrefixCount(Change& change, const AllottedPrefix& prefix,
                    std::optional<PrefixState> before);

}  // namespace idnode
