#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/day_tables.h"
#include "storage/filings.h"

namespace idnode {

// What is filed of a day of Asia/Shanghai (docs/monitoring.md). A row is made once, when the day is
// over, and never again: whoever compares them compares the last kDaysCompared days.
//
// Keys: 2026-11-22/H88.118 of the node itself, 2026-11-22/H88.118.8 of what is below it; of
// incidents a number behind that: 2026-11-22/H88.118/20261122T081502Z-upstream-3f9a1c.

inline constexpr uint32_t kDaysCompared = 35;

struct DayFilingKey {
  std::string_view day;     // 2026-11-22
  std::string_view prefix;  // Octet of the scheme and prefix.
  std::string_view number;  // Of incidents.
};
std::string DayKeyOf(std::string_view day, std::string_view prefix, std::string_view number = {});
// kMalformed: no such key of that table.
Result<DayFilingKey> SplitDayKey(FilingTable table, std::string_view key);
// As CheckFilingName, of a table of days.
Status CheckDayFilingName(const FilingName& name, std::string_view node_prefix);
// The rows of a node below that are filed further up: what it says of itself is what its node above
// says of it. Statistics go up where they are under a prefix of the node below's own.
void AppendFiledDay(FilingTable table, std::string_view key, std::string_view node_prefix,
                    std::vector<FilingName>& names);

// Days of Asia/Shanghai, since 1970-01-01.
uint32_t ShanghaiDayOf(Time time);
std::string DayText(uint32_t day);
Time BeginningOf(uint32_t day);
// kMalformed. yyyy-mm-dd, 1971 to 2105.
Result<uint32_t> ParseDayText(std::string_view text);

// From which key on the rows of a table are compared; empty: all of them.
std::string ComparedFrom(FilingTable table, Time now);
// kMalformed: a filing of a day that has not begun by the clock of who is told, give or take one.
Status CheckDayHasBegun(const FilingName& name, Time now);

// A row of tables 3 and 8.
struct DayStatistics {
  struct AskedFrom {
    SourceAddress address{};
    int64_t count = 0;
    friend bool operator==(const AskedFrom&, const AskedFrom&) = default;
  };
  std::string rules;  // By which it was counted.
  int64_t day_registrations = 0;
  int64_t total_registrations = 0;
  int64_t day_requests = 0;
  int64_t day_success = 0;
  std::vector<AskedFrom> sources;  // Most first; equal ones by address.
  int64_t other_requests = 0;      // With the counts: all requests.

  friend bool operator==(const DayStatistics&, const DayStatistics&) = default;
};
// That the sums are those of the parts, nothing is less than nothing, and the sources are in their
// order. kMalformed.
Status CheckStatistics(const DayStatistics& statistics);
std::string EncodeStatistics(const DayStatistics& statistics);
// kMalformed, kFormatVersion; what is read has passed CheckStatistics.
Result<DayStatistics> DecodeStatistics(std::string_view body);

struct StatisticsRow {
  FilingName name;
  DayStatistics statistics;
};
// What a node files of a page of a day's tables. Table 8: each enterprise under the first of its
// prefixes that can be filed; none: it is in table 3 alone. With `whole` also what is of the whole
// node: table 3, and, of a node that stands for one enterprise, table 8 under its own prefix.
struct FiledPage {
  bool whole = false;
  bool is_of_enterprise = false;
};
std::vector<StatisticsRow> StatisticsRowsOf(const DayTables& tables, std::string_view node_prefix,
                                            const FiledPage& page);

// A row of tables 21 and 22. What did not happen is all zero.
struct DayMonitoring {
  struct Latency {
    uint64_t count = 0;
    uint64_t mean_us = 0;
    uint64_t max_us = 0, max_at = 0;  // Seconds since 1970-01-01 UTC.
    uint64_t min_us = 0, min_at = 0;
    friend bool operator==(const Latency&, const Latency&) = default;
  };
  Latency resolution;
  uint64_t peak_per_second = 0, peak_at = 0;  // Resolutions.
  Latency registration;
  uint32_t seconds_up = 0;

  friend bool operator==(const DayMonitoring&, const DayMonitoring&) = default;
};
// That the mean lies between the extremes, and every second in the day. kMalformed.
Status CheckMonitoring(const DayMonitoring& monitoring, std::string_view day);
std::string EncodeMonitoring(const DayMonitoring& monitoring);
// kMalformed, kFormatVersion. Not held against a day.
Result<DayMonitoring> DecodeMonitoring(std::string_view body);

}  // namespace idnode
