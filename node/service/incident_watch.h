#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/errc.h"
#include "proto/base/time.h"
#include "storage/incidents.h"

namespace idnode {

// Decides what has become abnormal and what is well again, by what is seen of the node each second.
// Owns no clock, and writes nothing. Threads: one at a time.
class IncidentWatch {
 public:
  // Without the node above for longer than this.
  static constexpr uint64_t kAboveMillisMax = 60'000;
  static constexpr uint32_t kBeatsMissedMax = 3;

  struct Below {
    uint32_t number = 0;
    std::string node_id, prefix;
    bool connected = false;
    Time last_seen;  // 0: not since the start.
  };
  struct Sight {
    Time now;
    bool writable = true;
    bool has_above = false, above_connected = false;
    std::vector<Below> below;
    uint32_t heartbeat_seconds = 15;
  };
  struct Turn {
    IncidentKind kind = IncidentKind::kAbnormal;
    std::string about;  // "ledger", "upstream", "child-3"
    uint64_t at = 0;    // Seconds: since when.
    IncidentCause cause = IncidentCause::kSystem;
    std::string detail;
  };

  // `open`: what is abnormal by the log, by what it is about.
  explicit IncidentWatch(std::set<std::string> open) : open_(std::move(open)) {}

  // What has turned since the last sight. Each is told once.
  std::vector<Turn> Look(const Sight& sight);

 private:
  void Set(std::string about, bool abnormal, uint64_t at, IncidentCause cause, std::string detail,
           std::vector<Turn>& turns);

  std::set<std::string> open_;
  Time began_, above_since_;  // Without the node above since then; 0: with it.
};

}  // namespace idnode
