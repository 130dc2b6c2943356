#include "storage/filings.h"

#include <algorithm>
#include <set>

#include "proto/base/limits.h"
#include "proto/base/reader.h"
#include "proto/base/text.h"
#include "proto/base/writer.h"
#include "proto/ident/handle_name.h"
#include "storage/day_filing.h"
#include "storage/keyspace.h"
#include "storage/registry.h"
#include "storage/subjects.h"

namespace idnode {
namespace {

constexpr uint8_t kRowLayout = 1;
constexpr size_t kVersionOctetsMax = 512;  // 128 characters.
static_assert(1 + limits::kIdentifierOctetsMax + 1 + kVersionOctetsMax <= kFilingKeyOctetsMax);
static_assert(1 + limits::kPrefixOctetsMax <= kFilingKeyOctetsMax);
constexpr size_t kNumberDigits = 10;
constexpr char kHandleOctet = static_cast<char>(Scheme::kHandle);

void AppendRouting(std::string_view key, std::string_view node_prefix,
                   std::vector<FilingName>& names) {
  if (IsFiledPrefix(key, node_prefix)) names.push_back({FilingTable::kRouting, std::string(key)});
}

// Templates and applications of the node's own prefix are its own; those of prefixes derived from
// it are filed beside them.
void AppendCatalogue(std::string_view key, FilingTable own, FilingTable derived,
                     std::string_view node_prefix, std::vector<FilingName>& names) {
  const std::string_view prefix = key.substr(0, key.find('/'));
  if (prefix == OwnFilingKey(node_prefix)) {
    names.push_back({own, std::string(key)});
  } else if (IsFiledPrefix(prefix, node_prefix)) {
    names.push_back({derived, std::string(key)});
  }
}
void AppendMetadata(std::string_view key, std::string_view node_prefix,
                    std::vector<FilingName>& names) {
  AppendCatalogue(key, FilingTable::kOwnMetadata, FilingTable::kMetadata, node_prefix, names);
}
void AppendApplication(std::string_view key, std::string_view node_prefix,
                       std::vector<FilingName>& names) {
  AppendCatalogue(key, FilingTable::kOwnApplication, FilingTable::kApplication, node_prefix, names);
}

void AppendSubject(std::string_view key, std::string_view node_prefix,
                   std::vector<FilingName>& names) {
  Reader in(key);
  const bool is_subject = in.U8() == 'S';
  const uint32_t holder = in.U32();
  if (!is_subject || !in.AtEnd()) return;
  if (holder == kOperatorSubject) {
    names.push_back({FilingTable::kOperator, OwnFilingKey(node_prefix)});
  } else {
    names.push_back({FilingTable::kEnterprise, FilingKeyOf(holder)});
  }
}

// What a node below filed with the node is filed further up.
void AppendFiled(std::string_view key, std::string_view node_prefix,
                 std::vector<FilingName>& names) {
  Reader in(key);
  (void)in.U32();
  const auto table = static_cast<FilingTable>(in.U8());
  const std::string_view row = in.Rest();
  if (!in.ok()) return;
  if (IsRouting(table)) AppendRouting(row, node_prefix, names);
  if (IsMetadata(table)) AppendMetadata(row, node_prefix, names);
  if (IsApplication(table)) AppendApplication(row, node_prefix, names);
  AppendFiledDay(table, row, node_prefix, names);
}

// Handles are told as their canonical keys are, so that a row has one key.
Status CheckCatalogueName(const FilingName& name, std::string_view node_prefix) {
  constexpr Error kNoName{Errc::kMalformed, "filings: no name of a template or an application"};
  const CatalogueName said = CatalogueNameOf(name);
  const size_t slash = said.handle.find('/');
  if (slash == std::string_view::npos || slash + 1 == said.handle.size() ||
      said.handle.size() > limits::kIdentifierOctetsMax ||
      said.version.size() > kVersionOctetsMax || UpperAscii(said.handle) != said.handle ||
      IsMetadata(name.table) == said.version.empty()) {
    return kNoName;
  }
  std::vector<FilingName> names;
  if (IsMetadata(name.table)) AppendMetadata(name.key, node_prefix, names);
  if (IsApplication(name.table)) AppendApplication(name.key, node_prefix, names);
  if (!names.empty() && names[0] == name) return {};
  return Error{Errc::kDenied, "filings: a row that is not the node's to file"};
}

// A row of the node's own, by the key under which it is kept.
void AppendOwn(std::string_view key, std::string_view node_prefix, std::vector<FilingName>& names) {
  Reader in(key);
  const uint32_t child = in.U32();
  FilingName name{static_cast<FilingTable>(in.U8()), std::string(in.Rest())};
  if (!in.ok() || child != kOwn || !IsOfDays(name.table)) return;
  if (CheckFilingName(name, node_prefix)) names.push_back(std::move(name));
}

std::string EncodeRow(Position position, std::string_view body) {
  std::string row;
  Writer(row).U8(kRowLayout).U64(position.value).Text32(body);
  return row;
}

// Whether a row that its own record made once and for all is the one that it made.
bool IsBorneOut(const Filing& filing, const LogRecord& record) {
  const std::string key =
      keyspace::Filing(kOwn, static_cast<uint8_t>(filing.name.table), filing.name.key);
  return std::ranges::all_of(record.items, [&](const LogItem& item) {
    const bool is_of_day = item.kind == EventKind::kDayPut || item.kind == EventKind::kIncidentPut;
    if (!is_of_day || item.key != key) return true;
    return filing.body && item.body == AsText(Sha256(EncodeRow(Position{}, *filing.body)));
  });
}

Result<FiledRow> DecodeRow(FilingName name, std::string_view stored) {
  const auto split = SplitVersion(stored);
  if (!split) return split.error();
  Reader in(split->body);
  const uint8_t layout = in.U8();
  if (in.ok() && layout != kRowLayout) {
    return Error{Errc::kFormatVersion, "filings: the row has another layout"};
  }
  FiledRow row{std::move(name), split->version, Position{in.U64()}, {}};
  row.body = in.Text32(in.left());
  if (!in.AtEnd()) return Error{Errc::kCorrupt, "filings: the fields do not fill the row"};
  return row;
}

}  // namespace

std::string_view NameOf(FilingTable table) {
  switch (table) {
    case FilingTable::kOperator:
      return "operator_subject";
    case FilingTable::kOwnRouting:
      return "own_routing";
    case FilingTable::kOwnStatistics:
      return "own_statistics";
    case FilingTable::kOwnMetadata:
      return "own_metadata";
    case FilingTable::kOwnApplication:
      return "own_application";
    case FilingTable::kEnterprise:
      return "enterprise_subject";
    case FilingTable::kRouting:
      return "routing";
    case FilingTable::kStatistics:
      return "statistics";
    case FilingTable::kApplication:
      return "application";
    case FilingTable::kMetadata:
      return "metadata";
    case FilingTable::kOwnMonitoring:
      return "own_monitoring";
    case FilingTable::kMonitoring:
      return "monitoring";
    case FilingTable::kOwnIncident:
      return "own_incident";
    case FilingTable::kIncident:
      return "incident";
  }
  return "";
}

Result<FilingTable> ParseFilingTable(uint32_t number) {
  for (const FilingTable table : kFilingTables) {
    if (static_cast<uint32_t>(table) == number) return table;
  }
  return Error{Errc::kUnsupported, "filings: no table of this number is filed"};
}

std::string FilingKeyOf(const IdentifierPrefix& prefix) {
  return static_cast<char>(prefix.scheme) + prefix.text;
}

std::string FilingKeyOf(uint32_t enterprise) {
  const std::string digits = std::to_string(enterprise);
  return std::string(kNumberDigits - digits.size(), '0') + digits;
}

std::string OwnFilingKey(std::string_view node_prefix) {
  return kHandleOctet + std::string(node_prefix);
}

CatalogueName CatalogueNameOf(const FilingName& name) {
  std::string_view key = name.key;
  if (!key.starts_with(kHandleOctet)) return {};
  key.remove_prefix(1);
  if (!IsMetadata(name.table)) return {key, {}};
  const size_t bar = std::min(key.find('|'), key.size());
  return {key.substr(0, bar), key.substr(std::min(bar + 1, key.size()))};
}

bool IsFiledPrefix(std::string_view key, std::string_view node_prefix) {
  if (key.size() < 2) return false;
  if (key[0] != kHandleOctet) return true;
  return key.substr(1) != node_prefix && IsUnder(key.substr(1), node_prefix);
}

Status CheckFilingName(const FilingName& name, std::string_view node_prefix) {
  if (IsOfDays(name.table)) return CheckDayFilingName(name, node_prefix);
  constexpr Error kNotIts{Errc::kDenied, "filings: a row that is not the node's to file"};
  const bool has_handle = IsMetadata(name.table) || IsApplication(name.table);
  const size_t octets_max = has_handle ? kFilingKeyOctetsMax : 1 + limits::kPrefixOctetsMax;
  if (name.key.empty() || name.key.size() > octets_max || !IsUtf8(name.key)) {
    return Error{Errc::kMalformed, "filings: no such key"};
  }
  switch (name.table) {
    case FilingTable::kOperator:
    case FilingTable::kOwnRouting:
      if (name.key != OwnFilingKey(node_prefix)) return kNotIts;
      return {};
    case FilingTable::kEnterprise:
      if (name.key.size() != kNumberDigits ||
          name.key.find_first_not_of("0123456789") != std::string::npos) {
        return Error{Errc::kMalformed, "filings: no number of an enterprise"};
      }
      return {};
    case FilingTable::kRouting:
      if (!IsFiledPrefix(name.key, node_prefix)) return kNotIts;
      return {};
    case FilingTable::kOwnMetadata:
    case FilingTable::kOwnApplication:
    case FilingTable::kApplication:
    case FilingTable::kMetadata:
      return CheckCatalogueName(name, node_prefix);
    default:
      break;
  }
  return Error{Errc::kUnsupported, "filings: no such table"};
}

void AppendFilingsNamedBy(const LogItem& item, std::string_view node_prefix,
                          std::vector<FilingName>& names) {
  switch (item.kind) {
    case EventKind::kOwnRoutingPut:
      names.push_back({FilingTable::kOwnRouting, OwnFilingKey(node_prefix)});
      return;
    case EventKind::kDayPut:
    case EventKind::kIncidentPut:
      return AppendOwn(item.key, node_prefix, names);
    case EventKind::kSubjectPut:
      return AppendSubject(item.key, node_prefix, names);
    case EventKind::kPrefixPut:  // 'P', then the octet of the scheme and the prefix.
      if (item.key.starts_with('P')) AppendRouting(item.key.substr(1), node_prefix, names);
      return;
    case EventKind::kPrefixRecordPut:
    case EventKind::kPrefixRecordRemoved: {
      const std::string_view prefix = PrefixNamedByKey(item.key);
      if (!prefix.empty()) AppendRouting(OwnFilingKey(prefix), node_prefix, names);
      return;
    }
    case EventKind::kTemplatePut:  // 'M', then the key.
      if (item.key.starts_with('M')) AppendMetadata(item.key.substr(1), node_prefix, names);
      return;
    case EventKind::kApplicationPut:  // 'A', then the key.
      if (item.key.starts_with('A')) AppendApplication(item.key.substr(1), node_prefix, names);
      return;
    case EventKind::kFiled:
      return AppendFiled(item.key, node_prefix, names);
    default:
      return;
  }
}

Status CheckFilings(std::string_view node_prefix, Position first,
                    std::span<const std::string_view> records, std::span<const Filing> filings) {
  std::set<FilingName> seen;
  Position read;  // The record that `named` are of.
  std::optional<LogRecord> record;
  std::vector<FilingName> named;
  for (const Filing& filing : filings) {
    if (auto fits = CheckFilingName(filing.name, node_prefix); !fits) return fits;
    if (filing.body && filing.body->size() > limits::kFilingOctetsMax) {
      return Error{Errc::kTooLarge, "filings: a row over its limit"};
    }
    if (!seen.insert(filing.name).second) {
      return Error{Errc::kMalformed, "filings: twice the same row"};
    }
    constexpr Error kWithoutRecord{Errc::kForged, "filings: no record with it names the row"};
    if (filing.position < first || filing.position.value - first.value >= records.size()) {
      return kWithoutRecord;
    }
    if (filing.position != read) {
      auto decoded = DecodeThin(records[filing.position.value - first.value]);
      if (!decoded) return decoded.error();
      record = *std::move(decoded);
      read = filing.position;
      named.clear();
      for (const LogItem& item : record->items) AppendFilingsNamedBy(item, node_prefix, named);
    }
    if (std::ranges::find(named, filing.name) == named.end()) return kWithoutRecord;
    if (!IsBorneOut(filing, *record)) {
      return Error{Errc::kForged, "filings: not the value that its record vouches for"};
    }
  }
  return {};
}

void AddFilings(Change& change, uint32_t child, std::span<const Filing> filings) {
  for (const Filing& filing : filings) {
    const std::string key =
        keyspace::Filing(child, static_cast<uint8_t>(filing.name.table), filing.name.key);
    if (!filing.body) {
      change.Begin(EventKind::kFiled, kNoEnterprise, key);
      change.Remove(Table::kFilings, key);
      continue;
    }
    const std::string row = EncodeRow(filing.position, *filing.body);
    const Digest digest = Sha256(row);
    change.Begin(EventKind::kFiled, kNoEnterprise, key, AsText(digest));
    change.Put(Table::kFilings, key, row);
  }
}

Result<std::optional<FiledRow>> ReadFiling(const Rows& rows, uint32_t child, const FilingName& name,
                                           Reach reach) {
  std::string stored;
  const auto found =
      rows.Get(Table::kFilings, keyspace::Filing(child, static_cast<uint8_t>(name.table), name.key),
               reach, stored);
  if (!found) return found.error();
  if (!*found) return std::optional<FiledRow>();
  auto row = DecodeRow(name, stored);
  if (!row) return row.error();
  return std::optional(*std::move(row));
}

Status EachFiling(const Rows& rows, uint32_t child, FilingTable table, std::string_view after,
                  const std::function<bool(const FiledRow&)>& each) {
  std::string from(after);
  if (!after.empty()) from.push_back('\0');
  return EachFilingFrom(rows, child, table, from, each);
}

Status EachFilingFrom(const Rows& rows, uint32_t child, FilingTable table, std::string_view from,
                      const std::function<bool(const FiledRow&)>& each) {
  const std::string all = keyspace::Filing(child, static_cast<uint8_t>(table), {});
  const auto cursor =
      rows.Scan(Table::kFilings, std::string(all).append(from), keyspace::After(all));
  for (; cursor->Valid(); cursor->Next()) {
    auto row = DecodeRow({table, std::string(cursor->key().substr(all.size()))}, cursor->value());
    if (!row) return row.error();
    if (!each(*row)) return {};
  }
  return cursor->status();
}

Digest FilingDigest(std::string_view key, std::string_view body) {
  std::string head;
  Writer(head).Text16(key);
  return Sha256(head, body);
}

void AddToState(const Digest& row, FilingState& state) {
  state.digest = Sha256(AsText(state.digest), AsText(row));
  ++state.rows;
}

void AddOwnFiling(Change& change, EventKind kind, const FilingName& name, std::string_view body) {
  const std::string key = keyspace::Filing(kOwn, static_cast<uint8_t>(name.table), name.key);
  const std::string row = EncodeRow(Position{}, body);
  const Digest digest = Sha256(row);
  change.Begin(kind, kNoEnterprise, key, AsText(digest));
  change.ExpectThat(Table::kFilings, key, Expect::kAbsent);
  change.Put(Table::kFilings, key, row);
}

bool AddPutOwnRouting(Change& change, std::string_view node_prefix, std::string_view routing,
                      const std::optional<FiledRow>& kept) {
  if (kept ? kept->body == routing : routing.empty()) return false;
  const std::string key = keyspace::Filing(kOwn, static_cast<uint8_t>(FilingTable::kOwnRouting),
                                           OwnFilingKey(node_prefix));
  const std::string row = routing.empty() ? std::string() : EncodeRow(Position{}, routing);
  const Digest digest = Sha256(row);
  change.Begin(EventKind::kOwnRoutingPut, kNoEnterprise, key,
               row.empty() ? std::string_view() : AsText(digest));
  change.ExpectThat(Table::kFilings, key, kept ? Expect::kVersion : Expect::kAbsent,
                    kept ? kept->version.value : 0);
  if (row.empty()) {
    change.Remove(Table::kFilings, key);
  } else {
    change.Put(Table::kFilings, key, row);
  }
  return true;
}

}  // namespace idnode
