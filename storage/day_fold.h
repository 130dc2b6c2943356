#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "storage/day_filing.h"

namespace idnode {

// How long something took, so far; extremes with the second in which they were first seen.
struct LatencyFold {
  uint64_t count = 0, sum_us = 0;
  uint64_t max_us = 0, max_at = 0;  // Seconds since 1970-01-01 UTC.
  uint64_t min_us = 0, min_at = 0;

  friend bool operator==(const LatencyFold&, const LatencyFold&) = default;
};

// A day of a node while it lasts.
struct DayFold {
  LatencyFold resolution, registration;
  uint64_t peak_per_second = 0, peak_at = 0;  // Resolutions.
  uint64_t up_ms = 0;

  friend bool operator==(const DayFold&, const DayFold&) = default;
};

// Adds what came later: an extreme keeps its second, and of equal ones the first does.
void Merge(const LatencyFold& later, LatencyFold& into);
void Merge(const DayFold& later, DayFold& into);

// As it is filed.
DayMonitoring MonitoringOf(const DayFold& day);

// The days of which a node keeps something: from when on it does (days before it are not known),
// and those that are not filed yet.
struct KeptDays {
  uint32_t since = 0;  // 0: nothing was ever kept.
  std::map<uint32_t, DayFold> days;

  friend bool operator==(const KeptDays&, const KeptDays&) = default;
};
// A row of Table::kLocal. kCorrupt, kFormatVersion.
std::string EncodeKeptDays(const KeptDays& kept);
Result<KeptDays> DecodeKeptDays(std::string_view row);

}  // namespace idnode
