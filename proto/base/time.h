#pragma once

#include <compare>
#include <cstdint>

namespace idnode {

inline constexpr uint64_t kSecondsPerDay = 86'400;
inline constexpr uint32_t kHoursPerDay = 24;
inline constexpr uint32_t kShanghaiHours = 8;  // Asia/Shanghai: UTC+8 the year round since 1991.

// A moment in UTC, in milliseconds since 1970-01-01. Below node/ nobody reads a clock: the time
// travels in arguments and records.
struct Time {
  uint64_t ms = 0;

  constexpr uint32_t seconds() const { return static_cast<uint32_t>(ms / 1000); }
  // Hours since 1970-01-01T00:00Z: the bucket of every counter.
  constexpr uint32_t hour() const { return static_cast<uint32_t>(ms / 3'600'000); }
  constexpr uint16_t day() const { return static_cast<uint16_t>(ms / 86'400'000); }
  friend constexpr auto operator<=>(const Time&, const Time&) = default;
};

}  // namespace idnode
