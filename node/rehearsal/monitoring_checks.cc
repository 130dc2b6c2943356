#include <boost/json.hpp>
#include <memory>
#include <optional>

#include "node/client/supervision_client.h"
#include "node/rehearsal/asking.h"
#include "node/rehearsal/items.h"
#include "node/runtime/clock.h"
#include "proto/base/text.h"

// Item 3: what goes wrong, and that it is well again, is told to the node above as it happens, in
// pairs (spec/secondary-node.md 5.5).
namespace idnode {
namespace {

namespace json = boost::json;

constexpr uint32_t kCallSeconds = 30, kArrivalSeconds = 30;
constexpr uint64_t kRealTimeMillis = 1'000;

std::string Today() { return FormatDay(Now().seconds() + kShanghaiHours * 3'600); }

class Monitoring {
 public:
  void OpenedAndClosed(Stage& stage, Evidence& evidence) {
    auto client = SupervisionClient::Open(stage.secondary().local(), kCallSeconds);
    if (!client) return evidence.Refused("client", client.error());
    v1::OpenIncidentRequest open;
    open.set_cause("network");
    open.set_detail("演练 rehearsal");
    auto opened = (*client)->OpenIncident(open);
    if (!Done(evidence, "abnormal 异常", opened)) return;
    const std::string number = opened->number();
    Arrives(stage, number, /*recovered=*/false, evidence);
    v1::CloseIncidentRequest close;
    close.set_number(number);
    close.set_detail("演练结束 over");
    auto closed = (*client)->CloseIncident(close);
    if (!Done(evidence, "recovered 恢复", closed)) return;
    Arrives(stage, number, /*recovered=*/true, evidence);
    auto again = (*client)->CloseIncident(close);
    evidence.Equal("closed twice 重复恢复",
                   again ? "taken 接受" : std::string(RowOf(again.problem().code).name),
                   "not_found");
  }

  // A node that was killed says so itself when it is back, with the end of it.
  void SeenByTheNodeItself(Stage& stage, Evidence& evidence) {
    const std::string begun = FormatUtc(Now().seconds());
    const size_t before = PairsSince(stage, begun, evidence);
    stage.secondary().Kill();
    if (!Done(evidence, "secondary", stage.secondary().Start())) return;
    size_t pairs = before;
    stage.WaitFor(kArrivalSeconds, [&] {
      pairs = PairsSince(stage, begun, evidence);
      return pairs > before;
    });
    evidence.AtLeast("pairs of abnormal and recovered events 成对的异常与恢复事件", pairs,
                     before + 1);
  }

  void Extremes(Stage&, Evidence& evidence) {
    evidence.LeaveOut(
        "a day's extremes are filed when the day is over 每日极值在次日报送，无法当日演练");
  }

 private:
  // What the top-level node knows of the secondary one's incidents of today. Empty: nothing yet.
  static json::array Incidents(Stage& stage, Evidence& evidence) {
    const auto own = StatsOf(stage.secondary(), evidence);
    const auto above = StatsOf(stage.top(), evidence);
    if (!own || !above) return {};
    v1::GetMonitoredDaysRequest request;
    request.set_from(Today());
    request.set_until(Today());
    for (const v1::ChildStats& child : above->children()) {
      if (child.node_id() == own->node_id()) request.set_child(child.number());
    }
    const auto client = SupervisionClient::Open(stage.top().local(), kCallSeconds);
    if (!client || request.child() == 0) return {};
    auto reply = (*client)->GetMonitoredDays(request);
    if (!reply) return {};
    const json::value document = json::parse(reply->json());
    const json::value* const incidents = document.as_object().if_contains("incidents");
    return incidents == nullptr ? json::array() : incidents->as_array();
  }

  static void Arrives(Stage& stage, const std::string& number, bool recovered, Evidence& evidence) {
    const uint64_t begun = MonotonicMicros();
    const bool arrived = stage.WaitFor(kArrivalSeconds, [&] {
      for (const json::value& each : Incidents(stage, evidence)) {
        const json::object& incident = each.as_object();
        if (incident.at("number").as_string() != number) continue;
        return !recovered || incident.contains("recovered_at");
      }
      return false;
    });
    const std::string what = (recovered ? "recovered 恢复 " : "abnormal 异常 ") + number;
    if (!evidence.Holds(what, arrived)) return;
    evidence.AtMost("arrived after 到达用时", (MonotonicMicros() - begun) / 1'000, kRealTimeMillis,
                    "ms");
  }

  static size_t PairsSince(Stage& stage, const std::string& begun, Evidence& evidence) {
    size_t pairs = 0;
    for (const json::value& each : Incidents(stage, evidence)) {
      const json::object& incident = each.as_object();
      const json::value* const over = incident.if_contains("recovered_at");
      pairs += over != nullptr && std::string_view(over->as_string()) >= begun ? 1 : 0;
    }
    return pairs;
  }
};

}  // namespace

RehearsalSteps MonitoringSteps() {
  const auto monitoring = std::make_shared<Monitoring>();
  const auto step = [&](void (Monitoring::*run)(Stage&, Evidence&)) {
    return [monitoring, run](Stage& stage, Evidence& evidence) {
      ((*monitoring).*run)(stage, evidence);
    };
  };
  return {
      {"an incident opened and closed by hand: at most 1 s each", "人工登记的异常与恢复：各 1 秒内",
       step(&Monitoring::OpenedAndClosed)},
      {"a stop that the node saw itself", "节点自行发现的中断",
       step(&Monitoring::SeenByTheNodeItself)},
      {"daily extremes", "每日极值", step(&Monitoring::Extremes)},
  };
}

}  // namespace idnode
