// A part of who asked is refused without harm, or has one sequence of octets; parts of the whole
// day are added up.
// rooms: storage proto/base

#include <cstdint>
#include <string>

#include "storage/day_tables.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace idnode;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto part = DecodeSourcePart(body);
  if (!part) return 0;
  Require(EncodeSourcePart(*part) == body);
  Require(part->Counted() <= part->requests);
  DayCount count({*ParseDay("2026-11-22", DayZone::kUtc)});
  const int64_t requests = static_cast<int64_t>(part->requests);
  count.TakeSums({.metric = Metric::kResolutions,
                  .enterprise = kNoEnterprise,
                  .traffic_class = TrafficClass::kExternal,
                  .outcome = ResolutionOutcome::kFound},
                 {requests, requests, requests});
  count.TakePart(kNoEnterprise, *part);
  const DayTables tables = count.Finish();
  int64_t sum = tables.no_enterprise.sources.rest;
  for (const SourceCount& source : tables.no_enterprise.sources.sources) {
    sum += static_cast<int64_t>(source.count);
    Require(source.error <= part->requests);
  }
  Require(sum == requests);
  return 0;
}
