#pragma once

#include <cstdint>

#include "bench/wire/questions.h"

namespace idnode::wire {

// A closed loop on a server of this machine: so many sockets, each with so many questions under
// way. Bounded in time.
struct LoadOptions {
  uint16_t port = 0;  // Of 127.0.0.1.
  uint32_t sockets = 16;
  uint32_t window = 16;
  double seconds = 3;
  double pause_micros = 0;  // Between rounds, to load at less than the peak.
};
struct LoadResult {
  uint64_t found = 0, absent = 0, other = 0;
  uint64_t lost = 0;  // UDP: asked again after 200 ms.
  double seconds = 0;

  uint64_t answers() const { return found + absent + other; }
};

LoadResult LoadUdp(const LoadOptions& options, const QuestionOptions& asked);
// Frames as the Handle protocol has them: the envelope says the length of what follows.
LoadResult LoadTcp(const LoadOptions& options, const QuestionOptions& asked);

}  // namespace idnode::wire
