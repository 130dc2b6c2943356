#pragma once

#include <cstdint>

namespace idnode {

// How long to wait before the next attempt: doubles from first_ms to max_ms, with full jitter (a
// random share of it, at least one millisecond), so that the children of a node that was restarted
// do not come back together.
class Backoff {
 public:
  Backoff(uint64_t first_ms, uint64_t max_ms) : first_ms_(first_ms), max_ms_(max_ms) {}

  // `chance`: any 64 random bits.
  uint64_t NextMs(uint64_t chance);
  void OnSuccess() { attempts_ = 0; }

 private:
  uint64_t first_ms_, max_ms_;
  uint32_t attempts_ = 0;
};

}  // namespace idnode
