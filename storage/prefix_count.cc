#include "storage/prefix_count.h"

#include "storage/counters.h"
#include "storage/keyspace.h"

namespace idnode {

void AddPrefixCount(Change& change, const AllottedPrefix& prefix,
                    std::optional<PrefixState> before) {
  Require(change.mode() == Change::Mode::kTogether);
  const bool counted = before && Counts(*before);
  if (counted == Counts(prefix.state)) return;
  const EventKind kind = counted ? EventKind::kPrefixUncounted : EventKind::kPrefixCounted;
  change.Begin(kind, prefix.enterprise,
               keyspace::Prefix(static_cast<char>(prefix.prefix.scheme), prefix.prefix.text));
  AddEventSums(change, kind, prefix.enterprise, change.time().hour());
}

}  // namespace idnode
