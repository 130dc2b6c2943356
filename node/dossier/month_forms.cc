#include "node/dossier/dossier.h"
#include "node/dossier/month_report.h"
#include "node/dossier/sheets.h"
#include "proto/web/json_writer.h"

// The forms of the monthly report.
namespace idnode {
namespace {

constexpr std::string_view kTitle = "二级节点系统运行月度报告";
constexpr uint64_t kMicrosPerHour = 3'600'000'000;

// 1500, 3 -> "1.500".
std::string Decimals(uint64_t number, size_t places) {
  std::string digits = std::to_string(number);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  return digits.insert(digits.size() - places, ".");
}

std::string Percent(const std::optional<int64_t>& hundredths) {
  return hundredths ? HundredthsText(*hundredths) + " %" : "无数据 no data";
}
std::string Millis(const std::optional<uint64_t>& micros) {
  return micros ? Decimals(*micros, 3) : "无数据 no data";
}
// Six decimals, rounded to the nearest.
std::string Hours(const std::optional<uint64_t>& micros) {
  if (!micros) return "无数据 no data";
  constexpr uint64_t kMillionth = kMicrosPerHour / 1'000'000;
  return Decimals((*micros + kMillionth / 2) / kMillionth, 6);
}
std::string HoursOf(uint64_t seconds) {
  return HundredthsText(static_cast<int64_t>(seconds * 100 / 3'600));
}

uint64_t MeanSeconds(const MonthReport& report) {
  uint64_t sum = 0, of = 0;
  for (const auto& month : report.months) {
    if (month.days_known == 0) continue;
    sum += month.seconds_up;
    ++of;
  }
  return of == 0 ? 0 : sum / of;
}

DossierSheet SummarySheet(const MonthReport& report) {
  const MonthReport::Month& month = report.months.back();
  DossierSheet sheet{.name = "概述", .title = "一、概述 Summary"};
  sheet.paragraphs = {
      "节点前缀 Prefix: " + report.prefix + "; 月份 Month: " + month.name +
          "; 整体 SLA Overall SLA: " + Percent(month.sla),
      "报送期限 Due: " + report.due +
          "（次月第 10 个工作日，按周一至周五计，未计法定节假日调整）the tenth working day of the "
          "next month, Monday to Friday; public holidays are not known here."};
  if (!report.missing.empty()) {
    std::string days;
    for (const std::string& day : report.missing) days.append(days.empty() ? "" : "、").append(day);
    sheet.paragraphs.push_back("缺少数据的日期 Days without data: " + days);
  }
  return sheet;
}

DossierSheet SlaSheet(const MonthReport& report) {
  DossierSheet sheet{.name = "SLA", .title = "表 1 近六个月 SLA Service level of six months"};
  sheet.columns = {"月份 Month", "SLA", "有数据的天数 Days known", "天数 Days"};
  for (const auto& month : report.months) {
    sheet.rows.push_back(
        {month.name, Percent(month.sla), int64_t{month.days_known}, int64_t{month.days}});
  }
  sheet.rows.push_back(
      {std::string("平均 Mean"), Percent(report.sla_mean), std::string(), std::string()});
  return sheet;
}

DossierSheet TimesSheet(const MonthReport& report) {
  DossierSheet sheet{.name = "时延", .title = "表 2 注册与解析 Registration and resolution"};
  sheet.columns = {"指标 Figure", "月均值 Mean of the month"};
  sheet.rows = {
      {std::string("注册 RTT（毫秒）Registration RTT, ms"), Millis(report.registration_us)},
      {std::string("解析 RTT（毫秒）Resolution RTT, ms"), Millis(report.resolution_us)},
      {std::string("注册生效时长（小时）Time to effect, hours"), Hours(report.registration_us)}};
  return sheet;
}

DossierSheet OperationSheet(const MonthReport& report) {
  DossierSheet sheet{.name = "运行时长", .title = "表 3 近六个月运行时长 Operating hours"};
  sheet.columns = {"月份 Month", "运行时长（小时）Hours", "计划停机（小时）Planned downtime"};
  for (const auto& month : report.months) {
    sheet.rows.push_back({month.name, HoursOf(month.seconds_up), HoursOf(month.seconds_planned)});
  }
  sheet.rows.push_back({std::string("平均 Mean"), HoursOf(MeanSeconds(report)), std::string()});
  return sheet;
}

DossierSheet IncidentSheet(std::string name, std::string title,
                           const std::vector<MonthReport::Incident>& incidents) {
  DossierSheet sheet{.name = std::move(name), .title = std::move(title)};
  if (incidents.empty()) {
    sheet.paragraphs = {"无 None"};
    return sheet;
  }
  sheet.columns = {"发生时间 Began", "问题 Problem", "原因类别 Cause", "处置 Remedy",
                   "恢复时间 Recovered"};
  for (const auto& each : incidents) {
    sheet.rows.push_back(
        {each.at, each.problem, each.cause, each.remedy,
         each.recovered_at.empty() ? std::string("未恢复 not yet") : each.recovered_at});
  }
  return sheet;
}

DossierSheet SourceSheet() {
  return {
      .name = "数据来源",
      .title = "数据来源说明 Where the figures come from",
      .paragraphs = {
          "全部数据取自节点逐日报送的表 3 与监测表（事件 day_put），按北京时间自然日统计。All "
          "figures are of the rows that the node filed of its days of Asia/Shanghai.",
          "SLA = 服务秒数 ÷（有数据天数的秒数 − 计划停机秒数）。Service level: seconds served, of "
          "the seconds of the days that are known less planned downtime.",
          "注册 RTT 为注册请求自提交台账至确认落盘的时长；注册生效即落盘，故生效时长与之相同。"
          "Registration RTT: from asking the ledger to its answer; what is answered resolves.",
          "缺少数据的日期单独列出，不作推算。Days without data are named and not guessed."}};
}

std::vector<DossierSheet> SheetsOf(const MonthReport& report) {
  return {SummarySheet(report),
          SlaSheet(report),
          TimesSheet(report),
          OperationSheet(report),
          IncidentSheet("计划停机", "计划停机 Planned downtime", report.planned),
          IncidentSheet("突发事件", "突发事件 Emergencies", report.emergencies),
          SourceSheet()};
}

void WriteText(std::string_view name, const std::optional<std::string>& text, JsonWriter& writer) {
  writer.Member(name);
  if (text) {
    writer.Text(*text);
  } else {
    writer.Null();
  }
}
template <class Value, class Form>
std::optional<std::string> Formed(const std::optional<Value>& value, const Form& form) {
  return value ? std::optional(form(value)) : std::nullopt;
}
std::optional<std::string> Share(const std::optional<int64_t>& hundredths) {
  return hundredths ? std::optional(HundredthsText(*hundredths)) : std::nullopt;
}

void WriteIncidents(std::string_view name, const std::vector<MonthReport::Incident>& incidents,
                    JsonWriter& writer) {
  writer.Member(name);
  writer.StartArray();
  for (const auto& each : incidents) {
    writer.StartObject();
    writer.TextMember("at", each.at);
    writer.TextMember("problem", each.problem);
    writer.TextMember("cause", each.cause);
    writer.TextMember("remedy", each.remedy);
    writer.TextMember("recovered_at", each.recovered_at);
    writer.EndObject();
  }
  writer.EndArray();
}

}  // namespace

std::string MonthReportHtml(const MonthReport& report) {
  return SheetsHtml(kTitle, SheetsOf(report));
}

std::string MonthReportJson(const MonthReport& report) {
  std::string text;
  {
    JsonWriter writer(text);
    writer.StartObject();
    writer.TextMember("title", kTitle);
    writer.TextMember("prefix", report.prefix);
    writer.TextMember("month", report.months.back().name);
    writer.TextMember("due", report.due);
    WriteText("sla_percent", Share(report.months.back().sla), writer);
    writer.Member("months");
    writer.StartArray();
    for (const auto& month : report.months) {
      writer.StartObject();
      writer.TextMember("month", month.name);
      WriteText("sla_percent", Share(month.sla), writer);
      writer.Member("days");
      writer.Uint(month.days);
      writer.Member("days_known");
      writer.Uint(month.days_known);
      writer.TextMember("operating_hours", HoursOf(month.seconds_up));
      writer.TextMember("planned_downtime_hours", HoursOf(month.seconds_planned));
      writer.EndObject();
    }
    writer.EndArray();
    WriteText("sla_mean_percent", Share(report.sla_mean), writer);
    writer.TextMember("operating_hours_mean", HoursOf(MeanSeconds(report)));
    WriteText("registration_rtt_ms", Formed(report.registration_us, Millis), writer);
    WriteText("resolution_rtt_ms", Formed(report.resolution_us, Millis), writer);
    WriteText("time_to_effect_hours", Formed(report.registration_us, Hours), writer);
    writer.TextsMember("missing_days", report.missing);
    WriteIncidents("planned_downtime", report.planned, writer);
    WriteIncidents("emergencies", report.emergencies, writer);
    writer.Member("sources");
    writer.StartArray();
    for (const std::string& note : SourceSheet().paragraphs) writer.Text(note);
    writer.EndArray();
    writer.EndObject();
  }
  std::string indented;
  IndentJson(text, indented);
  return indented;
}

}  // namespace idnode
