#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/service/child_routes.h"
#include "proto/base/result.h"
#include "storage/day_filing.h"
#include "storage/filings.h"

namespace idnode {

// Rows of tables of days as this node files them: its own, and what nodes below say of themselves
// and of what is below them. Where both say something of one prefix, the node below counts.
// Read from the disk.
Result<std::optional<FiledValue>> ReadFiledDay(const Rows& rows, const ChildRoutes& routes,
                                               const FilingName& name);
// The keys from `from` on, ascending.
Result<std::vector<std::string>> FiledDayKeys(const Rows& rows, FilingTable table,
                                              std::string_view from, std::string_view node_prefix);

}  // namespace idnode
