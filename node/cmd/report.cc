#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <memory>

#include "node/cmd/command.h"
#include "node/cmd/output.h"
#include "node/cmd/session.h"
#include "node/cmd/stats_json.h"
#include "node/service/figures.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

namespace json = boost::json;

// A line of the evaluation (P-SD art. 15(2) and annex 3): the threshold, the node's own figure, and
// the same figure as the node above acknowledged it.
struct Criterion {
  std::string_view name, en, zh;
  int64_t threshold;
  int weight_percent;
  int64_t own;
  bool acknowledged_known;
  int64_t acknowledged;

  // A figure counts as far as the node above has it too.
  bool met() const {
    return own >= threshold && (!acknowledged_known || acknowledged >= threshold);
  }
};

std::vector<Criterion> CriteriaOf(const v1::Stats& stats) {
  const v1::Evaluation& own = stats.evaluation();
  const bool known = stats.has_upstream() && stats.upstream().has_acknowledged_evaluation();
  const v1::Evaluation& upper = stats.upstream().acknowledged_evaluation();
  return {{"registered", "registered identifiers", "标识注册量", kRegisteredThreshold, 30,
           own.registered(), known, upper.registered()},
          {"resolutions", "resolutions (external, found)", "标识解析量", kResolvedThreshold, 40,
           own.resolutions(), known, upper.resolutions()},
          {"connected_enterprises", "connected enterprises", "接入企业数", kEnterprisesThreshold,
           10, own.connected_enterprises(), known, upper.connected_enterprises()}};
}

json::object CriterionJson(const Criterion& criterion) {
  json::object row = {{"criterion", fmt::format("{} {}", criterion.zh, criterion.en)},
                      {"name", criterion.name},
                      {"weight_percent", criterion.weight_percent},
                      {"threshold", criterion.threshold},
                      {"own", criterion.own},
                      {"met", criterion.met()}};
  if (criterion.acknowledged_known) {
    row["acknowledged"] = criterion.acknowledged;
  } else {
    row["acknowledged"] = nullptr;
  }
  return row;
}

bool Docked(const v1::Stats& stats) { return stats.has_upstream() && stats.upstream().connected(); }

json::object ReportJson(const v1::Stats& stats) {
  json::object report = {{"node_id", stats.node_id()},
                         {"prefix", stats.prefix()},
                         {"time", FormatUtc(stats.now_ms() / 1000)},
                         {"rules", stats.rules()},
                         {"head", stats.head()},
                         {"tree_size", stats.tree_size()},
                         {"tree_root", ToHex(stats.tree_root())},
                         {"docked", Docked(stats)},
                         {"allocated", stats.evaluation().allocated()}};
  if (stats.has_upstream()) {
    report["acknowledged_position"] = stats.upstream().acknowledged();
    report["lag"] = stats.upstream().lag();
  }
  json::array criteria;
  bool eligible = Docked(stats);
  for (const Criterion& criterion : CriteriaOf(stats)) {
    eligible = eligible && criterion.met();
    criteria.push_back(CriterionJson(criterion));
  }
  report["criteria"] = std::move(criteria);
  report["eligible"] = eligible;
  return report;
}

void PrintTable(const json::object& report) {
  json::object head;
  for (const auto& member : report) {
    if (!member.value().is_array()) head[member.key()] = member.value();
  }
  PrintObject(OutputFormat::kTable, head);
  fmt::print("\n");
  std::fflush(stdout);
  RowPrinter printer(OutputFormat::kTable, {{"criterion", "CRITERION 指标"},
                                            {"weight_percent", "WEIGHT 权重 %"},
                                            {"threshold", "THRESHOLD 门槛"},
                                            {"own", "THIS NODE 本节点"},
                                            {"acknowledged", "NODE ABOVE 上级确认"},
                                            {"met", "MET 达标"}});
  for (const json::value& row : report.at("criteria").as_array()) printer.Add(row.as_object());
  printer.Finish();
  fmt::print(
      "\nConstruction and application (建设及应用情况, 20 %) is judged by its text. Every figure "
      "can be recomputed: idnode recount.\n");
}

int RunReport(const GlobalOptions& global) {
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global, exit_code);
  if (node == nullptr) return exit_code;
  auto reply = node->GetStats(v1::GetStatsRequest());
  if (!reply) return Refused("report", reply.problem());
  const json::object report = ReportJson(*reply);
  if (global.output == OutputFormat::kTable) {
    PrintTable(report);
  } else {
    PrintObject(global.output, report);
  }
  return kExitOk;
}

}  // namespace

Run DeclareReport(CLI::App&, const GlobalOptions& global) {
  return [&global] { return RunReport(global); };
}

}  // namespace idnode
