#include <algorithm>
#include <memory>
#include <optional>

#include "node/client/supervision_client.h"
#include "node/dossier/month_report.h"
#include "node/rehearsal/asking.h"
#include "node/rehearsal/items.h"
#include "node/runtime/clock.h"
#include "proto/base/text.h"

// Item 4: the monthly report opens, and says what the node filed of its days
// (spec/secondary-node.md 5.6).
namespace idnode {
namespace {

constexpr uint32_t kCallSeconds = 30;
constexpr std::string_view kProblem = "演练月报 monthly report";

std::string ThisMonth() {
  return FormatDay(Now().seconds() + kShanghaiHours * 3'600)
      .substr(0, std::string("2026-11").size());
}

// The days of this month as the node has them; nothing: it was refused, which is noted.
std::optional<std::string> DaysOf(SupervisionClient& client, Evidence& evidence) {
  const auto span = SpanOfMonthReport(ThisMonth());
  if (!span) {
    evidence.Refused(ThisMonth(), span.error());
    return std::nullopt;
  }
  v1::GetMonitoredDaysRequest request;
  request.set_from(span->from);
  request.set_until(span->until);
  auto reply = client.GetMonitoredDays(request);
  if (!Done(evidence, "days 逐日数据 " + span->from + " – " + span->until, reply)) {
    return std::nullopt;
  }
  return std::move(*reply->mutable_json());
}

// An emergency that this step makes, from its beginning to its end.
bool MakeEmergency(SupervisionClient& client, Evidence& evidence) {
  v1::OpenIncidentRequest open;
  open.set_cause("system");
  open.set_detail(std::string(kProblem));
  auto opened = client.OpenIncident(open);
  if (!Done(evidence, "abnormal 异常", opened)) return false;
  v1::CloseIncidentRequest close;
  close.set_number(opened->number());
  close.set_detail("已恢复 well again");
  return Done(evidence, "recovered 恢复", client.CloseIncident(close));
}

void SaysWhatHappened(Stage& stage, Evidence& evidence) {
  auto client = SupervisionClient::Open(stage.secondary().local(), kCallSeconds);
  if (!client) return evidence.Refused("client", client.error());
  if (!MakeEmergency(**client, evidence)) return;
  const auto days = DaysOf(**client, evidence);
  if (!days) return;
  const auto report = MakeMonthReport(ThisMonth(), *days);
  if (!report) return evidence.Refused("report 月度报告", report.error());
  const auto told = std::ranges::count_if(report->emergencies, [](const auto& incident) {
    return incident.problem.find(kProblem) != std::string::npos && !incident.recovered_at.empty();
  });
  evidence.Equal("the emergency, with its end 突发事件及恢复", static_cast<uint64_t>(told), 1);
  evidence.Equal("prefix 前缀", report->prefix, stage.secondary().prefix());
  evidence.Note("due 报送期限", report->due);
  const MonthReport::Month& month = report->months.back();
  // Days of which nothing is known are named one by one, and none is guessed.
  evidence.Equal("days known and missing 已知与缺失的天数",
                 month.days_known + report->missing.size(), month.days);
}

void IsMadeAgain(Stage& stage, Evidence& evidence) {
  auto client = SupervisionClient::Open(stage.secondary().local(), kCallSeconds);
  if (!client) return evidence.Refused("client", client.error());
  const auto first = DaysOf(**client, evidence), second = DaysOf(**client, evidence);
  if (!first || !second) return;
  const auto one = MakeMonthReport(ThisMonth(), *first);
  const auto other = MakeMonthReport(ThisMonth(), *second);
  if (!one) return evidence.Refused("report 月度报告", one.error());
  if (!other) return evidence.Refused("report 月度报告", other.error());
  const std::string page = MonthReportHtml(*one);
  evidence.Holds("equal octets: JSON 文档一致", MonthReportJson(*one) == MonthReportJson(*other));
  evidence.Holds("equal octets: HTML 页面一致", page == MonthReportHtml(*other));
  evidence.Has("its title 标题", page, "二级节点系统运行月度报告");
}

}  // namespace

RehearsalSteps MonthlyReportSteps() {
  return {
      {"it tells what happened, and names what is not known", "如实反映事件并列明缺失数据",
       SaysWhatHappened},
      {"the same days make the same octets", "相同数据生成相同报告", IsMadeAgain},
  };
}

}  // namespace idnode
