#pragma once

#include <array>
#include <atomic>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
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

  friend bool operator==(const ResolutionNote&, const ResolutionNote&) = default;
};

// Counts resolutions when their answer has been handed to the kernel: in counters that belong to
// one thread each, so that counting costs a few nanoseconds and takes no lock; folded into the
// ledger every second.
class ResolutionCounts {
 public:
  // The counters of one thread. Count() on that thread only.
  class Tally {
   public:
    Tally() = default;
    ~Tally();
    Tally(const Tally&) = delete;
    Tally& operator=(const Tally&) = delete;

    // Resolutions of one kind that took equally long: `times` of them.
    void Count(Protocol protocol, const ResolutionNote& note, uint64_t micros, uint32_t times = 1);

   private:
    friend class ResolutionCounts;
    // What was counted of one kind, since the start. Written by the owner, read by the folder,
    // which remembers how far it got. Never removed, so that the folder walks while the owner adds.
    struct Slot {
      ResolutionNote note;
      std::atomic<int64_t> sum{0};
      int64_t folded = 0;  // The folder's.
      Slot* next = nullptr;
    };
    Slot& SlotOf(const ResolutionNote& note);

    std::atomic<Slot*> slots_{nullptr};                 // The newest first.
    boost::unordered_flat_map<uint64_t, Slot*> index_;  // The owner's.
    uint64_t last_key_ = UINT64_MAX;                    // Most traffic repeats its kind.
    Slot* last_ = nullptr;
    std::array<std::atomic<uint64_t>, 24> latency_{};
    std::atomic<uint64_t> latency_micros_ = 0;
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
    std::array<uint64_t, 24> latency{};  // Bucket i: below 2^i microseconds; the last: all others.
    uint64_t latency_micros = 0;         // All of them together.
  };
  Totals totals() const;  // Since the start of the process, for /metrics.

 private:
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Tally>> tallies_;
  std::vector<TallyRow> restored_;
};

}  // namespace idnode
