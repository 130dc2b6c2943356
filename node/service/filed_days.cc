#include "node/service/filed_days.h"

#include <set>
#include <utility>

#include "proto/ident/handle_name.h"
#include "storage/children.h"

namespace idnode {
namespace {

// In which of its tables a node below says of itself what is filed in `table`.
FilingTable OwnTableOf(FilingTable table) {
  switch (table) {
    case FilingTable::kMonitoring:
      return FilingTable::kOwnMonitoring;
    case FilingTable::kIncident:
      return FilingTable::kOwnIncident;
    default:
      return table;
  }
}

bool IsOfNodesBelow(FilingTable table) {
  return table == FilingTable::kStatistics || table == FilingTable::kMonitoring ||
         table == FilingTable::kIncident;
}

}  // namespace

Result<std::optional<FiledValue>> ReadFiledDay(const Rows& rows, const ChildRoutes& routes,
                                               const FilingName& name) {
  const auto read = [&](uint32_t child,
                        const FilingName& row) -> Result<std::optional<FiledValue>> {
    auto found = ReadFiling(rows, child, row);
    if (!found) return found.error();
    if (!*found) return std::optional<FiledValue>();
    return std::optional(FiledValue{std::move((*found)->body), (*found)->version});
  };
  const auto key = SplitDayKey(name.table, name.key);
  if (!key) return std::optional<FiledValue>();
  const bool is_handle = key->prefix[0] == static_cast<char>(Scheme::kHandle);
  if (IsOfNodesBelow(name.table) && is_handle && routes.any()) {
    const std::string_view prefix = key->prefix.substr(1);
    for (std::string_view above = prefix; !above.empty(); above = ParentPrefix(above)) {
      const FilingTable table = above == prefix ? OwnTableOf(name.table) : name.table;
      for (const uint32_t child : routes.ChildrenOf(above)) {
        auto found = read(child, {table, name.key});
        if (!found || *found) return found;
      }
    }
  }
  return read(kOwn, name);
}

Result<std::vector<std::string>> FiledDayKeys(const Rows& rows, FilingTable table,
                                              std::string_view from, std::string_view node_prefix) {
  std::set<std::string> sorted;
  const auto gather = [&](uint32_t child, FilingTable of) {
    return EachFilingFrom(rows, child, of, from, [&](const FiledRow& row) {
      sorted.insert(row.name.key);
      return true;
    });
  };
  if (const Status own = gather(kOwn, table); !own) return own.error();
  if (IsOfNodesBelow(table)) {
    const auto children = ListChildren(rows);
    if (!children) return children.error();
    for (const Child& child : *children) {
      for (const FilingTable of : std::set{table, OwnTableOf(table)}) {
        if (const Status theirs = gather(child.number, of); !theirs) return theirs.error();
      }
    }
  }
  std::vector<std::string> keys;
  for (const std::string& key : sorted) {
    if (CheckFilingName({table, key}, node_prefix)) keys.push_back(key);
  }
  return keys;
}

}  // namespace idnode
