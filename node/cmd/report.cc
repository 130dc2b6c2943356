#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <memory>

#include "node/cmd/command.h"
#include "node/cmd/output.h"
#include "node/cmd/report_month.h"
#include "node/cmd/session.h"
#include "node/cmd/stats_json.h"
#include "proto/base/text.h"
#include "storage/evaluation_rules.h"

namespace idnode {
namespace {

namespace json = boost::json;

// A line of the evaluation: the threshold, the node's own figure, and the same figure as the node
// above acknowledged it.
struct Criterion {
  const EvaluationCriterion* rule;
  int64_t own;
  bool acknowledged_known;
  int64_t acknowledged;

  // A figure counts as far as the node above has it too.
  bool met() const {
    return own >= rule->threshold && (!acknowledged_known || acknowledged >= rule->threshold);
  }
};

Evaluation EvaluationFrom(const v1::Evaluation& message) {
  return {.registered = message.registered(),
          .resolutions = message.resolutions(),
          .connected_enterprises = message.connected_enterprises()};
}

std::vector<Criterion> CriteriaOf(const v1::Stats& stats) {
  const Evaluation own = EvaluationFrom(stats.evaluation());
  const bool known = stats.has_upstream() && stats.upstream().has_acknowledged_evaluation();
  const Evaluation upper = EvaluationFrom(stats.upstream().acknowledged_evaluation());
  std::vector<Criterion> criteria;
  for (const EvaluationCriterion& rule : kEvaluationCriteria) {
    criteria.push_back({&rule, own.*rule.figure, known, upper.*rule.figure});
  }
  return criteria;
}

json::object CriterionJson(const Criterion& criterion) {
  json::object row = {{"criterion", fmt::format("{} {}", criterion.rule->zh, criterion.rule->en)},
                      {"name", criterion.rule->name},
                      {"weight_percent", criterion.rule->weight_percent},
                      {"threshold", criterion.rule->threshold},
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

Run DeclareReport(CLI::App& app, const GlobalOptions& global) {
  const auto run = std::make_shared<Run>([&global] { return RunReport(global); });
  app.require_subcommand(0, 1);
  DeclareReportMonth(app, global, *run);
  return [run] { return (*run)(); };
}

}  // namespace idnode
