#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "proto/base/time.h"
#include "storage/figure.h"
#include "storage/log_record.h"

namespace idnode {

enum class Protocol : uint8_t { kHttp, kGrpc, kHandleUdp, kHandleTcp, kCount };

// What one answered resolution is counted as.
struct ResolutionNote {
  uint32_t enterprise = kNoEnterprise;
  TrafficClass traffic_class = TrafficClass::kExternal;
  ResolutionOutcome outcome = ResolutionOutcome::kNotFound;
};

// Counts resolutions when their answer has been handed to the kernel: in counters that belong to one
// thread each, so that counting costs a few nanoseconds; folded into the ledger every second.
class ResolutionCounts {
 public:
  // The counters of one thread. Count() on that thread only.
  class Tally {
   public:
    void Count(Protocol protocol, const ResolutionNote& note, uint64_t micros);

   private:
    friend class ResolutionCounts;
    struct Key {
      uint32_t enterprise;
      TrafficClass traffic_class;
      ResolutionOutcome outcome;
      friend auto operator<=>(const Key&, const Key&) = default;
    };
    std::mutex mutex_;  // Held by the owner for one increment, by the folder once a second.
    std::map<Key, int64_t> pending_;
    Key last_{};            // Most traffic repeats its key: no look-up then.
    int64_t* last_sum_ = nullptr;
    std::array<std::atomic<uint64_t>, 24> latency_{};  // Buckets by powers of two of microseconds.
    std::array<std::array<std::atomic<uint64_t>, 8>, static_cast<size_t>(Protocol::kCount)>
        by_protocol_{};
  };

  // A tally for the calling thread, alive as long as this object.
  Tally& NewTally();

  // What was counted since the last call, as rows of the hour of `now`.
  std::vector<TallyRow> Drain(Time now);
  // Gives back rows that could not be committed; they come again with the next Drain.
  void Restore(const std::vector<TallyRow>& rows);

  struct Totals {
    std::array<std::array<uint64_t, 8>, static_cast<size_t>(Protocol::kCount)> by_protocol{};
    std::array<uint64_t, 24> latency{};  // Bucket i: below 2^i microseconds.
  };
  Totals totals() const;  // Since the start of the process, for /metrics.

 private:
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Tally>> tallies_;
  std::vector<TallyRow> restored_;
};

}  // namespace idnode
