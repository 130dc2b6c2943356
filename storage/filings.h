#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/crypto/digest.h"
#include "proto/ident/identifier.h"
#include "storage/change.h"
#include "storage/children.h"
#include "storage/engine/engine.h"
#include "storage/log_record.h"
#include "storage/position.h"

namespace idnode {

// What a node files with the node above it, in tables (spec/secondary-node.md 5.4): rows of values,
// beside the log that says which of them changed. A log record that names a row brings its present
// value; whoever stores the record stores the value in the same change, so that the position of the
// record makes both exactly once.

// Numbers are those of the tables: on disk and on the wire. Others are not filed yet.
enum class FilingTable : uint8_t {
  kOperator = 1,        // Subject data of the node's operator. One row.
  kOwnRouting = 2,      // Where the node itself answers. One row.
  kOwnStatistics = 3,   // The node's days (storage/day_filing.h).
  kOwnMetadata = 4,     // Published templates of the node's own prefix.
  kOwnApplication = 5,  // Applications of the node's own prefix.
  kEnterprise = 6,      // Subject data of each enterprise.
  kRouting = 7,         // Where the identifiers of each prefix are answered.
  kStatistics = 8,      // The days of each enterprise.
  kApplication = 10,    // Applications of the prefixes derived from the node's own.
  kMetadata = 11,       // Published templates of those.
  kOwnMonitoring = 21,  // How the node answered on each day.
  kMonitoring = 22,     // How the nodes below did.
  kOwnIncident = 23,    // What went wrong with the node, and that it is well again.
  kIncident = 24,       // And with the nodes below.
};
inline constexpr auto kFilingTables = std::to_array<FilingTable>(
    {FilingTable::kOperator, FilingTable::kOwnRouting, FilingTable::kOwnStatistics,
     FilingTable::kOwnMetadata, FilingTable::kOwnApplication, FilingTable::kEnterprise,
     FilingTable::kRouting, FilingTable::kStatistics, FilingTable::kApplication,
     FilingTable::kMetadata, FilingTable::kOwnMonitoring, FilingTable::kMonitoring,
     FilingTable::kOwnIncident, FilingTable::kIncident});
std::string_view NameOf(FilingTable table);
Result<FilingTable> ParseFilingTable(uint32_t number);
constexpr bool IsRouting(FilingTable table) {
  return table == FilingTable::kOwnRouting || table == FilingTable::kRouting;
}
// Whether rows hold personal members.
constexpr bool IsSubject(FilingTable table) {
  return table == FilingTable::kOperator || table == FilingTable::kEnterprise;
}
constexpr bool IsMetadata(FilingTable table) {
  return table == FilingTable::kOwnMetadata || table == FilingTable::kMetadata;
}
constexpr bool IsApplication(FilingTable table) {
  return table == FilingTable::kOwnApplication || table == FilingTable::kApplication;
}
// Its keys begin with a day, and no row is ever another: it grows for as long as the node lives.
constexpr bool IsOfDays(FilingTable table) {
  return table == FilingTable::kOwnStatistics || table == FilingTable::kStatistics ||
         table >= FilingTable::kOwnMonitoring;
}

// A row. Keys of routing, and of the operator: octet of the scheme and prefix, H88.118.8; of an
// enterprise: its number in ten digits, as the node that files it gave it; of metadata and of
// applications: canonical key of the handle, of metadata with '|' and the version behind it; of
// tables of days: storage/day_filing.h.
inline constexpr size_t kFilingKeyOctetsMax = 1'024;
struct FilingName {
  FilingTable table = FilingTable::kOperator;
  std::string key;

