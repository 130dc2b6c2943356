#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "node/stats/resolution_counts.h"
#include "proto/base/time.h"
#include "storage/ledger.h"

namespace idnode {

// Folds the counts of all threads into the ledger: one tally a second, none when nothing was
// counted. A crash may lose the last second and can never invent one.
// Threads: one at a time.
class TallyKeeper {
 public:
  TallyKeeper(ResolutionCounts& counts, Ledger& ledger) : counts_(counts), ledger_(ledger) {}

  // Commits what was counted. Waits for the ledger; not on an event loop. The rows of an outcome
  // that is not done come again. While an outcome is unknown nothing else is committed: the same
  // change is asked again, by its operation id, so that it counts once; what is counted meanwhile
  // waits.
  void Fold(Time now);
  // The same, and what is known of the hour under way is sealed: before the process ends.
  void FoldAndSeal(Time now);
  // Everything that was counted in hours before this one, and who asked in them, is in the ledger.
  // Threads: any.
  uint32_t kept_until() const { return kept_until_.load(std::memory_order_relaxed); }

  // Records that resolutions between `since` and `now` may be missing (an unclean stop).
  void RecordGap(Time since, Time now);

 private:
  // A change whose outcome is asked for, and what it counts.
  struct Tally {
    std::shared_ptr<const Change> change;
    std::vector<TallyRow> rows;
  };
  // True: done, or given back. False: its outcome is unknown.
  bool Commit(const Tally& tally);
  bool FoldTallies(Time now);
  // Who asked in hours that are over: a change of parts at a time, each until it is done. False:
  // the ledger takes none now.
  bool KeepSources(Time now);
  void AddSourceChanges(const ResolutionCounts::Sealed& sealed, Time now);

  ResolutionCounts& counts_;
  Ledger& ledger_;
  Tally unknown_;                                      // Without a change: none is.
  std::deque<std::shared_ptr<const Change>> sources_;  // To be committed, in this order.
  std::atomic<uint32_t> kept_until_{0};
};

}  // namespace idnode
