#include "node/stats/resolution_counts.h"

#include <algorithm>
#include <bit>
#include <map>
#include <numeric>
#include <utility>

namespace idnode {
namespace {

uint64_t KeyOf(const ResolutionNote& note) {
  return uint64_t{note.enterprise} << 16 | static_cast<uint64_t>(note.traffic_class) << 8 |
         static_cast<uint64_t>(note.outcome);
}

// Of one writer: an ordinary add, and nobody ever reads half a number.
template <class T>
void Add(T value, std::atomic<T>& counter) {
  counter.store(counter.load(std::memory_order_relaxed) + value, std::memory_order_relaxed);
}
template <class Counters, class Sums>
void AddAll(const Counters& counters, Sums& sums) {
  for (size_t i = 0; i < sums.size(); ++i) sums[i] += counters[i].load(std::memory_order_relaxed);
}

}  // namespace

ResolutionCounts::Tally::~Tally() {
  for (Slot* slot = slots_.load(); slot != nullptr;) delete std::exchange(slot, slot->next);
}

void ResolutionCounts::Tally::Count(Protocol protocol, const ResolutionNote& note, uint64_t micros,
                                    uint32_t times) {
  const uint64_t key = KeyOf(note);
  if (key != last_key_) {
    last_ = &SlotOf(note);
    last_key_ = key;
  }
  Add(int64_t{times}, last_->sum);
  Add(uint64_t{times},
      by_protocol_[static_cast<size_t>(protocol)][static_cast<size_t>(note.outcome)]);
  Add(uint64_t{times}, latency_[std::min<size_t>(std::bit_width(micros), latency_.size() - 1)]);
  Add(micros * times, latency_micros_);
  Extremes& extremes = extremes_[turn_.load(std::memory_order_relaxed)];
  if (micros > extremes.max.load(std::memory_order_relaxed)) {
    extremes.max.store(micros, std::memory_order_relaxed);
  }
  if (micros < extremes.min.load(std::memory_order_relaxed)) {
    extremes.min.store(micros, std::memory_order_relaxed);
  }
}

ResolutionCounts::Tally::Slot& ResolutionCounts::Tally::SlotOf(const ResolutionNote& note) {
  Slot*& slot = index_[KeyOf(note)];
  if (slot == nullptr) {
    slot = new Slot{.note = note, .next = slots_.load(std::memory_order_relaxed)};
    slots_.store(slot, std::memory_order_release);  // From here on the folder owns it too.
  }
  return *slot;
}

ResolutionCounts::Tally& ResolutionCounts::NewTally() {
  std::scoped_lock lock(mutex_);
  return *tallies_.emplace_back(std::make_unique<Tally>());
}

std::vector<TallyRow> ResolutionCounts::Drain(Time now) {
  std::scoped_lock lock(mutex_);
  std::map<std::pair<uint32_t, Figure>, int64_t> sums;
  for (const TallyRow& row : restored_) sums[{row.hour, row.figure}] += row.delta;
  restored_.clear();
  if (sources_.hour() != now.hour()) {
    SealHour();
    sources_ = HourSources(now.hour());
  }
  // Sources first: what is counted comes before who asked, so no source has more than was counted.
  for (const auto& tally : tallies_) tally->asked_.Drain(sources_);
  for (const auto& tally : tallies_) {
    for (Tally::Slot* slot = tally->slots_.load(std::memory_order_acquire); slot != nullptr;
         slot = slot->next) {
      const int64_t sum = slot->sum.load(std::memory_order_relaxed);
      if (sum == slot->folded) continue;
      const Figure figure{.metric = Metric::kResolutions,
                          .enterprise = slot->note.enterprise,
                          .traffic_class = slot->note.traffic_class,
                          .outcome = slot->note.outcome};
      const int64_t more = sum - std::exchange(slot->folded, sum);
      sums[{now.hour(), figure}] += more;
      sources_.TakeRequests(figure.enterprise, static_cast<uint64_t>(more));
    }
  }
  std::vector<TallyRow> rows;
  rows.reserve(sums.size());
  for (const auto& [what, sum] : sums) rows.push_back({what.second, what.first, sum});
  return rows;
}

void ResolutionCounts::SealHour() {
  const uint8_t epoch = epoch_.load(std::memory_order_relaxed);
  epoch_.store(epoch == UINT8_MAX ? 1 : epoch + 1, std::memory_order_relaxed);
  for (const auto& tally : tallies_) tally->asked_.ForgetIdentifiers();
  if (sources_.empty()) return;
  if (sealed_.size() == kSealedMax) sealed_.pop_front();
  sealed_.push_back({sources_.hour(), sources_.Seal()});
}

void ResolutionCounts::Seal() {
  std::scoped_lock lock(mutex_);
  SealHour();
}

std::optional<ResolutionCounts::Sealed> ResolutionCounts::TakeSealed() {
  std::scoped_lock lock(mutex_);
  if (sealed_.empty()) return std::nullopt;
  Sealed first = std::move(sealed_.front());
  sealed_.pop_front();
  return first;
}

void ResolutionCounts::Restore(const std::vector<TallyRow>& rows) {
  std::scoped_lock lock(mutex_);
  restored_.insert(restored_.end(), rows.begin(), rows.end());
}

LatencySecond ResolutionCounts::TakeSecond() {
  const Totals now = totals();
  const uint64_t answered = std::accumulate(now.latency.begin(), now.latency.end(), uint64_t{0});
  std::scoped_lock lock(mutex_);
  LatencySecond second = since_last_;
  since_last_ = {.count = answered - answered_, .micros = now.latency_micros - answered_micros_};
  answered_ = answered;
  answered_micros_ = now.latency_micros;
  for (const auto& tally : tallies_) {
    const uint8_t idle = 1 - tally->turn_.load(std::memory_order_relaxed);
    Tally::Extremes& extremes = tally->extremes_[idle];
    second.max = std::max(second.max, extremes.max.exchange(0, std::memory_order_relaxed));
    second.min = std::min(second.min, extremes.min.exchange(UINT64_MAX, std::memory_order_relaxed));
    tally->turn_.store(idle, std::memory_order_relaxed);
  }
  return second;
}

ResolutionCounts::Totals ResolutionCounts::totals() const {
  std::scoped_lock lock(mutex_);
  Totals totals;
  for (const auto& tally : tallies_) {
    AddAll(tally->latency_, totals.latency);
    totals.latency_micros += tally->latency_micros_.load(std::memory_order_relaxed);
    for (size_t i = 0; i < totals.by_protocol.size(); ++i) {
      AddAll(tally->by_protocol_[i], totals.by_protocol[i]);
    }
  }
  return totals;
}

}  // namespace idnode
