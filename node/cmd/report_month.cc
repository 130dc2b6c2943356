#include "node/cmd/report_month.h"

#include <fmt/format.h>

#include <memory>
#include <string>

#include "node/client/supervision_client.h"
#include "node/cmd/open_supervision.h"
#include "node/cmd/output.h"
#include "node/cmd/session.h"
#include "node/dossier/month_report.h"
#include "node/runtime/clock.h"
#include "storage/day_filing.h"
#include "storage/durable_file.h"

namespace idnode {
namespace {

struct Options {
  std::string month, html, json;
  uint32_t child = 0;
};

int Write(const std::string& path, const std::string& octets) {
  if (path.empty()) return kExitOk;
  if (const Status written = WriteFileDurably(path, octets); !written) {
    return Refused(path, written.error());
  }
  PrintMessage(fmt::format("{}: {} octets", path, octets.size()));
  return kExitOk;
}

int RunMonth(const Options& options, const GlobalOptions& global) {
  const auto span = SpanOfMonthReport(options.month);
  if (!span) return Refused(options.month, span.error());
  int exit_code = kExitOk;
  const auto node = OpenSupervision(global, exit_code);
  if (node == nullptr) return exit_code;
  v1::GetMonitoredDaysRequest request;
  request.set_from(span->from);
  request.set_until(span->until);
  request.set_child(options.child);
  auto reply = node->GetMonitoredDays(request);
  if (!reply) return Refused("report month", reply.problem());
  const auto report = MakeMonthReport(options.month, reply->json());
  if (!report) return Refused("report month", report.error());
  const std::string document = MonthReportJson(*report);
  if (options.html.empty() && options.json.empty()) fmt::print("{}\n", document);
  if (const int failed = Write(options.html, MonthReportHtml(*report)); failed) return failed;
  if (const int failed = Write(options.json, document + "\n"); failed) return failed;
  if (DayText(ShanghaiDayOf(Now())) > report->due) {
    PrintMessage(fmt::format("{}: due on {}: late / 已超过报送期限", options.month, report->due));
  } else {
    PrintMessage(fmt::format("{}: due on {} / 报送期限", options.month, report->due));
  }
  if (!report->missing.empty()) {
    PrintMessage(fmt::format("{}: {} days without data / 缺少数据的天数", options.month,
                             report->missing.size()));
  }
  return kExitOk;
}

}  // namespace

void DeclareReportMonth(CLI::App& app, const GlobalOptions& global, Run& run) {
  const auto options = std::make_shared<Options>();
  CLI::App* month = app.add_subcommand(
      "month", "Write the monthly operation report. 生成二级节点系统运行月度报告。");
  month->add_option("month", options->month, "2026-10 / 月份")->required();
  month->add_option("--html", options->html, "A file to write / 输出 HTML 文件")
      ->option_text("FILE");
  month->add_option("--json", options->json, "A file to write / 输出 JSON 文件")
      ->option_text("FILE");
  month->add_option("--child", options->child, "Number of a node below / 下级节点编号");
  month->callback([options, &global, &run] {
    run = [options, &global] { return RunMonth(*options, global); };
  });
}

}  // namespace idnode
