#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/tlog/tree.h"
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

  // The change that stores `records`, of which the first is at `first`; sealed. Records that we
  // hold already are skipped (a doubled batch is no error) if they are the same octets; nothing
  // new: an empty pointer. kGap, kForged, kMalformed, kTooLarge: the child is wrong and must be
  // sent away; the inbox is as before. Only when no change is under way.
  Result<std::shared_ptr<const Change>> Take(Position first,
                                             const std::vector<std::string_view>& records,
                                             Time now);
  // What the ledger said about the last change taken. kConflict: somebody else stored for this
  // child (a second stream); kBusy and the like: it may be taken again.
  Status OnOutcome(const Outcome& outcome);

  // A checkpoint of the child's own log, held against what we hold of it. kGap: its log is shorter
  // than ours. kForged: of the same size, and another root. A longer log is not judged yet.
  Status CheckTree(const TreeHead& theirs) const;

  // The child's figures at the last record that is durable here. The first reads all its
  // enterprises, later ones some dozen rows. Only when no change is under way. kTooLarge, kCorrupt.
  Result<Evaluation> Evaluate();

  // The last record that is durable here.
  const Child& child() const { return child_; }
  bool under_way() const { return pending_.has_value(); }

 private:
  Status CheckHeld(Position position, std::string_view record) const;

  const Rows& rows_;
  Child child_;
  std::optional<Child> pending_;
  std::optional<ConnectedCount> connected_;  // Since the first evaluation.
  std::vector<ConnectedCount::Step> pending_steps_;
};

}  // namespace idnode
