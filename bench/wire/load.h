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
  double per_second = 0;    // Of LoadUdpPaced.
};
struct LoadResult {
  uint64_t found = 0, absent = 0, other = 0;
  uint64_t lost = 0;  // UDP: not answered within 200 ms.
  double seconds = 0;
  // Of LoadUdpPaced: from when a question was due to its answer, and to when it was asked.
  double p50_micros = 0, p99_micros = 0, late_p99_micros = 0;

  uint64_t answers() const { return found + absent + other; }
};

LoadResult LoadUdp(const LoadOptions& options, const QuestionOptions& asked);
// An open loop instead: one socket asks at fixed times, however late the answers are, so that a
// delay of ours is not hidden by questions that wait for it. The loop never sleeps.
LoadResult LoadUdpPaced(const LoadOptions& options, const QuestionOptions& asked);
// Frames as the Handle protocol has them: the envelope says the length of what follows.
LoadResult LoadTcp(const LoadOptions& options, const QuestionOptions& asked);

}  // namespace idnode::wire