  friend auto operator<=>(const FilingName&, const FilingName&) = default;
};
std::string FilingKeyOf(const IdentifierPrefix& prefix);
std::string FilingKeyOf(uint32_t enterprise);
// Of the operator's row and of the node's own routing.
std::string OwnFilingKey(std::string_view node_prefix);
// Of metadata and applications: the handle, as the key has it, and the version.
struct CatalogueName {
  std::string_view handle, version;
};
CatalogueName CatalogueNameOf(const FilingName& name);
// Whether a prefix, as octet of the scheme and text, is below that of the node that files something
// of it. Of other schemes than Handle no node has a prefix that they could be held against.
bool IsFiledPrefix(std::string_view key, std::string_view node_prefix);
// Whether a row can be filed by a node of this prefix. kMalformed; kDenied: it is another's.
Status CheckFilingName(const FilingName& name, std::string_view node_prefix);

struct Filing {
  FilingName name;
  Position position;                // Of the record that named it.
  std::optional<std::string> body;  // Nothing: it is there no more.

  // What it takes on its way, beside records.
  size_t octets() const { return 16 + name.key.size() + (body ? body->size() : 0); }
};

// A row as the node that files it has it now.
struct FiledValue {
  std::string body;  // In clear.
  Position version;  // Of the record of its log that made it.
};

// How a table of the node that files it differs from what the node above has of it.
struct Reconciled {
  FilingTable table = FilingTable::kOperator;
  uint64_t rows_here = 0, rows_there = 0;
  bool equal = false;
  // Named one by one, and filed again.
  uint64_t missing_there = 0, missing_here = 0, different = 0;

  uint64_t differences() const { return missing_there + missing_here + different; }
};

// Appends the rows that an item of a node's log names: whoever reads the log knows by it which
// values may be others. Both ends read it so.
void AppendFilingsNamedBy(const LogItem& item, std::string_view node_prefix,
                          std::vector<FilingName>& names);

// That each filing comes with its record: `records` begin at `first`. kDenied (another's row),
// kForged (no record of that position names it, or a day or incident is not the one that it names),
// kMalformed (twice the same row), kTooLarge.
Status CheckFilings(std::string_view node_prefix, Position first,
                    std::span<const std::string_view> records, std::span<const Filing> filings);

// Adds an item for each: the row of the child is put, or removed.
void AddFilings(Change& change, uint32_t child, std::span<const Filing> filings);

struct FiledRow {
  FilingName name;
  Position version;   // Ours.
  Position position;  // The child's.
  std::string body;
};
// Nothing: there is none. kBusy (with kMemoryOnly), kCorrupt, kFormatVersion.
Result<std::optional<FiledRow>> ReadFiling(const Rows& rows, uint32_t child, const FilingName& name,
                                           Reach reach = Reach::kDisk);
// The rows of a child's table after a key, ascending, until `each` returns false.
Status EachFiling(const Rows& rows, uint32_t child, FilingTable table, std::string_view after,
                  const std::function<bool(const FiledRow&)>& each);

// The same from a key on, which is told, too.
Status EachFilingFrom(const Rows& rows, uint32_t child, FilingTable table, std::string_view from,
                      const std::function<bool(const FiledRow&)>& each);

// What two ends compare: how many rows a table has, and a digest over them, ascending by key.
struct FilingState {
  uint64_t rows = 0;
  Digest digest{};

  friend bool operator==(const FilingState&, const FilingState&) = default;
};
Digest FilingDigest(std::string_view key, std::string_view body);
void AddToState(const Digest& row, FilingState& state);

// Adds an item that makes a row of this node's own, child kOwn, which must not be there yet. `kind`
// is one that AppendFilingsNamedBy knows to name the row.
void AddOwnFiling(Change& change, EventKind kind, const FilingName& name, std::string_view body);

// Where the node itself answers is a fact of its own log, too: a row under child kOwn. `routing` is
// put in place of `kept`, as it was read; empty: it answers nowhere. False: nothing was to be
// added.
bool AddPutOwnRouting(Change& change, std::string_view node_prefix, std::string_view routing,
                      const std::optional<FiledRow>& kept);

}  // namespace idnode
