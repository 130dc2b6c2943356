#include "node/cmd/stats_json.h"

#include <boost/json/array.hpp>

#include "proto/base/text.h"

namespace idnode {
namespace {

namespace json = boost::json;

void Merge(json::object& into, const v1::Evaluation& evaluation) {
  for (const auto& member : EvaluationJson(evaluation)) into[member.key()] = member.value();
}

std::string TimeText(uint64_t ms) { return ms == 0 ? "" : FormatUtc(ms / 1000); }

json::object UpstreamJson(const v1::UpstreamStats& upstream) {
  json::object object = {{"address", upstream.address()},
                         {"connected", upstream.connected()},
                         {"acknowledged", upstream.acknowledged()},
                         {"lag", upstream.lag()},
                         {"last_acknowledged", TimeText(upstream.last_acknowledged_ms())}};
  if (!upstream.problem().empty()) object["problem"] = upstream.problem();
  if (upstream.set_back_ms() != 0) {
    object["set_back"] = TimeText(upstream.set_back_ms());
    object["set_back_from"] = upstream.set_back_from();
    object["set_back_to"] = upstream.set_back_to();
  }
  if (upstream.has_acknowledged_evaluation()) {
    object["acknowledged_evaluation"] = EvaluationJson(upstream.acknowledged_evaluation());
  }
  return object;
}

}  // namespace

json::object EvaluationJson(const v1::Evaluation& evaluation) {
  return {{"registered", evaluation.registered()},
          {"registered_gross", evaluation.registered_gross()},
          {"resolutions", evaluation.resolutions()},
          {"resolution_requests", evaluation.resolution_requests()},
          {"connected_enterprises", evaluation.connected_enterprises()},
          {"allocated", evaluation.allocated()}};
}

json::object StatsJson(const v1::Stats& stats) {
  json::object object = {{"node_id", stats.node_id()},
                         {"role", stats.role()},
                         {"prefix", stats.prefix()},
                         {"head", stats.head()},
                         {"tree_size", stats.tree_size()},
                         {"tree_root", ToHex(stats.tree_root())},
                         {"rules", stats.rules()},
                         {"time", TimeText(stats.now_ms())},
                         {"evaluation", EvaluationJson(stats.evaluation())}};
  json::array figures, enterprises, hours, children;
  for (const v1::Figure& figure : stats.figures()) {
    figures.push_back({{"metric", figure.metric()},
                       {"traffic_class", figure.traffic_class()},
                       {"outcome", figure.outcome()},
                       {"sum", figure.sum()}});
  }
  for (const v1::EnterpriseStats& enterprise : stats.enterprises()) {
    json::object row = {
        {"number", enterprise.number()}, {"code", enterprise.code()}, {"name", enterprise.name()}};
    Merge(row, enterprise.evaluation());
    enterprises.push_back(std::move(row));
  }
  for (const v1::HourStats& hour : stats.hours()) {
    json::object row = {{"hour", FormatUtc(uint64_t{hour.hour()} * 3600)}};
    Merge(row, hour.evaluation());
    hours.push_back(std::move(row));
  }
  for (const v1::ChildStats& child : stats.children()) {
    json::object row = {{"number", child.number()},
                        {"node_id", child.node_id()},
                        {"name", child.name()},
                        {"prefix", child.prefix()},
                        {"head", child.head()},
                        {"connected", child.connected()},
                        {"last_seen", TimeText(child.last_seen_ms())},
                        {"probes", child.probes().resolution() + child.probes().registration()},
                        {"probes_failed",
                         child.probes().resolution_failed() + child.probes().registration_failed()},
                        {"takeover_due", child.probes().takeover_due()}};
    Merge(row, child.evaluation());
    children.push_back(std::move(row));
  }
  object["figures"] = std::move(figures);
  object["enterprises"] = std::move(enterprises);
  object["hours"] = std::move(hours);
  object["children"] = std::move(children);
  if (stats.has_upstream()) object["upstream"] = UpstreamJson(stats.upstream());
  return object;
}

}  // namespace idnode
