#include <boost/json.hpp>
#include <filesystem>
#include <system_error>

#include "node/rehearsal/rehearsal.h"
#include "proto/base/text.h"
#include "proto/web/printed_page.h"
#include "storage/durable_file.h"

namespace idnode {
namespace {

namespace json = boost::json;

constexpr size_t kLogOctetsMax = 64u << 20;

std::string Both(std::string_view en, std::string_view zh) {
  return std::string(zh).append(" / ").append(en);
}

std::string VerdictText(const RehearsalResult::Item& item) {
  if (!item.is_built) return Both("not built", "尚未实现");
  return Both(NameOf(item.verdict), ChineseOf(item.verdict));
}

std::string Seconds(uint64_t millis) {
  const std::string rest = std::to_string(1'000 + millis % 1'000);
  return std::to_string(millis / 1'000) + "." + rest.substr(1, 2) + " s";
}

std::string_view Outcome(const RehearsalResult& result) {
  if (result.was_interrupted) return "interrupted";
  return result.passed() ? "passed" : "failed";
}

json::object StepJson(const RehearsalResult::Step& step) {
  json::array evidence;
  for (const Evidence::Line& line : step.lines) {
    json::object told{{"what", line.what}, {"found", line.found}};
    if (!line.expected.empty()) {
      told["expected"] = line.expected;
      told["right"] = line.is_right;
    }
    evidence.push_back(std::move(told));
  }
  return {{"en", step.en},
          {"zh", step.zh},
          {"verdict", NameOf(step.verdict)},
          {"milliseconds", step.millis},
          {"evidence", std::move(evidence)}};
}

json::object ItemJson(const RehearsalResult::Item& item) {
  json::array steps;
  for (const RehearsalResult::Step& step : item.steps) steps.push_back(StepJson(step));
  json::object told{{"item", item.number},
                    {"en", item.en},
                    {"zh", item.zh},
                    {"verdict", item.is_built ? NameOf(item.verdict) : "not built"},
                    {"milliseconds", item.millis}};
  if (!item.why_en.empty()) {
    told["lacking_en"] = item.why_en;
    told["lacking_zh"] = item.why_zh;
  }
  told["steps"] = std::move(steps);
  return told;
}

void AddStep(const RehearsalResult::Step& step, PrintedPage& page) {
  page.AddParagraph(Both(step.en, step.zh) + " — " +
                    Both(NameOf(step.verdict), ChineseOf(step.verdict)) + ", " +
                    Seconds(step.millis));
  std::vector<std::vector<PrintedPage::Cell>> rows;
  for (const Evidence::Line& line : step.lines) {
    rows.push_back({line.what, line.found, line.expected, line.is_right ? "" : "✗"});
  }
  static const std::vector<std::string> kColumns = {"内容 What", "结果 Found", "应为 Expected", ""};
  page.AddTable(kColumns, rows);
}

void AddSummary(const RehearsalResult& result, PrintedPage& page) {
  page.BeginSection(Both("Summary", "结果"));
  page.AddParagraph(Both("Node", "节点") + ": " + result.name + " " + result.prefix + ", idnode " +
                    result.version);
  page.AddParagraph(Both("Begun", "开始时间") + ": " + FormatUtc(result.begun.seconds()));
  page.AddParagraph(
      Both("The nodes were made for this rehearsal alone; no data of the operator's was touched. "
           "Passing it does not stand for the official test.",
           "演练节点均为临时创建，未触及运行中的数据；通过演练不代替正式对接测试。"));
  if (!result.where.empty()) {
    const ErrcRow& row = RowOf(result.error.code);
    page.AddParagraph(result.where + ": " + Both(row.en, row.zh) + " (" +
                      std::string(result.error.detail) + ")");
  }
  std::vector<std::vector<PrintedPage::Cell>> rows;
  for (const RehearsalResult::Item& item : result.items) {
    rows.push_back({static_cast<int64_t>(item.number), Both(item.en, item.zh), VerdictText(item),
                    item.is_built ? Seconds(item.millis) : std::string(),
                    item.why_en.empty() ? std::string() : Both(item.why_en, item.why_zh)});
  }
  static const std::vector<std::string> kColumns = {"序号 Item", "内容 What", "结果 Result",
                                                    "用时 Time", "说明 Remarks"};
  page.AddTable(kColumns, rows);
  page.EndSection();
}

}  // namespace

std::string RehearsalJson(const RehearsalResult& result) {
  json::array items;
  for (const RehearsalResult::Item& item : result.items) items.push_back(ItemJson(item));
  json::object document{{"rehearsal", "idnode-rehearsal-1"},
                        {"version", result.version},
                        {"begun", FormatUtc(result.begun.seconds())},
                        {"prefix", result.prefix},
                        {"name", result.name},
                        {"outcome", Outcome(result)},
                        {"passed", result.CountOf(Verdict::kPassed)},
                        {"failed", result.CountOf(Verdict::kFailed)}};
  if (!result.where.empty()) {
    document["not_started"] = {{"node", result.where},
                               {"code", RowOf(result.error.code).name},
                               {"detail", result.error.detail}};
  }
  document["items"] = std::move(items);
  return json::serialize(document);
}

std::string RehearsalHtml(const RehearsalResult& result) {
  PrintedPage page(Both("Rehearsal of docking", "对接演练报告"));
  AddSummary(result, page);
  for (const RehearsalResult::Item& item : result.items) {
    if (!item.is_built) continue;
    page.BeginSection(std::to_string(item.number) + ". " + Both(item.en, item.zh) + " — " +
                      VerdictText(item));
    for (const RehearsalResult::Step& step : item.steps) AddStep(step, page);
    page.EndSection();
  }
  return std::move(page).Finish();
}

Status WriteRehearsalReport(const RehearsalResult& result, Stage& stage,
                            const std::string& folder) {
  std::error_code error;
  const bool keeps_logs = !result.passed();
  std::filesystem::create_directories(keeps_logs ? folder + "/logs" : folder, error);
  if (error) return Error{Errc::kIo, "the folder of the report cannot be made"};
  if (const Status done = WriteFileDurably(folder + "/report.json", RehearsalJson(result)); !done) {
    return done;
  }
  if (const Status done = WriteFileDurably(folder + "/report.html", RehearsalHtml(result)); !done) {
    return done;
  }
  if (!keeps_logs) return {};
  for (const RehearsedNode& node : stage.nodes()) {
    const auto log = ReadWholeFile(node.log_file(), kLogOctetsMax);
    if (!log) continue;  // It was never started.
    const Status done = WriteFileDurably(folder + "/logs/" + node.name() + ".log", *log);
    if (!done) return done;
  }
  return {};
}

}  // namespace idnode
