#pragma once

#include <cstdint>
#include <optional>

#include "node/stats/latency_second.h"
#include "node/stats/registration_times.h"
#include "node/stats/resolution_counts.h"
#include "proto/base/guarded.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/day_fold.h"
#include "storage/engine/engine.h"
#include "storage/ledger.h"

namespace idnode {

// How the node answers, day by day of Asia/Shanghai: latencies with the second of their extremes,
// the most resolutions of a second, seconds served (docs/monitoring.md). Kept beside the log every
// minute and when the node stops, so that a crash loses a minute of it at most.
// Threads: Fold() and Stop() one at a time; the others any.
class MonitoringKeeper {
 public:
  MonitoringKeeper(ResolutionCounts& counts, RegistrationTimes& registrations, Ledger& ledger)
      : counts_(counts), registrations_(registrations), ledger_(ledger) {}

  // What was kept before the start. kCorrupt, kFormatVersion: nothing is known then.
  Status Read(const Rows& rows);

  // Takes what ended since the last call: once a second.
  void Fold(Time now);
  // The same for the last time, and keeps it. Nobody answers any more.
  void Stop(Time now);

  // A day that is over. Nothing: nothing is known of it. A day of which the node served no second
  // is known, too.
  std::optional<DayFold> Closed(uint32_t day) const;
  // It is filed.
  void Forget(uint32_t day);
  // The day under way.
  DayFold Running(Time now) const;

 private:
  // A stop, or a clock that jumped, is no time served.
  static constexpr uint64_t kFoldMillisMax = 10'000;
  static constexpr uint64_t kKeepMillis = 60'000;
  static constexpr size_t kDaysMax = 40;

  void Take(Time now);
  void Keep(Time now);
  static LatencyFold FoldOf(LatencySecond& carried, const LatencySecond& second, uint64_t at);

  ResolutionCounts& counts_;
  RegistrationTimes& registrations_;
  Ledger& ledger_;
  Guarded<KeptDays> kept_;
  Time last_, before_last_, kept_at_;  // Folds; 0: none.
  LatencySecond resolutions_;          // Whose extremes, or counts, are to come.
};

}  // namespace idnode
