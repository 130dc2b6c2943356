#include "node/service/monitoring_document.h"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "proto/base/text.h"
#include "proto/web/json_writer.h"
#include "storage/day_filing.h"
#include "storage/incidents.h"

namespace idnode {
namespace {

constexpr std::string_view kPlace = "Asia/Shanghai";

void Number(std::string_view name, int64_t number, JsonWriter& json) {
  json.Member(name);
  json.Int64(number);
}
void Unsigned(std::string_view name, uint64_t number, JsonWriter& json) {
  json.Member(name);
  json.Uint64(number);
}

void WriteStatistics(const DayStatistics& statistics, bool with_sources, JsonWriter& json) {
  json.StartObject();
  json.TextMember("rules", statistics.rules);
  Number("day_registrations", statistics.day_registrations, json);
  Number("total_registrations", statistics.total_registrations, json);
  Number("day_requests", statistics.day_requests, json);
  Number("day_success", statistics.day_success, json);
  if (with_sources) {
    json.Member("sources");
    json.StartArray();
    for (const auto& source : statistics.sources) {
      json.StartObject();
      json.TextMember("ip", TextOf(source.address));
      Number("count", source.count, json);
      json.EndObject();
    }
    json.EndArray();
    Number("other_requests", statistics.other_requests, json);
  }
  json.EndObject();
}

void WriteLatency(std::string_view name, const DayMonitoring::Latency& latency, JsonWriter& json) {
  json.Member(name);
  json.StartObject();
  Unsigned("count", latency.count, json);
  if (latency.count > 0) {
    Unsigned("mean_us", latency.mean_us, json);
    Unsigned("max_us", latency.max_us, json);
    json.TextMember("max_at", FormatUtc(latency.max_at));
    Unsigned("min_us", latency.min_us, json);
    json.TextMember("min_at", FormatUtc(latency.min_at));
  }
  json.EndObject();
}

void WriteMonitoring(const DayMonitoring& monitoring, JsonWriter& json) {
  json.StartObject();
  WriteLatency("resolution", monitoring.resolution, json);
  Unsigned("peak_per_second", monitoring.peak_per_second, json);
  if (monitoring.peak_per_second > 0) json.TextMember("peak_at", FormatUtc(monitoring.peak_at));
  WriteLatency("registration", monitoring.registration, json);
  Unsigned("seconds_up", monitoring.seconds_up, json);
  json.EndObject();
}

void WriteEvent(const IncidentEvent& event, JsonWriter& json) {
  json.StartObject();
  json.TextMember("kind", NameOf(event.kind));
  json.TextMember("number", event.number);
  if (!event.closes.empty()) json.TextMember("closes", event.closes);
  json.TextMember("at", FormatUtc(event.at));
  json.TextMember("cause", NameOf(event.cause));
  json.Member("planned");
  json.Bool(event.planned());
  json.TextMember("detail", event.detail);
  json.EndObject();
}

// What was abnormal, and how it ended.
struct Pair {
  IncidentEvent event;
  std::optional<IncidentEvent> recovered;
};

void WritePair(const Pair& pair, JsonWriter& json) {
  json.StartObject();
  json.TextMember("number", pair.event.number);
  json.TextMember("at", FormatUtc(pair.event.at));
  json.TextMember("cause", NameOf(pair.event.cause));
  json.Member("planned");
  json.Bool(pair.event.planned());
  json.TextMember("detail", pair.event.detail);
  if (pair.recovered) {
    json.TextMember("recovered_at", FormatUtc(pair.recovered->at));
    json.TextMember("recovered_detail", pair.recovered->detail);
  }
  json.EndObject();
}

template <class Row, class Decode>
Status ReadDays(const Rows& rows, const MonitoredDaysRequest& request, FilingTable table,
                std::string_view behind, const Decode& decode, std::map<std::string, Row>& days) {
  Status failed;
  const Status read =
      EachFilingFrom(rows, request.child, table, request.from, [&](const FiledRow& row) {
        if (row.name.key >= behind) return false;
        auto decoded = decode(row.body);
        if (!decoded) failed = Error{Errc::kCorrupt, decoded.error().detail};
        const auto key = SplitDayKey(table, row.name.key);
        if (decoded && key) days.emplace(std::string(key->day), *std::move(decoded));
        return decoded.ok();
      });
  return failed ? read : failed;  // A row that cannot be read ends the walk.
}

// Those that were abnormal at some time of the days.
Result<std::vector<Pair>> ReadPairs(const Rows& rows, uint32_t child, uint64_t from,
                                    uint64_t behind) {
  std::map<std::string, Pair> pairs;
  Status failed;
  const Status read =
      EachFiling(rows, child, FilingTable::kOwnIncident, {}, [&](const FiledRow& row) {
        auto event = DecodeIncident(row.body);
        if (!event) {
          failed = Error{Errc::kCorrupt, event.error().detail};
          return false;
        }
        if (event->kind == IncidentKind::kAbnormal) {
          pairs[event->number].event = *event;
        } else {
          pairs[event->closes].recovered = *std::move(event);
        }
        return true;
      });
  if (!failed) return failed.error();
  if (!read) return read.error();
  std::vector<Pair> within;
  for (auto& [number, pair] : pairs) {
    const bool is_whole = !pair.event.number.empty();  // A child may end what it never began.
    const bool is_over = pair.recovered && pair.recovered->at < from;
    if (is_whole && pair.event.at < behind && !is_over) within.push_back(std::move(pair));
  }
  std::ranges::sort(within, {}, [](const Pair& pair) {
    return std::pair(pair.event.at, std::string_view(pair.event.number));
  });
  return within;
}

template <class Write>
std::string Document(const Write& write) {
  std::string text;
  {
    JsonWriter json(text);
    write(json);
  }
  return text;
}

}  // namespace

std::string DocumentOfIncident(const IncidentEvent& event) {
  return Document([&](JsonWriter& json) { WriteEvent(event, json); });
}

Result<std::string> DocumentOfDayRow(const FiledRow& row) {
  const auto spoiled = [](const auto& decoded) {
    return Error{Errc::kCorrupt, decoded.error().detail};
  };
  switch (row.name.table) {
    case FilingTable::kOwnStatistics:
    case FilingTable::kStatistics: {
      const auto statistics = DecodeStatistics(row.body);
      if (!statistics) return spoiled(statistics);
      return Document([&](JsonWriter& json) { WriteStatistics(*statistics, true, json); });
    }
    case FilingTable::kOwnMonitoring:
    case FilingTable::kMonitoring: {
      const auto monitoring = DecodeMonitoring(row.body);
      if (!monitoring) return spoiled(monitoring);
      return Document([&](JsonWriter& json) { WriteMonitoring(*monitoring, json); });
    }
    default: {
      const auto event = DecodeIncident(row.body);
      if (!event) return spoiled(event);
      return DocumentOfIncident(*event);
    }
  }
}

Result<std::string> DocumentOfDays(const Rows& rows, const MonitoredDaysRequest& request) {
  const auto first = ParseDayText(request.from), last = ParseDayText(request.until);
  if (!first) return first.error();
  if (!last) return last.error();
  if (*last < *first || *last - *first >= kMonitoredDaysMax) {
    return Error{Errc::kMalformed, "from, until: at most 400 days"};
  }
  const std::string behind = DayText(*last + 1);
  std::map<std::string, DayStatistics> statistics;
  std::map<std::string, DayMonitoring> monitoring;
  if (const Status read = ReadDays(rows, request, FilingTable::kOwnStatistics, behind,
                                   DecodeStatistics, statistics);
      !read) {
    return read.error();
  }
  if (const Status read = ReadDays(rows, request, FilingTable::kOwnMonitoring, behind,
                                   DecodeMonitoring, monitoring);
      !read) {
    return read.error();
  }
  const auto pairs = ReadPairs(rows, request.child, BeginningOf(*first).ms / 1'000,
                               BeginningOf(*last + 1).ms / 1'000);
  if (!pairs) return pairs.error();
  return Document([&](JsonWriter& json) {
    json.StartObject();
    json.TextMember("prefix", request.prefix);
    json.TextMember("zone", kPlace);
    json.TextMember("from", request.from);
    json.TextMember("until", request.until);
    json.Member("days");
    json.StartArray();
    std::vector<std::string> missing;
    for (uint32_t day = *first; day <= *last; ++day) {
      const std::string text = DayText(day);
      const auto told = statistics.find(text);
      const auto seen = monitoring.find(text);
      if (told == statistics.end() || seen == monitoring.end()) missing.push_back(text);
      if (told == statistics.end() && seen == monitoring.end()) continue;
      json.StartObject();
      json.TextMember("day", text);
      if (told != statistics.end()) {
        json.Member("statistics");
        WriteStatistics(told->second, false, json);
      }
      if (seen != monitoring.end()) {
        json.Member("monitoring");
        WriteMonitoring(seen->second, json);
      }
      json.EndObject();
    }
    json.EndArray();
    json.TextsMember("missing", missing);
    json.Member("incidents");
    json.StartArray();
    for (const Pair& pair : *pairs) WritePair(pair, json);
    json.EndArray();
    json.EndObject();
  });
}

}  // namespace idnode
