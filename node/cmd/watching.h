#pragma once

#include <string>

#include "node/cmd/serving_node.h"
#include "node/runtime/log.h"
#include "node/service/incident_watch.h"

namespace idnode {

// What a serving node sees of itself: incidents, and the days that are over. Each once a second, on
// a thread of its own.
class Watching {
 public:
  Watching(OpenedFiles const& files, UseCases& use_cases, Docks& docks, uint32_t heartbeat_seconds,
           Log& log);

  // What went wrong since the last second, and what is well again.
  void LookForIncidents();
  // Files the next day that is over, or holds one that a node below filed against its log. May take
  // long.
  void LookForDays();

 private:
  IncidentWatch::Sight See() const;
  void FileDay();
  void JudgeDay();

  Store& store_;
  UseCases& use_cases_;
  Docks& docks_;
  const uint32_t heartbeat_seconds_;
  Log& log_;
  IncidentWatch watch_;
  static constexpr uint64_t kPauseMillis = 60'000;
  bool told_ = false;  // That a day could not be filed.
  Time again_;         // Not before.
};

// Before anything is put on record: what is known from before the start. A node that did not stop
// cleanly puts that on record, too.
void ReadWhatWasWatched(Store& store, UseCases& use_cases, Log& log);

}  // namespace idnode
