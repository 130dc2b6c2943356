#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/rpc/filing.pb.h"
#include "storage/filings.h"

namespace idnode {

// What a child says of a day or of an incident, as the row of its table. Sums are those of their
// parts, seconds and numbers those of the key. kMalformed.
Result<std::string> StatisticsBody(const v1::Statistics& message);
Result<std::string> MonitoringBody(const v1::Monitoring& message, FilingTable table,
                                   std::string_view key);
Result<std::string> IncidentBody(const v1::Incident& message, std::string_view key);

}  // namespace idnode
