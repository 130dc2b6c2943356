#pragma once

#include <algorithm>
#include <cstdint>

namespace idnode {

// How long what ended in a second took.
struct LatencySecond {
  uint64_t count = 0;
  uint64_t micros = 0;  // All of them together.
  uint64_t max = 0, min = UINT64_MAX;

  bool has_extremes() const { return min != UINT64_MAX; }
  void Take(uint64_t each_micros) {
    ++count;
    micros += each_micros;
    max = std::max(max, each_micros);
    min = std::min(min, each_micros);
  }
  void Take(const LatencySecond& other) {
    count += other.count;
    micros += other.micros;
    max = std::max(max, other.max);
    min = std::min(min, other.min);
  }
};

}  // namespace idnode
