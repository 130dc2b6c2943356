#include "node/service/child_routes.h"

#include <utility>

#include "proto/base/limits.h"
#include "proto/base/reader.h"
#include "proto/ident/handle_name.h"
#include "proto/record/record.h"
#include "storage/keyspace.h"

namespace idnode {
namespace {

constexpr Error kNowhere{Errc::kNotFound, "no node below serves the prefix"};
constexpr Error kSuspended{Errc::kPrefixInactive, "the prefix is suspended"};

// The row of a child, without version; nothing: there is none.
Result<std::optional<std::string>> ReadChildRow(const Rows& rows, const std::string& key,
                                                Reach reach) {
  std::string row;
  const auto found = rows.Get(Table::kChildren, key, reach, row);
  if (!found) return found.error();
  if (!*found) return std::optional<std::string>();
  const auto split = SplitVersion(row);
  if (!split) return split.error();
  return std::optional(std::string(split->body));
}

}  // namespace

Result<std::unique_ptr<ChildRoutes>> ChildRoutes::Open(const Engine& engine,
                                                       const Directory& directory) {
  const auto children = ListChildren(engine);
  if (!children) return children.error();
  ByPrefix by_prefix;
  for (const Child& child : *children) {
    auto& known = by_prefix[child.prefix];
    known.insert(known.begin(), {child.number, child.docked});
  }
  std::unique_ptr<ChildRoutes> routes(new ChildRoutes(engine, directory));
  routes->any_ = !children->empty();
  routes->children_.Swap(std::make_shared<const ByPrefix>(std::move(by_prefix)));
  return routes;
}

void ChildRoutes::OnApplied(const Change& change, std::span<const uint8_t> done, Position) {
  const auto items = change.items();
  for (size_t i = 0; i < items.size(); ++i) {
    if (!done[i] || items[i].kind != EventKind::kChildPut) continue;
    Reader key(change.Text(items[i].key)), body(change.Text(items[i].body));
    (void)key.U8();
    const uint32_t number = key.U32();
    (void)body.Text16(UINT16_MAX);  // Node id.
    (void)body.Text16(UINT16_MAX);  // Name.
    const std::string prefix(body.Text16(UINT16_MAX));
    if (!key.AtEnd() || !body.AtEnd()) continue;
    auto children = std::make_shared<ByPrefix>(*children_.Read());
    auto& known = (*children)[prefix];
    known.insert(known.begin(), {number, change.time()});
    children_.Swap(std::move(children));
    any_ = true;
  }
}

// What our own directory says of the prefix and of those that it is derived from.
Status ChildRoutes::CheckOwn(std::string_view prefix, uint32_t& enterprise) const {
  const auto view = directory_.View();
  for (std::string_view each = prefix; !each.empty(); each = ParentPrefix(each)) {
    const AllottedPrefix* allotted = view->FindPrefix({Scheme::kHandle, std::string(each)});
    if (allotted == nullptr) continue;
    if (enterprise == kNoEnterprise) enterprise = allotted->enterprise;
    const Enterprise* holder = view->FindEnterprise(allotted->enterprise);
    if (allotted->state == PrefixState::kSuspended ||
        (holder != nullptr && holder->state != EnterpriseState::kActive)) {
      return kSuspended;
    }
  }
  return {};
}

// What the node below says of a prefix that it allotted, by its log.
Status ChildRoutes::CheckChilds(uint32_t child, std::string_view prefix, Reach reach) const {
  const auto row = ReadChildRow(
      engine_, keyspace::ChildPrefix(child, static_cast<char>(Scheme::kHandle), prefix), reach);
  if (!row) return row.error();
  if (!*row) return {};
  const auto allotted = DecodePrefix(**row);
  if (!allotted) return Error{Errc::kCorrupt, allotted.error().detail};
  if (allotted->state == PrefixState::kSuspended) return kSuspended;
  const auto held =
      ReadChildRow(engine_, keyspace::ChildEnterprise(child, allotted->enterprise), reach);
  if (!held) return held.error();
  if (!*held) return {};
  const auto holder = DecodeEnterprise(**held);
  if (!holder) return Error{Errc::kCorrupt, holder.error().detail};
  return holder->state == EnterpriseState::kActive ? Status() : kSuspended;
}

// The row that says where `prefix` is served, with the sites; a child's own prefix is where it is.
Result<std::optional<FiledRow>> ChildRoutes::RowOf(const Known& child,
                                                   std::string_view child_prefix,
                                                   std::string_view prefix, Reach reach) const {
  const FilingName own{FilingTable::kOwnRouting, OwnFilingKey(child_prefix)};
  if (child_prefix == prefix) return ReadFiling(engine_, child.number, own, reach);
  auto row =
      ReadFiling(engine_, child.number, {FilingTable::kRouting, OwnFilingKey(prefix)}, reach);
  if (!row || !*row) return row;
  const auto routing = DecodeRouting((*row)->body);
  if (!routing) return Error{Errc::kCorrupt, routing.error().detail};
  if (!routing->hosted) return row;
  auto site = ReadFiling(engine_, child.number, own, reach);
  if (!site || !*site) return site;
  (*row)->body = std::move((*site)->body);
  return row;
}

std::vector<uint32_t> ChildRoutes::ChildrenOf(std::string_view prefix) const {
  std::vector<uint32_t> numbers;
  const auto children = children_.Read();
  const auto known = children->find(prefix);
  if (known == children->end()) return numbers;
  for (const Known& each : known->second) numbers.push_back(each.number);
  return numbers;
}

Result<ChildRoutes::Route> ChildRoutes::FindFiled(std::string_view prefix, Reach reach) const {
  if (!any() || prefix.size() > limits::kPrefixOctetsMax) return kNowhere;
  const auto children = children_.Read();
  for (std::string_view above = prefix; !above.empty(); above = ParentPrefix(above)) {
    const auto at = children->find(above);
    if (at == children->end()) continue;
    for (const Known& child : at->second) {
      auto row = RowOf(child, above, prefix, reach);
      if (!row) return row.error();
      if (!*row) continue;
      const Status active = above == prefix ? Status() : CheckChilds(child.number, prefix, reach);
      if (!active && active.error().code != Errc::kPrefixInactive) return active.error();
      return Route{**std::move(row), child.docked, kNoEnterprise, !active};
    }
  }
  return kNowhere;
}

bool ChildRoutes::MayServe(std::string_view prefix) const {
  if (!any() || prefix.size() > limits::kPrefixOctetsMax) return false;
  const auto children = children_.Read();
  for (; !prefix.empty(); prefix = ParentPrefix(prefix)) {
    if (children->contains(prefix)) return true;
  }
  return false;
}

Result<ChildRoutes::Route> ChildRoutes::Find(std::string_view prefix, Reach reach) const {
  auto route = FindFiled(prefix, reach);
  if (!route) return route;
  if (route->suspended_below) return kSuspended;
  if (const Status active = CheckOwn(prefix, route->enterprise); !active) return active.error();
  return route;
}

Result<Registry::Found> RoutedPrefix(const ChildRoutes::Route& route, std::string& octets) {
  const auto routing = DecodeRouting(route.row.body);
  if (!routing) return Error{Errc::kCorrupt, routing.error().detail};
  Record record{.enterprise = route.enterprise,
                .created = route.docked.seconds(),
                .modified = route.docked.seconds(),
                .text = {},
                .values = {}};
  for (const RoutingSite& site : routing->sites) {
    const auto index = static_cast<uint32_t>(record.values.size() + 1);
    record.values.push_back(
        {.index = index, .type = site.type, .data = site.data, .references = {}});
  }
  octets.clear();
  EncodeRecord(record, octets);
  const auto view = RecordView::Parse(octets);
  if (!view) return view.error();
  return Registry::Found{route.row.version, *view};
}

}  // namespace idnode
