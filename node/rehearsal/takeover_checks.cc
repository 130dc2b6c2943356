#include <boost/json.hpp>
#include <memory>
#include <optional>

#include "node/rehearsal/asking.h"
#include "node/rehearsal/items.h"
#include "node/runtime/clock.h"

// Item 6: when 51 % of the probes find a node away, it is to be taken over, and no longer once it
// is back (spec/secondary-node.md 5.8).
namespace idnode {
namespace {

namespace json = boost::json;

constexpr uint64_t kWellProbes = 8;  // Over UDP and TCP from two addresses: two rounds.
constexpr uint32_t kProbedSeconds = 30, kTurnSeconds = 90;
constexpr uint64_t kTakeoverPercent = 51;

struct Probes {
  uint64_t resolution = 0, resolution_failed = 0;
  bool takeover_due = false;
};
// As the node above tells it of its only child. Nothing: there is no answer yet.
std::optional<Probes> ProbesOf(RehearsedNode& top, const std::string& token) {
  const auto answer = AskOverHttp(
      top, {.target = "/api/v1/stats", .fields = {{"Authorization", "Bearer " + token}}});
  if (!answer || answer->status != 200) return std::nullopt;
  const json::value document = json::parse(answer->body);
  const json::array& children = document.at("children").as_array();
  if (children.empty()) return std::nullopt;
  const json::value& probes = children[0].at("probes");
  return Probes{probes.at("resolution").to_number<uint64_t>(),
                probes.at("resolution_failed").to_number<uint64_t>(),
                probes.at("takeover_due").as_bool()};
}

// A node above that probes every second, and a node below it that comes and goes.
class Takeover {
 public:
  void Probed(Stage& stage, Evidence& evidence) {
    const std::string& prefix = stage.settings().prefix;
    const auto top_port = FreePort("127.0.0.1"), port = FreePort("127.0.0.1");
    if (!top_port || !port) return evidence.LeaveOut("no free port 无空闲端口");
    top_ = &stage.Add("probing", {{"node.role", "top-level"},
                                  {"node.prefix", prefix.substr(0, prefix.find('.'))},
                                  {"handle.listen", "127.0.0.1:" + std::to_string(*top_port)},
                                  {"probes.seconds", "1"},
                                  {"probes.window_minutes", "1"},
                                  {"probes.sources", "127.0.0.1, 127.0.0.7"}});
    below_ = &stage.Add("probed", {{"node.role", "secondary"},
                                   {"node.prefix", prefix},
                                   {"handle.listen", "127.0.0.1:" + std::to_string(*port)}});
    if (!Done(evidence, "probing", top_->Start())) return;
    if (!Done(evidence, "probed", stage.Dock(*below_, *top_))) return;
    v1::CreateTokenRequest request;
    request.set_role("reader");
    auto token = top_->client().CreateToken(request);
    if (!Done(evidence, "token 令牌", token)) return;
    token_ = token->secret();
    std::optional<Probes> probes;
    is_probed_ = stage.WaitFor(kProbedSeconds, [&] {
      probes = ProbesOf(*top_, token_);
      return probes && probes->resolution >= kWellProbes;
    });
    if (!evidence.Holds("probed over UDP and TCP from two addresses 自两个地址经 UDP、TCP 探测",
                        is_probed_)) {
      return;
    }
    evidence.Note("probes 探测次数", probes->resolution);
    evidence.Equal("failed 失败", probes->resolution_failed, 0);
    evidence.Equal("to be taken over 应启动接管", probes->takeover_due ? "yes 是" : "no 否",
                   "no 否");
  }

  void IsDue(Stage& stage, Evidence& evidence) {
    if (!evidence.Holds("probed 已探测", is_probed_)) return;
    below_->Kill();
    const uint64_t killed = MonotonicMicros();
    std::optional<Probes> probes;
    is_due_ = stage.WaitFor(kTurnSeconds, [&] {
      probes = ProbesOf(*top_, token_);
      return probes && probes->takeover_due;
    });
    if (!evidence.Holds("to be taken over 应启动接管", is_due_)) return;
    evidence.Note("after 用时", std::to_string((MonotonicMicros() - killed) / 1'000) + " ms");
    evidence.Note(
        "probes, failed ones 探测次数，其中失败",
        std::to_string(probes->resolution) + ", " + std::to_string(probes->resolution_failed));
    evidence.AtLeast(
        "percent of them 失败百分比",
        probes->resolution == 0
            ? 0
            : (probes->resolution_failed * 100 + probes->resolution - 1) / probes->resolution,
        kTakeoverPercent);
    const auto lines = top_->LogLines("takeover_due");
    evidence.Has("log 日志", lines.empty() ? "" : lines.back(), stage.settings().prefix);
  }

  void IsOver(Stage& stage, Evidence& evidence) {
    if (!evidence.Holds("to be taken over 应启动接管", is_due_)) return;
    if (!Done(evidence, "probed", below_->Start())) return;
    const uint64_t back = MonotonicMicros();
    const bool over = stage.WaitFor(kTurnSeconds, [&] {
      const auto probes = ProbesOf(*top_, token_);
      return probes && !probes->takeover_due;
    });
    if (!evidence.Holds("well again 恢复正常", over)) return;
    evidence.Note("after 用时", std::to_string((MonotonicMicros() - back) / 1'000) + " ms");
    const auto lines = top_->LogLines("takeover_over");
    evidence.Has("log 日志", lines.empty() ? "" : lines.back(), stage.settings().prefix);
  }

 private:
  RehearsedNode *top_ = nullptr, *below_ = nullptr;
  std::string token_;
  bool is_probed_ = false, is_due_ = false;
};

}  // namespace

RehearsalSteps TakeoverSteps() {
  const auto takeover = std::make_shared<Takeover>();
  const auto step = [&](void (Takeover::*run)(Stage&, Evidence&)) {
    return
        [takeover, run](Stage& stage, Evidence& evidence) { ((*takeover).*run)(stage, evidence); };
  };
  return {
      {"the node above probes the nodes below", "上级节点探测下级节点", step(&Takeover::Probed)},
      {"51 % of the probes fail: to be taken over", "51 % 探测失败：应启动接管",
       step(&Takeover::IsDue)},
      {"the node is back: no longer", "节点恢复：解除", step(&Takeover::IsOver)},
  };
}

}  // namespace idnode
