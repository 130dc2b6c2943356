#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include "proto/base/guarded.h"
#include "proto/base/time.h"

namespace idnode {

// Whether a node below has to be taken over (spec/secondary-node.md 5.8): of the probes of the last
// while so many found that it does not resolve, or does not register.
inline constexpr uint32_t kTakeoverPercent = 51;

struct ProbeFigures {
  uint64_t resolution = 0, resolution_failed = 0;
  uint64_t registration = 0, registration_failed = 0;
  bool takeover_due = false;
  Time since;  // Of takeover_due.

  // Rounded up, so that 51 stands for "the takeover is due".
  static uint32_t PercentOf(uint64_t failed, uint64_t all) {
    return all == 0 ? 0 : static_cast<uint32_t>((failed * 100 + all - 1) / all);
  }
};

// Judges by rounds of probes. Owns no socket and no clock.
// Threads: any.
class TakeoverWatch {
 public:
  explicit TakeoverWatch(uint64_t window_ms) : window_ms_(window_ms) {}

  struct Round {
    uint32_t resolution = 0, resolution_failed = 0;
    bool registration_failed = false;
  };
  enum class Turn : uint8_t { kNone, kDue, kWellAgain };
  // What a round of a node at `now` has found, and whether it turned. A clock that was set back
  // begins anew.
  Turn Add(const std::string& node_id, const Round& round, Time now);
  // Of a node that was never probed: all zero.
  ProbeFigures Of(const std::string& node_id) const;

 private:
  struct Watched {
    std::deque<std::pair<Time, Round>> rounds;
    ProbeFigures figures;
  };
  const uint64_t window_ms_;
  Guarded<std::map<std::string, Watched, std::less<>>> watched_;
};

}  // namespace idnode
