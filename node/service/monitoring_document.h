#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "storage/engine/engine.h"
#include "storage/filings.h"
#include "storage/incidents.h"

namespace idnode {

// The documents of days and incidents (docs/monitoring.md). Equal rows give equal octets.

// A row of a table of days as one JSON object. kCorrupt.
std::string DocumentOfIncident(const IncidentEvent& event);
Result<std::string> DocumentOfDayRow(const FiledRow& row);

struct MonitoredDaysRequest {
  std::string_view from, until;  // Days, both of them in it.
  uint32_t child = 0;            // 0: this node; else by what that child has filed.
  std::string_view prefix;       // Of the node that it is about.
};
inline constexpr uint32_t kMonitoredDaysMax = 400;
// Rows of tables 3 and 21 (of statistics without the sources), which days have none, and what was
// abnormal within. kMalformed: no such days, or too many; kCorrupt.
Result<std::string> DocumentOfDays(const Rows& rows, const MonitoredDaysRequest& request);

}  // namespace idnode
