#include "node/service/filing_desk.h"

#include <set>
#include <utility>

#include "node/security/permissions.h"
#include "node/security/secret_box.h"
#include "node/service/acts.h"
#include "node/service/catalogue_filing.h"
#include "node/service/filed_days.h"
#include "node/service/monitoring_document.h"
#include "node/service/subjects.h"
#include "proto/base/limits.h"
#include "proto/base/reader.h"
#include "proto/base/text.h"
#include "proto/base/writer.h"
#include "proto/business/subject_data.h"
#include "proto/ident/handle_name.h"
#include "storage/keyspace.h"
#include "storage/subjects.h"

namespace idnode {
namespace {

// Where a row of a node below is sealed: it opens nowhere else.
std::string PlaceOf(uint32_t child, const FilingName& name) {
  std::string place = "filings";
  Writer(place).U32(child).U8(static_cast<uint8_t>(name.table)).Raw(name.key);
  return place;
}

Result<SubjectData> DecodeClear(std::string_view body) {
  return DecodeSubject(body, [](std::string_view clear, std::string_view) {
    return Result<std::string>(std::string(clear));
  });
}

std::string PrefixHandleKey(std::string_view prefix) {
  std::string key;
  AppendHandleKey(std::string(kPrefixHandles).append(prefix), key);
  return key;
}

// A value of this node is found by position of the record that made it.
std::optional<FiledValue> ValueOf(const Routing& routing, Position version) {
  return FiledValue{EncodeRouting(routing), version};
}

// "000000000407…": number of the child, number of the table, key.
std::string CursorOf(uint32_t child, FilingTable table, std::string_view key) {
  std::string octets;
  Writer(octets).U32(child).U8(static_cast<uint8_t>(table)).Raw(key);
  return ToHex(octets);
}

}  // namespace

FilingDesk::FilingDesk(const Engine& engine, const Registry& registry, const Directory& directory,
                       Ledger& ledger, Acts& acts, const ChildRoutes& routes,
                       const SecretBox& secrets, std::string node_prefix)
    : engine_(engine),
      registry_(registry),
      directory_(directory),
      ledger_(ledger),
      acts_(acts),
      routes_(routes),
      secrets_(secrets),
      node_prefix_(std::move(node_prefix)) {}

Result<std::optional<FiledValue>> FilingDesk::Read(const FilingName& name) const {
  if (!CheckFilingName(name, node_prefix_)) return std::optional<FiledValue>();
  switch (name.table) {
    case FilingTable::kOperator:
      return ReadSubject(kOperatorSubject);
    case FilingTable::kEnterprise: {
      const auto holder = ParseDecimal(name.key, UINT32_MAX);
      if (!holder) return std::optional<FiledValue>();
      return ReadSubject(static_cast<uint32_t>(*holder));
    }
    case FilingTable::kOwnRouting: {
      auto row = ReadFiling(engine_, kOwn, name);
      if (!row) return row.error();
      if (!*row) return std::optional<FiledValue>();
      return std::optional(FiledValue{std::move((*row)->body), (*row)->version});
    }
    case FilingTable::kRouting:
      return ReadRouting({static_cast<Scheme>(name.key[0]), name.key.substr(1)});
    case FilingTable::kOwnMetadata:
    case FilingTable::kOwnApplication:
    case FilingTable::kApplication:
    case FilingTable::kMetadata:
      return ReadCatalogue(engine_, name, node_prefix_);
    default:
      return ReadFiledDay(engine_, routes_, name);
  }
  return std::optional<FiledValue>();
}

Result<std::optional<FiledValue>> FilingDesk::ReadSubject(uint32_t holder) const {
  const auto subject = idnode::ReadSubject(engine_, holder);
  if (!subject) return subject.error();
  if (!*subject || (*subject)->missing > 0) return std::optional<FiledValue>();
  const auto data = OpenSubject(**subject, secrets_);
  if (!data) return data.error();
  const auto as_it_is = [](std::string_view clear, std::string_view) { return std::string(clear); };
  return std::optional(
      FiledValue{EncodeSubject(*data, SubjectPart::kTexts, as_it_is), (*subject)->version});
}

// The sites that the record of the prefix handle names. `is_there`: there is a record, which then
// is what the prefix handle answers, whatever it says.
Result<std::optional<FiledValue>> FilingDesk::RegisteredRouting(const IdentifierPrefix& prefix,
                                                                bool& is_there) const {
  std::string row;
  const auto found = registry_.Find(PrefixHandleKey(prefix.text), Reach::kDisk, row);
  is_there = found.ok();
  if (!found && found.error().code != Errc::kNotFound) return found.error();
  if (!found) return std::optional<FiledValue>();
  const auto values = found->record.DecodeAll();
  if (!values) return values.error();
  Routing routing{prefix, false, {}};
  for (const auto& value : *values) {
    if (!value.public_read() || routing.sites.size() == limits::kRoutingSitesMax) continue;
    const std::string type = UpperAscii(value.type);
    if (!IsRoutingSite(type, value.data)) continue;
    routing.sites.push_back({type == "HS_SITE" ? "HS_SITE" : "HS_SITE.6", value.data});
  }
  if (routing.sites.empty()) return std::optional<FiledValue>();
  return ValueOf(routing, found->version);
}

// As the prefix handle answers it: its record, the node below that docked with it, this node.
Result<std::optional<FiledValue>> FilingDesk::ReadRouting(const IdentifierPrefix& prefix) const {
  if (prefix.scheme == Scheme::kHandle) {
    bool is_there = false;
    auto registered = RegisteredRouting(prefix, is_there);
    if (!registered || is_there) return registered;
    const auto route = routes_.FindFiled(prefix.text, Reach::kDisk);
    if (!route && route.error().code != Errc::kNotFound) return route.error();
    if (route) {
      auto routing = DecodeRouting(route->row.body);
      if (!routing) return Error{Errc::kCorrupt, routing.error().detail};
      routing->prefix = prefix;
      return ValueOf(*routing, route->row.version);
    }
  }
  const auto view = directory_.View();
  const AllottedPrefix* allotted = view->FindPrefix(prefix);
  if (allotted == nullptr || allotted->state == PrefixState::kUnhomed) {
    return std::optional<FiledValue>();
  }
  return ValueOf({prefix, true, {}}, allotted->version);
}

Result<std::vector<std::string>> FilingDesk::Keys(FilingTable table, std::string_view from) const {
  if (IsOfDays(table)) return FiledDayKeys(engine_, table, from, node_prefix_);
  auto keys = AllKeys(table);
  if (keys) std::erase_if(*keys, [&](const std::string& key) { return key < from; });
  return keys;
}

Result<std::vector<std::string>> FilingDesk::AllKeys(FilingTable table) const {
  if (table == FilingTable::kOperator || table == FilingTable::kOwnRouting) {
    return std::vector{OwnFilingKey(node_prefix_)};
  }
  if (IsMetadata(table) || IsApplication(table)) {
    return KeysOfCatalogue(engine_, table, node_prefix_);
  }
  std::vector<std::string> keys;
  if (table == FilingTable::kEnterprise) {
    const std::string from = keyspace::Subject(kOperatorSubject + 1);
    const auto cursor = engine_.Scan(Table::kBusiness, from, keyspace::After("S"));
    for (; cursor->Valid(); cursor->Next()) {
      Reader key(cursor->key());
      (void)key.U8();
      keys.push_back(FilingKeyOf(key.U32()));
    }
    if (!cursor->status()) return cursor->status().error();
    return keys;
  }
  std::set<std::string> sorted;
  directory_.View()->EachPrefix(
      [&](const AllottedPrefix& each) { sorted.insert(FilingKeyOf(each.prefix)); });
  const std::string from = PrefixHandleKey(node_prefix_ + ".");
  const Status listed = registry_.List(from, keyspace::After(from), limits::kPrefixesMax,
                                       [&](std::string_view key, const Registry::Found&) {
                                         sorted.insert(OwnFilingKey(PrefixNamedByKey(key)));
                                         return true;
                                       });
  if (!listed) return listed.error();
  const auto children = ListChildren(engine_);
  if (!children) return children.error();
  for (const Child& child : *children) {
    for (const FilingTable each : {FilingTable::kOwnRouting, FilingTable::kRouting}) {
      const Status read = EachFiling(engine_, child.number, each, {}, [&](const FiledRow& row) {
        sorted.insert(row.name.key);
        return true;
      });
      if (!read) return read.error();
    }
  }
  for (const std::string& key : sorted) {
    if (CheckFilingName({table, key}, node_prefix_)) keys.push_back(key);
  }
  return keys;
}

Status FilingDesk::PutOwnRouting(const SiteRecords& site, Time now) {
  Routing routing{{Scheme::kHandle, node_prefix_}, false, {}};
  if (IsRoutingSite("HS_SITE", site.ipv4)) routing.sites.push_back({"HS_SITE", site.ipv4});
  if (IsRoutingSite("HS_SITE.6", site.ipv6)) routing.sites.push_back({"HS_SITE.6", site.ipv6});
  const auto kept =
      ReadFiling(engine_, kOwn, {FilingTable::kOwnRouting, OwnFilingKey(node_prefix_)});
  if (!kept) return kept.error();
  const auto change = std::make_shared<Change>(now, "node", OperationId{}, Change::Mode::kTogether);
  const std::string body = routing.sites.empty() ? std::string() : EncodeRouting(routing);
  if (!AddPutOwnRouting(*change, node_prefix_, body, *kept)) return {};
  change->Seal();
  const Outcome outcome = ledger_.Commit(change);
  if (outcome.done()) return {};
  return Error{outcome.error(0), "where this node answers could not be put on record"};
}

std::string FilingDesk::Seal(uint32_t child, const FilingName& name, std::string clear) const {
  if (!IsSubject(name.table)) return clear;
  return secrets_.Seal(clear, PlaceOf(child, name));
}

Result<std::string> FilingDesk::Open(uint32_t child, const FilingName& name,
                                     std::string stored) const {
  if (!IsSubject(name.table)) return stored;
  return secrets_.Open(stored, PlaceOf(child, name));
}

Result<FilingDesk::Filed> FilingDesk::Show(const Child& child, const FiledRow& row) const {
  Filed filed{.node_id = child.node_id,
              .prefix = child.prefix,
              .table = row.name.table,
              .key = row.name.key,
              .position = row.position,
              .version = row.version};
  if (IsMetadata(row.name.table) || IsApplication(row.name.table)) {
    auto called = NameInCatalogue(row.name.table, row.body);
    if (!called) return called.error();
    filed.name = *std::move(called);
    return filed;
  }
  if (IsOfDays(row.name.table)) {
    auto document = DocumentOfDayRow(row);
    if (!document) return document.error();
    filed.document = *std::move(document);
    return filed;
  }
  if (IsSubject(row.name.table)) {
    const auto clear = Open(child.number, row.name, row.body);
    if (!clear) return clear.error();
    const auto data = DecodeClear(*clear);
    if (!data) return data.error();
    filed.name = data->self().Text(SubjectField::kOrgName);
    return filed;
  }
  const auto routing = DecodeRouting(row.body);
  if (!routing) return Error{Errc::kCorrupt, routing.error().detail};
  filed.hosted = routing->hosted;
  filed.addresses = AddressesOf(*routing);
  return filed;
}

Result<FilingDesk::Page> FilingDesk::List(const ListRequest& request, const Caller& caller) const {
  const Status begun = acts_.Begin(caller, Act::kListFilings, request.node_id);
  if (!begun) return begun.error();
  const auto children = ListChildren(engine_);
  if (!children) return children.error();
  uint32_t from_child = 0;
  uint8_t from_table = 0;
  std::string after;
  if (!request.after.empty()) {
    const auto octets = FromHex(request.after);
    Reader in(octets ? std::string_view(*octets) : std::string_view());
    from_child = in.U32();
    from_table = in.U8();
    after = in.Rest();
    if (!in.ok()) return Error{Errc::kInvalidCursor, "no page begins there"};
  }
  Page page;
  bool known = request.node_id.empty();
  for (const Child& child : *children) {
    if (!request.node_id.empty() && child.node_id != request.node_id) continue;
    known = true;
    if (child.number < from_child) continue;
    for (const FilingTable table : kFilingTables) {
      if (request.table && table != *request.table) continue;
      const bool same = child.number == from_child;
      if (same && static_cast<uint8_t>(table) < from_table) continue;
      const bool begins = same && static_cast<uint8_t>(table) == from_table;
      Status failed;
      const Status read = EachFiling(engine_, child.number, table, begins ? after : std::string(),
                                     [&](const FiledRow& row) {
                                       if (page.filed.size() == request.count) {
                                         page.next = "more";
                                         return false;
                                       }
                                       auto filed = Show(child, row);
                                       if (!filed) failed = filed.error();
                                       if (filed) page.filed.push_back(*std::move(filed));
                                       return filed.ok();
                                     });
      if (!failed) return failed.error();
      if (!read) return read.error();
      if (page.next.empty()) continue;
      const Filed& last = page.filed.back();
      const auto of = FindChild(engine_, last.node_id);
      if (!of) return of.error();
      page.next = CursorOf(of->number, last.table, last.key);
      return page;
    }
  }
  if (!known) return Error{Errc::kNotFound, "no node below has this id"};
  return page;
}

}  // namespace idnode
