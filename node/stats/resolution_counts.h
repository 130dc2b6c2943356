#pragma once

#include <array>
#include <atomic>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "node/stats/asked_table.h"
#include "node/stats/hour_sources.h"
#include "node/stats/latency_second.h"
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
  // Hash of the canonical key of what was found; 0: nothing was, or it was told of in this epoch.
  uint64_t identifier = 0;

  bool is_success() const {
    return traffic_class == TrafficClass::kExternal && outcome == ResolutionOutcome::kFound;
  }

  // Whether two are counted together: of which identifiers they are does not matter.
  friend bool operator==(const ResolutionNote& a, const ResolutionNote& b) {
    return a.enterprise == b.enterprise && a.traffic_class == b.traffic_class &&
           a.outcome == b.outcome;
  }
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
    // Who asked for them: of all resolutions, after they were counted.
    void AskedBy(const SourceAddress& source, const ResolutionNote& note, uint32_t times = 1) {
      asked_.TakeSource(source, note.enterprise, times);
    }
    // What was resolved: of each one that was, where the note says which.
    void Resolved(const ResolutionNote& note) {
      if (note.identifier == 0 || !note.is_success()) return;
      asked_.TakeIdentifier(note.enterprise, note.identifier);
    }

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
    // The longest and the shortest since the folder last turned to this one. The owner writes to
    // the one that `turn_` names, the folder reads and empties the other.
    struct Extremes {
      std::atomic<uint64_t> max{0}, min{UINT64_MAX};
    };

    std::atomic<Slot*> slots_{nullptr};                 // The newest first.
    boost::unordered_flat_map<uint64_t, Slot*> index_;  // The owner's.
    uint64_t last_key_ = UINT64_MAX;                    // Most traffic repeats its kind.
    Slot* last_ = nullptr;
    std::array<std::atomic<uint64_t>, 24> latency_{};
    std::atomic<uint64_t> latency_micros_ = 0;
    std::array<Extremes, 2> extremes_;
    std::atomic<uint8_t> turn_{0};  // The folder's.
    std::array<std::array<std::atomic<uint64_t>, 8>, static_cast<size_t>(Protocol::kCount)>
        by_protocol_{};
    AskedTable asked_;
  };

  // A tally for the calling thread, alive as long as this object.
  Tally& NewTally();

  // What was counted since the last call, as rows of the hour of `now`. Who asked is added to the
  // hour under way; one that is over is sealed first.
  std::vector<TallyRow> Drain(Time now);
  // Who asked in an hour that is sealed: to be kept, once. None: there is none.
  struct Sealed {
    uint32_t hour = 0;
    std::vector<PartOf> parts;
  };
  std::optional<Sealed> TakeSealed();
  // Changes with each hour, 1 to 255: whoever told of an identifier in an epoch need not do so
  // again in it.
  uint8_t epoch() const { return epoch_.load(std::memory_order_relaxed); }
  // The hour under way ends here; what comes after is another part of it.
  void Seal();
  // Gives back rows that could not be committed; they come again with the next Drain.
  void Restore(const std::vector<TallyRow>& rows);

  // How long what was answered before the last call took: a call later, so that no thread is still
  // at it. Once a second.
  LatencySecond TakeSecond();

  struct Totals {
    std::array<std::array<uint64_t, 8>, static_cast<size_t>(Protocol::kCount)> by_protocol{};
    std::array<uint64_t, 24> latency{};  // Bucket i: below 2^i microseconds; the last: all others.
    uint64_t latency_micros = 0;         // All of them together.
  };
  Totals totals() const;  // Since the start of the process, for /metrics.

 private:
  // Of a ledger that takes nothing for so long the oldest are given up: they fall to the rest.
  static constexpr size_t kSealedMax = 48;
  void SealHour();

  alignas(64) std::atomic<uint8_t> epoch_{1};  // Read for every answer, written once an hour.
  alignas(64) mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Tally>> tallies_;
  std::vector<TallyRow> restored_;
  HourSources sources_{0};
  std::deque<Sealed> sealed_;
  LatencySecond since_last_;                     // Counts of the second that is told next.
  uint64_t answered_ = 0, answered_micros_ = 0;  // By the last call.
};

}  // namespace idnode
