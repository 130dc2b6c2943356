#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "storage/engine/engine.h"
#include "storage/filings.h"

namespace idnode {

// What this node files of templates and applications (tables 4, 5, 10 and 11): those that are
// published here, and what the nodes below have filed of theirs.

// Nothing: there is none. kCorrupt.
Result<std::optional<FiledValue>> ReadCatalogue(const Rows& rows, const FilingName& name,
                                                std::string_view node_prefix);
// The keys of a table, ascending.
Result<std::vector<std::string>> KeysOfCatalogue(const Rows& rows, FilingTable table,
                                                 std::string_view node_prefix);
// What people call a row that was filed: code and version, or the application's name. kCorrupt.
Result<std::string> NameInCatalogue(FilingTable table, std::string_view body);

}  // namespace idnode
