#include "sync/upstream/day_message.h"

#include <string>

#include "storage/day_filing.h"
#include "storage/incidents.h"

namespace idnode {
namespace {

constexpr Error kUnreadable{Errc::kCorrupt, "filings: our own row of a day cannot be read"};

void FillLatency(const DayMonitoring::Latency& latency, v1::Monitoring::Latency& message) {
  message.set_count(latency.count);
  message.set_mean_us(latency.mean_us);
  message.set_max_us(latency.max_us);
  message.set_max_at(latency.max_at);
  message.set_min_us(latency.min_us);
  message.set_min_at(latency.min_at);
}

}  // namespace

Status FillStatistics(std::string_view body, v1::Statistics& message) {
  const auto statistics = DecodeStatistics(body);
  if (!statistics) return kUnreadable;
  message.set_rules(statistics->rules);
  message.set_day_registrations(statistics->day_registrations);
  message.set_total_registrations(statistics->total_registrations);
  message.set_day_requests(statistics->day_requests);
  message.set_day_success(statistics->day_success);
  message.set_other_requests(statistics->other_requests);
  for (const auto& source : statistics->sources) {
    v1::AskedFrom& asked = *message.add_sources();
    asked.set_ip(std::string(AddressOctets(source.address)));
    asked.set_count(source.count);
  }
  return {};
}

Status FillMonitoring(std::string_view body, v1::Monitoring& message) {
  const auto monitoring = DecodeMonitoring(body);
  if (!monitoring) return kUnreadable;
  if (monitoring->resolution.count > 0) {
    FillLatency(monitoring->resolution, *message.mutable_resolution());
  }
  if (monitoring->registration.count > 0) {
    FillLatency(monitoring->registration, *message.mutable_registration());
  }
  message.set_peak_per_second(monitoring->peak_per_second);
  message.set_peak_at(monitoring->peak_at);
  message.set_seconds_up(monitoring->seconds_up);
  return {};
}

Status FillIncident(std::string_view body, v1::Incident& message) {
  const auto event = DecodeIncident(body);
  if (!event) return kUnreadable;
  message.set_kind(static_cast<v1::Incident::Kind>(event->kind));
  message.set_number(event->number);
  message.set_closes(event->closes);
  message.set_at(event->at);
  message.set_cause(static_cast<v1::Incident::Cause>(event->cause));
  message.set_detail(event->detail);
  return {};
}

}  // namespace idnode
