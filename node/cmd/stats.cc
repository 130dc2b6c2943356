#include <boost/json/array.hpp>
#include <memory>

#include "node/cmd/command.h"
#include "node/cmd/output.h"
#include "node/cmd/session.h"
#include "node/cmd/stats_json.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

struct Options {
  bool enterprises = false;
  uint32_t hours = 0;
};

void PrintEvaluations(const std::vector<RowPrinter::Column>& columns,
                      const boost::json::array& rows) {
  if (rows.empty()) return;
  PrintMessage("");
  RowPrinter printer(OutputFormat::kTable, columns);
  for (const boost::json::value& row : rows) printer.Add(row.as_object());
  printer.Finish();
}

void PrintTables(const boost::json::object& stats) {
  boost::json::object head;
  for (const auto& member : stats) {
    if (!member.value().is_array() && !member.value().is_object()) {
      head[member.key()] = member.value();
    }
  }
  for (const auto& member : stats.at("evaluation").as_object()) head[member.key()] = member.value();
  if (const auto* upstream = stats.if_contains("upstream")) {
    for (const auto& member : upstream->as_object()) {
      if (!member.value().is_object()) {
        head["upstream_" + std::string(member.key())] = member.value();
      }
    }
  }
  PrintObject(OutputFormat::kTable, head);
  const std::vector<RowPrinter::Column> figures = {{"registered", "REGISTERED 注册量"},
                                                   {"resolutions", "RESOLVED 解析量"},
                                                   {"resolution_requests", "REQUESTS 请求量"},
                                                   {"connected_enterprises", "ENTERPRISES 企业"},
                                                   {"allocated", "ALLOCATED 号段成员"}};
  const auto with = [&](std::vector<RowPrinter::Column> columns) {
    columns.insert(columns.end(), figures.begin(), figures.end());
    return columns;
  };
  PrintEvaluations(with({{"number", "NUMBER"}, {"code", "CODE"}, {"name", "NAME"}}),
                   stats.at("enterprises").as_array());
  PrintEvaluations(with({{"hour", "HOUR (UTC)"}}), stats.at("hours").as_array());
  PrintEvaluations(with({{"number", "CHILD"},
                         {"name", "NAME"},
                         {"prefix", "PREFIX"},
                         {"connected", "UP"},
                         {"head", "HEAD"}}),
                   stats.at("children").as_array());
}

int RunStats(const Options& options, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global, exit_code);
  if (node == nullptr) return exit_code;
  v1::GetStatsRequest request;
  request.set_enterprises(options.enterprises);
  request.set_hours(options.hours);
  auto reply = node->GetStats(request);
  if (!reply) return Refused("stats", reply.problem());
  const boost::json::object stats = StatsJson(*reply);
  if (global.output == OutputFormat::kTable) {
    PrintTables(stats);
  } else {
    PrintObject(global.output, stats);
  }
  return kExitOk;
}

}  // namespace

Run DeclareStats(CLI::App& app, const GlobalOptions& global) {
  auto options = std::make_shared<Options>();
  app.add_flag("--enterprises", options->enterprises, "Per enterprise / 分企业");
  app.add_option("--hours", options->hours, "The last N hours / 最近小时数")
      ->check(CLI::Range(1, 24 * 400));
  return [options, &global] { return RunStats(*options, global); };
}

}  // namespace idnode
