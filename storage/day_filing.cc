#include "storage/day_filing.h"

#include <algorithm>

#include "proto/base/limits.h"
#include "proto/base/reader.h"
#include "proto/base/text.h"
#include "proto/base/writer.h"
#include "storage/counting_rules.h"

namespace idnode {
namespace {

constexpr uint8_t kLayout = 1;
constexpr size_t kDayOctets = 10;  // 2026-11-22
constexpr size_t kNumberOctetsMax = 64;
constexpr size_t kRulesOctetsMax = 64;
constexpr size_t kSourceOctets = 16 + 8;
// More than a node answers in a day, or holds; with it no sum overflows.
constexpr int64_t kCountMax = 1'000'000'000'000'000;
constexpr uint64_t kMillisPerDay = kSecondsPerDay * 1'000;
constexpr uint64_t kShanghaiMillis = uint64_t{kShanghaiHours} * 3'600'000;
constexpr Error kNoKey{Errc::kMalformed, "filings: no key of a day"};

bool IsIncident(FilingTable table) {
  return table == FilingTable::kOwnIncident || table == FilingTable::kIncident;
}

bool IsNumber(std::string_view text) {
  return !text.empty() && text.size() <= kNumberOctetsMax && std::ranges::all_of(text, [](char c) {
    return IsDigit(c) || (UpperAscii(c) >= 'A' && UpperAscii(c) <= 'Z') || c == '-';
  });
}

bool IsCount(int64_t count) { return count >= 0 && count <= kCountMax; }

bool StandsBefore(const DayStatistics::AskedFrom& a, const DayStatistics::AskedFrom& b) {
  return a.count != b.count ? a.count > b.count : a.address < b.address;
}

std::string_view OctetsOf(const SourceAddress& address) {
  return {reinterpret_cast<const char*>(address.data()), address.size()};
}

DayStatistics StatisticsOf(const DayRow& row) {
  DayStatistics statistics{.rules = std::string(kCountingRules),
                           .day_registrations = row.day_registrations,
                           .total_registrations = row.total_registrations,
                           .day_requests = row.day_requests,
                           .day_success = row.day_success,
                           .other_requests = row.sources.rest};
  for (const SourceCount& source : row.sources.sources) {
    statistics.sources.push_back({source.address, static_cast<int64_t>(source.count)});
  }
  // Who asked is known of an hour that was counted in part only, where the clock went back: the
  // counts are what is filed, and the least of the sources give way.
  while (statistics.other_requests < 0 && !statistics.sources.empty()) {
    statistics.other_requests += statistics.sources.back().count;
    statistics.sources.pop_back();
  }
  return statistics;
}

Status CheckLatency(const DayMonitoring::Latency& latency, uint64_t from) {
  constexpr Error kOther{Errc::kMalformed, "monitoring: latencies that contradict each other"};
  if (latency.count == 0) {
    if (latency == DayMonitoring::Latency{}) return {};
    return kOther;
  }
  const auto is_in_day = [&](uint64_t at) { return at >= from && at - from < kSecondsPerDay; };
  if (latency.min_us > latency.mean_us || latency.mean_us > latency.max_us ||
      !is_in_day(latency.max_at) || !is_in_day(latency.min_at)) {
    return kOther;
  }
  return {};
}

void WriteLatency(const DayMonitoring::Latency& latency, Writer& out) {
  out.U64(latency.count).U64(latency.mean_us).U64(latency.max_us).U64(latency.max_at);
  out.U64(latency.min_us).U64(latency.min_at);
}

DayMonitoring::Latency ReadLatency(Reader& in) {
  DayMonitoring::Latency latency;
  latency.count = in.U64();
  latency.mean_us = in.U64();
  latency.max_us = in.U64();
  latency.max_at = in.U64();
  latency.min_us = in.U64();
  latency.min_at = in.U64();
  return latency;
}

}  // namespace

std::string DayKeyOf(std::string_view day, std::string_view prefix, std::string_view number) {
  std::string key(day);
  key.append("/").append(prefix);
  if (!number.empty()) key.append("/").append(number);
  return key;
}

Result<DayFilingKey> SplitDayKey(FilingTable table, std::string_view key) {
  if (key.size() > kFilingKeyOctetsMax || !IsUtf8(key)) return kNoKey;
  if (key.size() < kDayOctets + 2 || key[kDayOctets] != '/') return kNoKey;
  DayFilingKey split{.day = key.substr(0, kDayOctets), .prefix = key.substr(kDayOctets + 1)};
  if (IsIncident(table)) {
    const size_t slash = split.prefix.rfind('/');
    if (slash == std::string_view::npos) return kNoKey;
    split.number = split.prefix.substr(slash + 1);
    split.prefix = split.prefix.substr(0, slash);
    if (!IsNumber(split.number)) return kNoKey;
  }
  // A top-level node has no prefix, but the octet of its scheme.
  if (split.prefix.empty() || split.prefix.size() > 1 + limits::kPrefixOctetsMax) return kNoKey;
  if (!ParseDayText(split.day)) return kNoKey;
  return split;
}

Status CheckDayFilingName(const FilingName& name, std::string_view node_prefix) {
  const auto key = SplitDayKey(name.table, name.key);
  if (!key) return key.error();
  const bool is_own = key->prefix == OwnFilingKey(node_prefix);
  const bool is_below = IsFiledPrefix(key->prefix, node_prefix);
  bool is_its = is_below;
  switch (name.table) {
    case FilingTable::kOwnStatistics:
    case FilingTable::kOwnMonitoring:
    case FilingTable::kOwnIncident:
      is_its = is_own;
      break;
    case FilingTable::kStatistics:
      is_its = is_own || is_below;
      break;
    case FilingTable::kMonitoring:
    case FilingTable::kIncident:
      break;
    default:
      return Error{Errc::kUnsupported, "filings: no such table"};
  }
  if (is_its) return {};
  return Error{Errc::kDenied, "filings: a row that is not the node's to file"};
}

void AppendFiledDay(FilingTable table, std::string_view key, std::string_view node_prefix,
                    std::vector<FilingName>& names) {
  FilingName name{table, std::string(key)};
  switch (table) {
    case FilingTable::kStatistics:
    case FilingTable::kMonitoring:
    case FilingTable::kIncident:
      break;
    case FilingTable::kOwnMonitoring:
      name.table = FilingTable::kMonitoring;
      break;
    case FilingTable::kOwnIncident:
      name.table = FilingTable::kIncident;
      break;
    default:
      return;
  }
  const auto split = SplitDayKey(name.table, name.key);
  if (split && IsFiledPrefix(split->prefix, node_prefix)) names.push_back(std::move(name));
}

uint32_t ShanghaiDayOf(Time time) {
  return static_cast<uint32_t>((time.ms + kShanghaiMillis) / kMillisPerDay);
}

std::string DayText(uint32_t day) { return FormatDay(day * kSecondsPerDay); }

Time BeginningOf(uint32_t day) { return Time{day * kMillisPerDay - kShanghaiMillis}; }

Result<uint32_t> ParseDayText(std::string_view text) {
  const auto day = ParseDay(text, DayZone::kShanghai);
  if (!day) return day.error();
  return (day->from + kShanghaiHours) / kHoursPerDay;
}

std::string ComparedFrom(FilingTable table, Time now) {
  const uint32_t today = ShanghaiDayOf(now);
  if (!IsOfDays(table) || today < kDaysCompared) return {};
  return DayText(today - kDaysCompared);
}

Status CheckDayHasBegun(const FilingName& name, Time now) {
  if (!IsOfDays(name.table)) return {};
  const auto key = SplitDayKey(name.table, name.key);
  if (!key) return key.error();
  if (key->day <= DayText(ShanghaiDayOf(now) + 1)) return {};
  return Error{Errc::kMalformed, "filings: of a day that has not begun"};
}

Status CheckStatistics(const DayStatistics& statistics) {
  constexpr Error kOther{Errc::kMalformed, "statistics: figures that contradict each other"};
  if (statistics.rules.empty() || statistics.rules.size() > kRulesOctetsMax ||
      !std::ranges::all_of(statistics.rules, [](char c) { return c > ' ' && c < '\x7f'; })) {
    return Error{Errc::kMalformed, "statistics: no name of rules"};
  }
  if (!IsCount(statistics.day_registrations) || !IsCount(statistics.total_registrations) ||
      !IsCount(statistics.day_requests) || !IsCount(statistics.other_requests) ||
      statistics.day_success < 0 || statistics.day_success > statistics.day_requests ||
      statistics.sources.size() > limits::kDaySourcesMax) {
    return kOther;
  }
  int64_t counted = statistics.other_requests;
  const DayStatistics::AskedFrom* last = nullptr;
  for (const auto& source : statistics.sources) {
    if (source.count < 1 || source.count > kCountMax) return kOther;
    if (last != nullptr && !StandsBefore(*last, source)) return kOther;
    counted += source.count;  // 257 numbers of at most 10^15.
    last = &source;
  }
  return counted == statistics.day_requests ? Status() : kOther;
}

std::string EncodeStatistics(const DayStatistics& statistics) {
  std::string body;
  Writer out(body);
  out.U8(kLayout).Text16(statistics.rules);
  for (const int64_t each :
       {statistics.day_registrations, statistics.total_registrations, statistics.day_requests,
        statistics.day_success, statistics.other_requests}) {
    out.U64(static_cast<uint64_t>(each));
  }
  out.U16(static_cast<uint16_t>(statistics.sources.size()));
  for (const auto& source : statistics.sources) {
    out.Raw(OctetsOf(source.address)).U64(static_cast<uint64_t>(source.count));
  }
  return body;
}

Result<DayStatistics> DecodeStatistics(std::string_view body) {
  Reader in(body);
  const uint8_t layout = in.U8();
  if (in.ok() && layout != kLayout) {
    return Error{Errc::kFormatVersion, "statistics: another layout"};
  }
  DayStatistics statistics;
  statistics.rules = in.Text16(kRulesOctetsMax);
  for (int64_t* each :
       {&statistics.day_registrations, &statistics.total_registrations, &statistics.day_requests,
        &statistics.day_success, &statistics.other_requests}) {
    *each = static_cast<int64_t>(in.U64());
  }
  const size_t count = in.U16();
  if (!in.ok() || in.left() != count * kSourceOctets) {
    return Error{Errc::kMalformed, "statistics: the octets are none"};
  }
  for (size_t i = 0; i < count; ++i) {
    auto& source = statistics.sources.emplace_back();
    std::ranges::copy(in.Raw(source.address.size()), source.address.begin());
    source.count = static_cast<int64_t>(in.U64());
  }
  if (const Status fits = CheckStatistics(statistics); !fits) return fits.error();
  return statistics;
}

std::vector<StatisticsRow> StatisticsRowsOf(const DayTables& tables, std::string_view node_prefix,
                                            const FiledPage& page) {
  std::vector<StatisticsRow> rows;
  const std::string own = DayKeyOf(tables.day.text, OwnFilingKey(node_prefix));
  if (page.whole) {
    rows.push_back({{FilingTable::kOwnStatistics, own}, StatisticsOf(tables.table_3)});
  }
  if (page.whole && page.is_of_enterprise) {
    DayRow whole = tables.table_3;
    whole.day_registrations = tables.of_day.registered_gross;
    whole.total_registrations = tables.at_the_end.registered;
    rows.push_back({{FilingTable::kStatistics, own}, StatisticsOf(whole)});
  }
  for (const DayEnterprise& each : tables.table_8) {
    for (const IdentifierPrefix& prefix : each.prefixes) {
      const std::string key = FilingKeyOf(prefix);
      if (!IsFiledPrefix(key, node_prefix)) continue;
      rows.push_back(
          {{FilingTable::kStatistics, DayKeyOf(tables.day.text, key)}, StatisticsOf(each.row)});
      break;
    }
  }
  return rows;
}

Status CheckMonitoring(const DayMonitoring& monitoring, std::string_view day) {
  const auto number = ParseDayText(day);
  if (!number) return number.error();
  const uint64_t from = BeginningOf(*number).ms / 1'000;
  for (const auto* latency : {&monitoring.resolution, &monitoring.registration}) {
    if (const Status fits = CheckLatency(*latency, from); !fits) return fits;
  }
  constexpr Error kOther{Errc::kMalformed, "monitoring: figures that contradict each other"};
  if (monitoring.seconds_up > kSecondsPerDay) return kOther;
  if (monitoring.peak_per_second > monitoring.resolution.count) return kOther;
  if (monitoring.peak_per_second == 0) return monitoring.peak_at == 0 ? Status() : kOther;
  const bool is_in_day = monitoring.peak_at >= from && monitoring.peak_at - from < kSecondsPerDay;
  return is_in_day ? Status() : kOther;
}

std::string EncodeMonitoring(const DayMonitoring& monitoring) {
  std::string body;
  Writer out(body);
  out.U8(kLayout);
  WriteLatency(monitoring.resolution, out);
  out.U64(monitoring.peak_per_second).U64(monitoring.peak_at);
  WriteLatency(monitoring.registration, out);
  out.U32(monitoring.seconds_up);
  return body;
}

Result<DayMonitoring> DecodeMonitoring(std::string_view body) {
  Reader in(body);
  const uint8_t layout = in.U8();
  if (in.ok() && layout != kLayout) {
    return Error{Errc::kFormatVersion, "monitoring: another layout"};
  }
  DayMonitoring monitoring;
  monitoring.resolution = ReadLatency(in);
  monitoring.peak_per_second = in.U64();
  monitoring.peak_at = in.U64();
  monitoring.registration = ReadLatency(in);
  monitoring.seconds_up = in.U32();
  if (!in.AtEnd()) return Error{Errc::kMalformed, "monitoring: the octets are none"};
  return monitoring;
}

}  // namespace idnode
