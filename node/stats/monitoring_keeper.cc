#include "node/stats/monitoring_keeper.h"

#include <algorithm>
#include <string>

#include "storage/keyspace.h"

namespace idnode {
namespace {

// From one fold to the next; a clock that jumped says nothing.
uint64_t MillisBetween(Time before, Time after, uint64_t max) {
  constexpr uint64_t kUsual = 1'000;
  if (before.ms == 0 || after < before || after.ms - before.ms > max) return kUsual;
  return after.ms - before.ms;
}

}  // namespace

Status MonitoringKeeper::Read(const Rows& rows) {
  std::string row;
  const auto found = rows.Get(Table::kLocal, keyspace::kMonitoringDays, Reach::kDisk, row);
  if (!found) return found.error();
  if (!*found) return {};
  auto kept = DecodeKeptDays(row);
  if (!kept) return kept.error();
  kept_.With([&](KeptDays& days) { days = *std::move(kept); });
  return {};
}

// The counts of a second and its extremes are read one after the other while threads go on: what
// is only half there waits for its other half.
LatencyFold MonitoringKeeper::FoldOf(LatencySecond& carried, const LatencySecond& second,
                                     uint64_t at) {
  carried.Take(second);
  if (carried.count == 0 || !carried.has_extremes()) return {};
  const LatencySecond whole = std::exchange(carried, {});
  return {.count = whole.count,
          .sum_us = whole.micros,
          .max_us = whole.max,
          .max_at = at,
          .min_us = whole.min,
          .min_at = at};
}

// Resolutions are told one fold later than they ended (ResolutionCounts::TakeSecond).
void MonitoringKeeper::Take(Time now) {
  const LatencySecond answered = counts_.TakeSecond();
  const LatencySecond registered = registrations_.TakeSecond();
  DayFold earlier, present;
  const Time ended = last_.ms == 0 ? now : last_;
  earlier.resolution = FoldOf(resolutions_, answered, ended.seconds());
  const uint64_t lasted = MillisBetween(before_last_, ended, kFoldMillisMax);
  earlier.peak_per_second =
      lasted > 1'500 ? (answered.count * 1'000 + lasted - 1) / lasted : answered.count;
  earlier.peak_at = earlier.peak_per_second > 0 ? ended.seconds() : 0;
  LatencySecond none;
  present.registration = FoldOf(none, registered, now.seconds());
  if (last_.ms != 0) present.up_ms = MillisBetween(last_, now, kFoldMillisMax);
  kept_.With([&](KeptDays& kept) {
    const uint32_t today = ShanghaiDayOf(now);
    if (kept.since == 0) kept.since = today;
    if (earlier.resolution.count > 0 || earlier.peak_per_second > 0) {
      Merge(earlier, kept.days[ShanghaiDayOf(ended)]);
    }
    Merge(present, kept.days[today]);
    while (kept.days.size() > kDaysMax) {
      kept.since = kept.days.begin()->first + 1;
      kept.days.erase(kept.days.begin());
    }
  });
  before_last_ = last_;
  last_ = now;
}

void MonitoringKeeper::Keep(Time now) {
  kept_at_ = now;
  ledger_.PutLocal(keyspace::kMonitoringDays,
                   kept_.With([](const KeptDays& kept) { return EncodeKeptDays(kept); }));
}

void MonitoringKeeper::Fold(Time now) {
  Take(now);
  if (now < kept_at_ || now.ms - kept_at_.ms >= kKeepMillis) Keep(now);
}

void MonitoringKeeper::Stop(Time now) {
  Take(now);
  Take(now);
  Keep(now);
}

std::optional<DayFold> MonitoringKeeper::Closed(uint32_t day) const {
  return kept_.With([&](const KeptDays& kept) -> std::optional<DayFold> {
    const auto at = kept.days.find(day);
    if (at != kept.days.end()) return at->second;
    if (kept.since == 0 || day < kept.since) return std::nullopt;
    return DayFold{};
  });
}

void MonitoringKeeper::Forget(uint32_t day) {
  kept_.With([&](KeptDays& kept) {
    kept.days.erase(day);
    kept.since = std::max(kept.since, day + 1);
  });
}

DayFold MonitoringKeeper::Running(Time now) const {
  return kept_.With([&](const KeptDays& kept) {
    const auto at = kept.days.find(ShanghaiDayOf(now));
    return at == kept.days.end() ? DayFold{} : at->second;
  });
}

}  // namespace idnode
