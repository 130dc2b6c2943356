#include "sync/downstream/day_message.h"

#include "proto/base/limits.h"
#include "storage/day_filing.h"
#include "storage/incidents.h"

namespace idnode {
namespace {

DayMonitoring::Latency LatencyOf(const v1::Monitoring::Latency& message) {
  return {.count = message.count(),
          .mean_us = message.mean_us(),
          .max_us = message.max_us(),
          .max_at = message.max_at(),
          .min_us = message.min_us(),
          .min_at = message.min_at()};
}

}  // namespace

Result<std::string> StatisticsBody(const v1::Statistics& message) {
  if (static_cast<size_t>(message.sources_size()) > limits::kDaySourcesMax) {
    return Error{Errc::kMalformed, "statistics: too many sources"};
  }
  DayStatistics statistics{.rules = message.rules(),
                           .day_registrations = message.day_registrations(),
                           .total_registrations = message.total_registrations(),
                           .day_requests = message.day_requests(),
                           .day_success = message.day_success(),
                           .other_requests = message.other_requests()};
  for (const v1::AskedFrom& asked : message.sources()) {
    const auto address = AddressOfOctets(asked.ip());
    if (!address) return address.error();
    statistics.sources.push_back({*address, asked.count()});
  }
  if (const Status fits = CheckStatistics(statistics); !fits) return fits.error();
  return EncodeStatistics(statistics);
}

Result<std::string> MonitoringBody(const v1::Monitoring& message, FilingTable table,
                                   std::string_view key) {
  const auto split = SplitDayKey(table, key);
  if (!split) return split.error();
  const DayMonitoring monitoring{.resolution = LatencyOf(message.resolution()),
                                 .peak_per_second = message.peak_per_second(),
                                 .peak_at = message.peak_at(),
                                 .registration = LatencyOf(message.registration()),
                                 .seconds_up = message.seconds_up()};
  if (const Status fits = CheckMonitoring(monitoring, split->day); !fits) return fits.error();
  return EncodeMonitoring(monitoring);
}

Result<std::string> IncidentBody(const v1::Incident& message, std::string_view key) {
  if (message.number().size() > kFilingKeyOctetsMax) {
    return Error{Errc::kMalformed, "incident: no such number"};
  }
  const IncidentEvent event{.kind = static_cast<IncidentKind>(message.kind()),
                            .number = message.number(),
                            .closes = message.closes(),
                            .at = message.at(),
                            .cause = static_cast<IncidentCause>(message.cause()),
                            .detail = message.detail()};
  if (const Status fits = CheckIncident(event, key); !fits) return fits.error();
  return EncodeIncident(event);
}

}  // namespace idnode
