#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "storage/engine/table.h"
#include "storage/figure.h"
#include "storage/position.h"

// The layout of every key on disk. Order is meaning: one enterprise's rows, one company's products
// and one node's log are one scan each. Integers are big-endian, so that order of octets is order
// of numbers. Octet by octet: docs/formats/store.md.
//
// Every row of the tables records, directory, children, ranges, business, filings, sources and
// operations starts with its version: eight octets, the position of the change that wrote it.
// Apply() puts it there; conditions are held against it.
namespace idnode::keyspace {

inline constexpr uint32_t kFormatVersion = 1;
inline constexpr size_t kVersionOctets = 8;

// Whether conditions can be held against the table's rows.
constexpr bool HasVersion(Table table) {
  return table == Table::kRecords || table == Table::kDirectory || table == Table::kChildren ||
         table == Table::kRanges || table == Table::kBusiness || table == Table::kFilings ||
         table == Table::kSources;
}
// Whether effects of a change may name the table. The others follow from the log by themselves, or
// are this node's alone.
constexpr bool IsWrittenByChanges(Table table) {
  return HasVersion(table) || table == Table::kMeta || table == Table::kReferences ||
         table == Table::kWithdrawn;
}

// records: the canonical key itself (proto/ident/canonical_key.h).

// log: u64 position.
std::string Log(Position position);
Result<Position> ParseLog(std::string_view key);

// tree: u8 level, u64 tile number.
std::string Tile(uint8_t level, uint64_t tile);

// counters: u8 'T' (of all time) or 'H' (of an hour), u32 origin, u8 metric, u32 enterprise,
// u8 class, u8 outcome[, u32 hour].
std::string Total(const Figure& figure);
std::string Hourly(const Figure& figure, uint32_t hour);
struct HourlyKey {
  Figure figure;
  uint32_t hour;
};
Result<Figure> ParseTotal(std::string_view key);
Result<HourlyKey> ParseHourly(std::string_view key);
// The first key of an origin's totals or hours of a metric, for scans.
std::string Totals(uint32_t origin);
std::string Hours(uint32_t origin, Metric metric, uint32_t enterprise);

// operations: u16 day (since 1970-01-01, of the change's time), 16 octets operation id.
std::string Operation(uint16_t day, std::string_view operation_id);
std::string OperationsOf(uint16_t day);

// directory: 'E' u32 enterprise | 'C' enterprise code | 'P' scheme octet, prefix | 'T' token id.
std::string Enterprise(uint32_t number);
std::string EnterpriseCode(std::string_view code);
std::string Prefix(char scheme, std::string_view prefix);
std::string Token(std::string_view token_id);

// children: 'S' u32 child | 'N' node id | 'E' u32 child, u32 enterprise |
//           'P' u32 child, scheme octet, prefix | 'L' u32 child, u64 position |
//           'W' u32 child (storage/witnessed.h) | 'D' u32 child (0: the node itself), id of a
//           directive (storage/directives.h).
std::string ChildState(uint32_t child);
std::string ChildNode(std::string_view node_id);
std::string ChildEnterprise(uint32_t child, uint32_t enterprise);
std::string ChildPrefix(uint32_t child, char scheme, std::string_view prefix);
std::string ChildLog(uint32_t child, Position position);
std::string ChildWitnessed(uint32_t child);
std::string ChildDirective(uint32_t child, std::string_view id);

// references: u16 octets of the target's canonical key, that key, relation octet, canonical key of
// the source (storage/references.h). The length first, so that all references to one identifier are
// one scan, whatever octets the keys hold.
std::string ReferencesTo(std::string_view target);

// withdrawn: the canonical key itself.

// business: 'S' u32 holder (0: the operator) | 'F' u32 holder | 'C' u8 kind, number of a
// certificate |
//           'N' name in upper case, 00, u32 holder (storage/subjects.h) |
//           'M' canonical key of a template, '|', its version (storage/templates.h) |
//           'A' canonical key of an application (storage/applications.h) |
//           'U' 32 octets, a value that is unique (storage/unique_values.h).
std::string Subject(uint32_t holder);
std::string SubjectFiles(uint32_t holder);
std::string SubjectCertificate(uint8_t kind, std::string_view number);
// The first octets of the keys of all whose name begins with `name`; with `whole`: who have it.
std::string SubjectsNamed(std::string_view name, bool whole);
std::string Template(std::string_view key, std::string_view version);
std::string Application(std::string_view key);
std::string UniqueValue(std::string_view digest);

// filings: u32 child (0: the node itself), u8 table, key (storage/filings.h).
std::string Filing(uint32_t child, uint8_t table, std::string_view key);

// ranges: storage/serial_range.h.

// sources: u32 origin, u32 hour, u64 of our own: a nonce; of a child: the position of its record
// (storage/source_part.h).
std::string Sources(uint32_t origin, uint32_t hour, uint64_t which);
std::string SourcesOf(uint32_t origin);

// meta: names.
inline constexpr std::string_view kFormat = "format";      // u32 kFormatVersion
inline constexpr std::string_view kIdentity = "identity";  // node id, role, prefix
inline constexpr std::string_view kApplied = "applied";    // storage/chain.h

// local: names.
inline constexpr std::string_view kUpstreamAcked = "upstream_acked";  // sync/upstream
inline constexpr std::string_view kCosignedLog = "cosigned";  // node/service/checkpoints.h
inline constexpr std::string_view kCleanStop = "clean_stop";
inline constexpr std::string_view kMonitoringDays = "monitoring_days";  // storage/day_fold.h

// The first key after every key that starts with `prefix`; empty: there is none.
std::string After(std::string_view prefix);

}  // namespace idnode::keyspace
