#include "node/service/figures.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "storage/chain.h"
#include "storage/day_tables.h"

namespace idnode {
namespace {

constexpr uint32_t kHoursMax = 24 * 400;

std::vector<EnterpriseFigures> EachEnterprise(const DirectoryView& directory, const Sums& totals) {
  std::set<uint32_t> with_prefix;
  directory.EachPrefix([&](const AllottedPrefix& prefix) {
    if (prefix.state == PrefixState::kActive) with_prefix.insert(prefix.enterprise);
  });
  std::vector<EnterpriseFigures> figures;
  figures.reserve(directory.enterprise_count());
  directory.EachEnterprise([&](const Enterprise& enterprise) {
    const bool connected =
        enterprise.state == EnterpriseState::kActive && with_prefix.contains(enterprise.number);
    figures.push_back({enterprise, EvaluationOf(totals, enterprise.number, connected ? 1 : 0)});
  });
  return figures;
}

// The last `count` hours up to that of `now`, newest last; also those in which nothing happened.
// How many enterprises were connected in the past is not kept by hour: 0.
Result<std::vector<HourFigures>> EachHour(const Rows& rows, uint32_t count, Time now) {
  const uint32_t until = now.hour() + 1;
  const uint32_t from = until - std::min(count, until);
  std::vector<Sums> sums(until - from);
  for (const MetricName& metric : kMetricNames) {
    const auto read = ReadHours(rows, kOwn, metric.metric, kAllEnterprises, from, until);
    if (!read) return read.error();
    for (const HourSum& sum : *read) sums[sum.hour - from][sum.figure] += sum.sum;
  }
  std::vector<HourFigures> figures;
  figures.reserve(sums.size());
  for (uint32_t hour = from; hour < until; ++hour) {
    figures.push_back({hour, EvaluationOf(sums[hour - from], kAllEnterprises, 0)});
  }
  return figures;
}

Result<std::vector<ChildFigures>> EachChild(const Rows& rows, const Peers& peers) {
  const auto present = peers.children ? peers.children() : std::vector<Peers::Presence>{};
  const auto children = ListChildren(rows);
  if (!children) return children.error();
  std::unordered_map<std::string_view, const Peers::Presence*> presence;
  for (const Peers::Presence& peer : present) presence.emplace(peer.node_id, &peer);

  std::vector<ChildFigures> figures;
  figures.reserve(children->size());
  for (const Child& child : *children) {
    const auto totals = ReadTotalsOverAll(rows, child.number);
    if (!totals) return totals.error();
    const auto connected = ConnectedEnterprises(rows, child.number);
    if (!connected) return connected.error();
    ChildFigures one{.child = child};
    one.evaluation = EvaluationOf(*totals, kAllEnterprises, *connected);
    if (const auto peer = presence.find(child.node_id); peer != presence.end()) {
      one.connected = peer->second->connected;
      one.last_seen = peer->second->last_seen;
    }
    if (peers.probes) one.probes = peers.probes(child.node_id);
    figures.push_back(std::move(one));
  }
  return figures;
}

}  // namespace

Result<std::string> Figures::DocumentOfDay(const DayRequest& request) const {
  const auto zone = ParseDayZone(request.zone);
  if (!zone) return zone.error();
  auto day = ParseDay(request.day, *zone);
  if (!day) return day.error();
  const auto rows = store_.engine().OpenView();
  if (request.child != kOwn) {
    if (const auto child = ReadChild(*rows, request.child); !child) return child.error();
  }
  const auto tables = ReadDayTables(*rows, request.child, {*std::move(day), request.after});
  if (!tables) return tables.error();
  return DayDocument(*tables);
}

Result<NodeFigures> Figures::Collect(const FiguresRequest& request, Time now) const {
  if (request.hours > kHoursMax) return Error{Errc::kTooLarge, "at most 9600 hours"};
  NodeFigures figures{.identity = store_.identity(), .now = now};
  const auto rows = store_.engine().OpenView();
  const auto directory = store_.directory().View();
  // Of the same moment as the sums, so that whoever folds the log so far comes to the same.
  const auto applied = ReadApplied(*rows);
  if (!applied) return applied.error();
  figures.tree = {applied->tree.size(), applied->tree.Root()};
  figures.head = applied->position;

  auto totals = ReadTotals(*rows, kOwn);
  if (!totals) return totals.error();
  figures.evaluation = EvaluationOf(*totals, kAllEnterprises,
                                    static_cast<int64_t>(directory->connected_enterprises()));
  if (request.enterprises) figures.enterprises = EachEnterprise(*directory, *totals);
  std::erase_if(*totals, [](const auto& sum) { return sum.first.enterprise != kAllEnterprises; });
  figures.totals = *std::move(totals);
  if (request.hours > 0) {
    auto hours = EachHour(*rows, request.hours, now);
    if (!hours) return hours.error();
    figures.hours = *std::move(hours);
  }
  auto children = EachChild(*rows, peers_);
  if (!children) return children.error();
  figures.children = *std::move(children);
  if (peers_.upstream) figures.upstream = peers_.upstream();
  return figures;
}

}  // namespace idnode
