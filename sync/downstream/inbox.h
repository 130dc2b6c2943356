#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/children.h"
#include "storage/counters.h"
#include "storage/ledger.h"
#include "storage/store.h"

namespace idnode {

// What one child has sent, on its way into the ledger. Owns no socket, timer or clock, so that a
// simulation can lose, double, reorder and crash around it.
// Threads: one at a time.
class Inbox {
 public:
  Inbox(const Rows& rows, Child child) : rows_(rows), child_(std::move(child)) {}

  // The change that stores `records`, of which the first is at `first`. Records that we hold already
  // are skipped (a doubled batch is no error); nothing new: an empty pointer. kGap, kForged,
  // kMalformed: the child is wrong and must be sent away.
  Result<std::shared_ptr<const Change>> Take(Position first,
                                             const std::vector<std::string_view>& records,
                                             Time now);
  // What the ledger said about the last change taken. kConflict: somebody else stored for this
  // child (a second stream); kBusy and the like: it may be taken again.
  Status OnOutcome(const Outcome& outcome);

  // The last record that is durable here.
  const Child& child() const { return child_; }

 private:
  const Rows& rows_;
  Child child_;
  std::optional<Child> pending_;
};

}  // namespace idnode
