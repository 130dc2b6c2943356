#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace idnode {

// The tables on disk. What their keys mean is written in storage/keyspace.h; what their octets mean
// in docs/formats/.
enum class Table : uint8_t {
  kRecords,     // Canonical key -> identifier record.
  kLog,         // Position -> the ledger's record, thin form.
  kTree,        // Tiles of the Merkle tree over the log.
  kCounters,    // Figure -> sum.
  kOperations,  // Operation id -> its outcome, for a day.
  kDirectory,   // Enterprises, prefixes, tokens.
  kChildren,    // What the nodes below have sent: their state, directory and log.
  kMeta,        // Format, identity, applied position, positions acknowledged by the node above.
  kLocal,       // What is this node's alone: neither counted nor shipped.
  kRanges,      // Ranges of serial numbers, each one row, whatever many members it has.
  kReferences,  // Which identifiers refer to one: target, relation, source.
  kWithdrawn,   // Canonical key -> when its record was removed.
  kBusiness,    // Subject data of the operator and of enterprises.
  kFilings,     // What the nodes below have filed: child, table, key.
  kSources,     // Hour -> the records of the log that say who asked.
};

// How a table is used; an engine tunes itself by it.
enum class Shape : uint8_t {
  kLookup,  // Large, read at random, one row per identifier.
  kAppend,  // Large, written in ascending order, read by range.
  kSums,    // Rows are 64-bit sums, changed by Batch::Add only.
  kSmall,   // Fits in memory.
};

struct TableRow {
  Table table;
  std::string_view name;
  Shape shape;
};

inline constexpr auto kTableRows = std::to_array<TableRow>({
    {Table::kRecords, "records", Shape::kLookup},
    {Table::kLog, "log", Shape::kAppend},
    {Table::kTree, "tree", Shape::kAppend},
    {Table::kCounters, "counters", Shape::kSums},
    {Table::kOperations, "operations", Shape::kLookup},
    {Table::kDirectory, "directory", Shape::kSmall},
    {Table::kChildren, "children", Shape::kAppend},
    {Table::kMeta, "meta", Shape::kSmall},
    {Table::kLocal, "local", Shape::kSmall},
    {Table::kRanges, "ranges", Shape::kLookup},
    {Table::kReferences, "references", Shape::kLookup},
    {Table::kWithdrawn, "withdrawn", Shape::kLookup},
    {Table::kBusiness, "business", Shape::kLookup},
    {Table::kFilings, "filings", Shape::kLookup},
    {Table::kSources, "sources", Shape::kSmall},
});
inline constexpr size_t kTableCount = kTableRows.size();
static_assert(kTableCount == static_cast<size_t>(Table::kSources) + 1);

constexpr const TableRow& RowOf(Table table) { return kTableRows[static_cast<size_t>(table)]; }

namespace table_internal {
constexpr bool RowsFollowTheEnum() {
  for (size_t i = 0; i < kTableCount; ++i) {
    if (static_cast<size_t>(kTableRows[i].table) != i) return false;
  }
  return true;
}
static_assert(RowsFollowTheEnum());
}  // namespace table_internal

}  // namespace idnode
