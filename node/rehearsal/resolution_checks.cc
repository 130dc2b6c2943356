#include <array>

#include "node/client/handle_walk.h"
#include "node/rehearsal/asking.h"
#include "node/rehearsal/items.h"
#include "node/runtime/random.h"
#include "proto/handle/fragments.h"
#include "proto/handle/responses.h"

// Item 7: how the node answers those who look identifiers up.
namespace idnode {
namespace {

constexpr uint32_t kFiledSeconds = 20;
constexpr size_t kOctetsOfSomeDatagrams = 3'000, kOctetsForTcp = 60'000;

void AskPrefix(RehearsedNode& node, const std::string& name, Evidence& evidence) {
  const auto answer =
      AskOverHandle({.server = node.handle_server(), .name = name, .types = {"HS_SITE"}});
  const std::string what = node.name() + " ← " + name;
  if (!IsCode(evidence, what, answer, ResponseCode::kSuccess)) return;
  evidence.AtLeast("octets of its HS_SITE 站点信息字节数", DataOf(*answer, "HS_SITE").size(), 1);
}

void BarePrefix(Stage& stage, Evidence& evidence) {
  AskPrefix(stage.secondary(), stage.Below(8), evidence);
  for (const std::string& prefix : {stage.settings().prefix, stage.Below(8), stage.Below(9)}) {
    AskPrefix(stage.top(), prefix, evidence);
  }
}

void PrefixHandle(Stage& stage, Evidence& evidence) {
  for (const std::string& prefix : {stage.Below(8), stage.Below(9)}) {
    AskPrefix(stage.secondary(), "0.NA/" + prefix, evidence);
  }
  for (const std::string& prefix : {stage.settings().prefix, stage.Below(8), stage.Below(9)}) {
    AskPrefix(stage.top(), "0.NA/" + prefix, evidence);
  }
}

void HostedValue(Stage& stage, Evidence& evidence) {
  for (const Way way : {Way::kUdp, Way::kTcp}) {
    const auto answer = AskOverHandle({.server = stage.secondary().handle_server(),
                                       .name = stage.hosted(),
                                       .types = {"URL"},
                                       .way = way});
    const std::string over = way == Way::kUdp ? "UDP" : "TCP";
    if (!IsCode(evidence, over + " ← " + stage.hosted(), answer, ResponseCode::kSuccess)) continue;
    evidence.Equal("URL", DataOf(*answer, "URL"), Stage::LinkOf(stage.hosted()));
  }
  const auto absent =
      AskOverHandle({.server = stage.secondary().handle_server(), .name = stage.Below(8) + "/NO"});
  IsCode(evidence, "not registered 未注册", absent, ResponseCode::kHandleNotFound);
}

void Referral(Stage& stage, Evidence& evidence) {
  const auto direct =
      AskOverHandle({.server = stage.secondary().handle_server(), .name = stage.self_built()});
  IsCode(evidence, "secondary ← " + stage.self_built(), direct, ResponseCode::kServiceReferral);
  for (const std::string& name : {stage.hosted(), stage.self_built(), stage.other()}) {
    HandleWalk walk({.random = RandomOctets});
    const std::string top = stage.top().handle_server();
    const auto answer = walk.Resolve({.handle = name, .indexes = {}, .types = {"URL"}}, {top, top});
    std::string hops;
    for (const HandleHop& hop : walk.hops()) {
      hops.append(hops.empty() ? "" : " → ").append(hop.server.text()).append(" ");
      hops.append(std::to_string(hop.code));
    }
    evidence.Note("way from the top-level node 自顶级节点的路径: " + name, hops);
    if (!IsCode(evidence, name, answer, ResponseCode::kSuccess)) continue;
    evidence.Equal("URL", DataOf(*answer, "URL"), Stage::LinkOf(name));
  }
}

void NotResponsible(Stage& stage, Evidence& evidence) {
  const auto answer =
      AskOverHandle({.server = stage.secondary().handle_server(), .name = "10.1000/182"});
  IsCode(evidence, "secondary ← 10.1000/182", answer, ResponseCode::kServerNotResponsible);
}

void OverIpv6(Stage& stage, Evidence& evidence) {
  if (!stage.has_ipv6()) return evidence.LeaveOut("this machine has no ::1 本机没有 ::1");
  for (const Way way : {Way::kUdp, Way::kTcp}) {
    const auto answer = AskOverHandle(
        {.server = stage.ipv6_server(), .name = stage.hosted(), .types = {"URL"}, .way = way});
    const std::string what = stage.ipv6_server() + (way == Way::kUdp ? " UDP" : " TCP");
    if (!IsCode(evidence, what, answer, ResponseCode::kSuccess)) continue;
    evidence.Equal("URL", DataOf(*answer, "URL"), Stage::LinkOf(stage.hosted()));
  }
  const auto site = AskOverHandle({.server = stage.secondary().handle_server(),
                                   .name = "0.NA/" + stage.Below(8),
                                   .types = {"HS_SITE.6"}});
  if (!IsCode(evidence, "HS_SITE.6", site, ResponseCode::kSuccess)) return;
  evidence.AtLeast("octets 字节数", DataOf(*site, "HS_SITE.6").size(), 1);
}

void FromUdpToTcp(Stage& stage, Evidence& evidence) {
  const std::string server = stage.secondary().handle_server();
  const std::string some = stage.Below(8) + "/SOME-DATAGRAMS", none = stage.Below(8) + "/TOO-LONG";
  const std::string some_octets(kOctetsOfSomeDatagrams, 's'), none_octets(kOctetsForTcp, 'n');
  const auto put = [&](const std::string& name, const std::string& octets) {
    return Done(evidence, name,
                Register(stage.secondary(), name, {{.index = 1, .type = "DESC", .data = octets}}));
  };
  if (!put(some, some_octets) || !put(none, none_octets)) return;

  const auto cut = AskOverHandle({.server = server, .name = some, .way = Way::kUdp});
  if (IsCode(evidence, "UDP, " + std::to_string(some_octets.size()) + " octets 字节", cut,
             ResponseCode::kSuccess)) {
    evidence.Note("datagrams 数据报个数", FragmentCount(cut->envelope.message_octets));
    evidence.Holds("put together as it was registered 重组后与登记一致",
                   DataOf(*cut, "DESC") == some_octets);
  }
  const auto silent = AskOverHandle({.server = server, .name = none, .way = Way::kUdp});
  evidence.Equal("UDP, " + std::to_string(none_octets.size()) + " octets 字节",
                 silent ? CodeText(silent->code) : "left to TCP 留给 TCP", "left to TCP 留给 TCP");
  const auto whole = AskOverHandle({.server = server, .name = none, .way = Way::kTcp});
  if (!IsCode(evidence, "TCP", whole, ResponseCode::kSuccess)) return;
  evidence.Holds("as it was registered 与登记一致", DataOf(*whole, "DESC") == none_octets);
}

void OverHttp(Stage& stage, Evidence& evidence) {
  struct {
    std::string target;
    uint16_t status;
    std::string has;
  } const asked[] = {
      {"/api/handles/" + stage.hosted(), 200, Stage::LinkOf(stage.hosted())},
      {"/api/handles/0.NA/" + stage.Below(8), 200, "HS_SITE"},
      {"/api/handles/" + stage.self_built(), 300, "\"responseCode\":302"},
      {"/api/handles/" + stage.Below(8) + "/NO", 404, "\"responseCode\":100"},
  };
  for (const auto& each : asked) {
    const auto answer = AskOverHttp(stage.secondary(), {.target = each.target});
    if (!answer) {
      evidence.Refused("GET " + each.target, answer.error());
      continue;
    }
    evidence.Equal("GET " + each.target, answer->status, each.status);
    evidence.Has("body 正文", answer->body, each.has);
  }
}

// What the other steps of the item ask the top-level node for is filed with it first.
void Filed(Stage& stage, Evidence& evidence) {
  for (const std::string& prefix : {stage.settings().prefix, stage.Below(8), stage.Below(9)}) {
    const bool filed = stage.WaitFor(kFiledSeconds, [&] {
      const auto answer = AskOverHandle(
          {.server = stage.top().handle_server(), .name = "0.NA/" + prefix, .types = {"HS_SITE"}});
      return answer && answer->is(ResponseCode::kSuccess);
    });
    const std::string what =
        "the top-level node knows where " + prefix + " is 顶级节点已知其解析地址";
    if (!evidence.Holds(what, filed)) return;
  }
}

}  // namespace

RehearsalSteps ResolutionSteps() {
  return {
      {"where prefixes are served is filed", "解析路由已报送", Filed},
      {"a bare prefix", "裸前缀", BarePrefix},
      {"the handle of a prefix (0.NA/)", "前缀标识（0.NA/）", PrefixHandle},
      {"a hosted identifier, and one that is not registered", "托管标识与未注册标识", HostedValue},
      {"referrals, from the top-level node down", "自顶级节点逐级转介", Referral},
      {"a prefix of somebody else", "非本节点负责的前缀", NotResponsible},
      {"IPv6", "IPv6", OverIpv6},
      {"answers too long for UDP", "UDP 分段与转用 TCP", FromUdpToTcp},
      {"HTTP", "HTTP", OverHttp},
  };
}

}  // namespace idnode
