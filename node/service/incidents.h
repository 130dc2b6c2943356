#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "node/security/caller.h"
#include "node/service/incident_watch.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/engine/engine.h"
#include "storage/incidents.h"
#include "storage/ledger.h"

namespace idnode {

class Acts;

// What went wrong with this node, and that it is well again: on record first, and by that on its
// way to the node above (docs/monitoring.md). Of one thing at most one incident is open.
// Threads: any. Waits for the ledger, reads the disk.
class Incidents {
 public:
  using Chance = std::function<uint64_t()>;
  Incidents(const Engine& engine, Ledger& ledger, Acts& acts, Chance chance,
            std::string node_prefix);

  // What is open by the log: before anything else. kCorrupt.
  Status Read();
  // What of that the node watches itself.
  std::set<std::string> OpenAbouts() const;

  // What the node has seen itself. What cannot be on record now, since the ledger takes no writes,
  // is put on record when it can be, in order.
  void Take(std::vector<IncidentWatch::Turn> turns);
  // Puts on record what waits for it.
  void Put(Time now);
  // Something that is over as it is told: both events at once.
  void TakeOver(const IncidentWatch::Turn& turn, uint64_t until);

  // By hand. Act::kPutIncident.
  struct Opening {
    IncidentCause cause = IncidentCause::kOther;
    bool planned = false;     // Downtime that was meant to be; of cause kOther.
    std::string_view detail;  // What happened, or why.
    uint64_t at = 0;          // Seconds; 0: now.
  };
  // The number of what is open from now on. kMalformed: a detail that is none, a moment to come.
  Result<std::string> Open(const Opening& opening, const Caller& caller, Time now);
  // kNotFound: nothing of this number is open.
  Result<std::string> Close(std::string_view number, std::string_view detail, uint64_t at,
                            const Caller& caller, Time now);

  // Events as JSON, in the order of their days and numbers; or only what is open.
  // Act::kReadFigures.
  struct ListRequest {
    bool open_only = false;
    std::string_view after;  // `next` of the page before.
    size_t count = 100;
  };
  Result<std::string> List(const ListRequest& request, const Caller& caller) const;

 private:
  static constexpr size_t kWaitingMax = 256;

  IncidentEvent EventOf(const IncidentWatch::Turn& turn);
  IncidentEvent EndingOf(const IncidentEvent& open, uint64_t at, std::string_view detail);
  const IncidentEvent* FindOpen(std::string_view about) const;  // Under the lock.
  Status Commit(const std::vector<IncidentEvent>& events, std::string_view actor, Time now);

  const Engine& engine_;
  Ledger& ledger_;
  Acts& acts_;
  const Chance chance_;
  const std::string node_prefix_;

  std::mutex committing_;  // Held before the other, by whoever opens or closes something.
  mutable std::mutex mutex_;
  std::map<std::string, IncidentEvent> open_;  // By number; what is on record.
  std::deque<IncidentEvent> waiting_;          // To be put on record.
};

}  // namespace idnode
