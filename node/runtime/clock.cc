#include "node/runtime/clock.h"

#include <chrono>

namespace idnode {

Time Now() {
  using std::chrono::milliseconds;
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  const auto ms = std::chrono::duration_cast<milliseconds>(since).count();
  return Time{ms > 0 ? static_cast<uint64_t>(ms) : 0};
}

uint64_t MonotonicMicros() {
  using std::chrono::microseconds;
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<microseconds>(since).count());
}

}  // namespace idnode
