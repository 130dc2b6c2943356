#include "storage/day_fold.h"

#include <algorithm>

#include "proto/base/reader.h"
#include "proto/base/time.h"
#include "proto/base/writer.h"

namespace idnode {
namespace {

constexpr uint8_t kLayout = 1;
constexpr size_t kDayOctets = 4 + 2 * 6 * 8 + 3 * 8;

void Write(const LatencyFold& fold, Writer& out) {
  out.U64(fold.count).U64(fold.sum_us).U64(fold.max_us).U64(fold.max_at);
  out.U64(fold.min_us).U64(fold.min_at);
}

void Read(Reader& in, LatencyFold& fold) {
  for (uint64_t* each :
       {&fold.count, &fold.sum_us, &fold.max_us, &fold.max_at, &fold.min_us, &fold.min_at}) {
    *each = in.U64();
  }
}

DayMonitoring::Latency LatencyOf(const LatencyFold& fold) {
  if (fold.count == 0) return {};
  // An extreme of the second in which a day turns may be told on the other day than its sum.
  return {.count = fold.count,
          .mean_us = std::clamp(fold.sum_us / fold.count, fold.min_us, fold.max_us),
          .max_us = fold.max_us,
          .max_at = fold.max_at,
          .min_us = fold.min_us,
          .min_at = fold.min_at};
}

}  // namespace

void Merge(const LatencyFold& later, LatencyFold& into) {
  if (later.count == 0) return;
  if (into.count == 0) {
    into = later;
    return;
  }
  into.count += later.count;
  into.sum_us += later.sum_us;
  if (later.max_us > into.max_us) {
    into.max_us = later.max_us;
    into.max_at = later.max_at;
  }
  if (later.min_us < into.min_us) {
    into.min_us = later.min_us;
    into.min_at = later.min_at;
  }
}

void Merge(const DayFold& later, DayFold& into) {
  Merge(later.resolution, into.resolution);
  Merge(later.registration, into.registration);
  if (later.peak_per_second > into.peak_per_second) {
    into.peak_per_second = later.peak_per_second;
    into.peak_at = later.peak_at;
  }
  into.up_ms += later.up_ms;
}

DayMonitoring MonitoringOf(const DayFold& day) {
  const uint64_t peak = std::min(day.peak_per_second, day.resolution.count);
  return {
      .resolution = LatencyOf(day.resolution),
      .peak_per_second = peak,
      .peak_at = peak == 0 ? 0 : day.peak_at,
      .registration = LatencyOf(day.registration),
      .seconds_up = static_cast<uint32_t>(std::min<uint64_t>(day.up_ms / 1'000, kSecondsPerDay))};
}

std::string EncodeKeptDays(const KeptDays& kept) {
  std::string row;
  Writer out(row);
  out.U8(kLayout).U32(kept.since).U32(static_cast<uint32_t>(kept.days.size()));
  for (const auto& [day, fold] : kept.days) {
    out.U32(day);
    Write(fold.resolution, out);
    Write(fold.registration, out);
    out.U64(fold.peak_per_second).U64(fold.peak_at).U64(fold.up_ms);
  }
  return row;
}

Result<KeptDays> DecodeKeptDays(std::string_view row) {
  Reader in(row);
  const uint8_t layout = in.U8();
  if (in.ok() && layout != kLayout) {
    return Error{Errc::kFormatVersion, "monitoring: the kept days have another layout"};
  }
  KeptDays kept;
  kept.since = in.U32();
  for (uint32_t left = in.Count32(kDayOctets); left > 0; --left) {
    DayFold& fold = kept.days[in.U32()];
    Read(in, fold.resolution);
    Read(in, fold.registration);
    fold.peak_per_second = in.U64();
    fold.peak_at = in.U64();
    fold.up_ms = in.U64();
  }
  if (!in.AtEnd()) return Error{Errc::kCorrupt, "monitoring: the kept days cannot be read"};
  return kept;
}

}  // namespace idnode
