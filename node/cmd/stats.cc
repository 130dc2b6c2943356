#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
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
  std::string day, zone;
  uint32_t after = 0, child = 0;
  bool json = false;
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
                         {"head", "HEAD"},
                         {"takeover_due", "TAKEOVER 接管"}}),
                   stats.at("children").as_array());
}

boost::json::object DayLine(const boost::json::object& row) {
  boost::json::object line = row;
  const auto& sources = row.at("sources").as_array();
  if (!sources.empty()) {
    const boost::json::object& most = sources.front().as_object();
    line["most"] = std::string(std::string_view(most.at("ip").as_string())) + " " +
                   boost::json::serialize(most.at("count"));
  }
  return line;
}

void PrintDay(const boost::json::object& document) {
  boost::json::object head;
  for (const char* name : {"rules", "day", "zone", "from", "until"}) {
    head[name] = document.at(name);
  }
  for (const char* group : {"enterprises", "province"}) {
    for (const auto& member : document.at(group).as_object()) head[member.key()] = member.value();
  }
  PrintObject(OutputFormat::kTable, head);
  const std::vector<RowPrinter::Column> columns = {{"day_registrations", "NEW 当日"},
                                                   {"total_registrations", "TOTAL 总量"},
                                                   {"day_requests", "REQUESTS 请求"},
                                                   {"day_success", "RESOLVED 成功"},
                                                   {"unique_identifiers", "IDENTIFIERS 标识"},
                                                   {"most", "MOST BY 最多来源"},
                                                   {"sources_rest", "REST 其余"}};
  PrintMessage("\nTable 3: prefixes 表三（企业前缀）");
  PrintEvaluations(columns, {DayLine(document.at("table_3").as_object())});
  auto of_enterprises = columns;
  of_enterprises.insert(of_enterprises.begin(), {"code", "CODE"});
  boost::json::array rows;
  for (const boost::json::value& row : document.at("table_8").as_array()) {
    rows.push_back(DayLine(row.as_object()));
  }
  PrintMessage("\nTable 8: identifiers 表八（标识）");
  PrintEvaluations(of_enterprises, rows);
  PrintMessage("");
  PrintEvaluations({{"traffic_class", "CLASS 类别"}, {"outcome", "OUTCOME 结果"}, {"sum", "SUM"}},
                   document.at("classes").as_array());
}

int RunDay(const Options& options, const GlobalOptions& global) {
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global, exit_code);
  if (node == nullptr) return exit_code;
  v1::GetDayRequest request;
  request.set_day(options.day);
  request.set_zone(options.zone);
  request.set_after(options.after);
  request.set_child(options.child);
  auto reply = node->GetDay(request);
  if (!reply) return Refused("stats", reply.problem());
  // As it came: an auditor's own comes to the same octets.
  if (options.json || global.output == OutputFormat::kJson) {
    fmt::print("{}\n", reply->json());
    return kExitOk;
  }
  boost::system::error_code failure;
  const boost::json::value document = boost::json::parse(reply->json(), failure);
  if (failure || !document.is_object()) {
    return Refused("stats", Error{Errc::kMalformed, "the node's answer is no document"});
  }
  if (global.output == OutputFormat::kTable) {
    PrintDay(document.as_object());
  } else {
    PrintObject(global.output, document.as_object());
  }
  return kExitOk;
}

int RunStats(const Options& options, const GlobalOptions& global) {
  if (!options.day.empty()) return RunDay(options, global);
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
  CLI::Option* day =
      app.add_option("--day", options->day, "Tables 3 and 8 of a day, yyyy-mm-dd / 某日统计表");
  app.add_option("--zone", options->zone, "Of the day: Asia/Shanghai (default) or UTC / 时区")
      ->needs(day);
  app.add_option("--after", options->after, "Table 8 from the enterprise after this one on / 续页")
      ->needs(day);
  app.add_option("--child", options->child, "The day of this node below / 下级节点编号")
      ->needs(day);
  app.add_flag("--json", options->json, "The day's document as it is / 原样输出 JSON")->needs(day);
  return [options, &global] { return RunStats(*options, global); };
}

}  // namespace idnode
