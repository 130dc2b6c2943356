#pragma once

#include <string_view>

#include "proto/base/result.h"
#include "proto/rpc/filing.pb.h"

namespace idnode {

// Rows of the tables of days in the words of the contract. kCorrupt: our own value is none.
Status FillStatistics(std::string_view body, v1::Statistics& message);
Status FillMonitoring(std::string_view body, v1::Monitoring& message);
Status FillIncident(std::string_view body, v1::Incident& message);

}  // namespace idnode
