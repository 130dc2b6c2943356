#pragma once

#include <functional>
#include <memory>

#include "node/stats/resolution_counts.h"
#include "proto/base/time.h"
#include "storage/ledger.h"

namespace idnode {

// Folds the counts of all threads into the ledger: one tally a second, none when nothing was
// counted. A crash may lose the last second and can never invent one.
class TallyKeeper {
 public:
  TallyKeeper(ResolutionCounts& counts, Ledger& ledger) : counts_(counts), ledger_(ledger) {}

  // Commits what was counted. Waits for the ledger; not on an event loop. The rows of an outcome that
  // is not done come again; those of an unknown one with the same operation id, so that they count
  // once.
  void Fold(Time now);

  // Records that resolutions between `since` and `now` may be missing (an unclean stop).
  void RecordGap(Time since, Time now);

 private:
  ResolutionCounts& counts_;
  Ledger& ledger_;
  std::shared_ptr<const Change> unknown_;  // Of unknown outcome; asked again before the next.
};

}  // namespace idnode
