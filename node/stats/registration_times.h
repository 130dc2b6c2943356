#pragma once

#include <cstdint>
#include <utility>

#include "node/stats/latency_second.h"
#include "proto/base/guarded.h"

namespace idnode {

// How long registrations take: from asking the ledger to its answer that they are durable, a batch
// as one. Threads: any.
class RegistrationTimes {
 public:
  void Take(uint64_t micros) {
    second_.With([=](LatencySecond& second) { second.Take(micros); });
  }
  // What was taken since the last call.
  LatencySecond TakeSecond() {
    return second_.With([](LatencySecond& second) { return std::exchange(second, {}); });
  }

 private:
  Guarded<LatencySecond> second_;
};

}  // namespace idnode
