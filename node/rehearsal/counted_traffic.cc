#include "node/rehearsal/counted_traffic.h"

#include <array>
#include <string_view>
#include <utility>

#include "node/rehearsal/asking.h"

namespace idnode {
namespace {

constexpr int kIdentifiers = 30;
constexpr int kOthers = 2;  // One that nobody may see, and one that is removed again.
const std::string kHere = "127.0.0.1";

// By the node's configuration below.
struct Network {
  std::string source, traffic_class;
};
const std::array<Network, 4> kNetworks = {{{kHere, "external"},
                                           {"127.0.0.2", "internal"},
                                           {"127.0.0.3", "probe"},
                                           {"127.0.0.4", "load_test"}}};

}  // namespace

const std::string CountedTraffic::kAcme = "acme", CountedTraffic::kOther = "other",
                  CountedTraffic::kIdle = "idle";

void CountedTraffic::Count(const std::string& source, const std::string& traffic_class,
                           const std::string& outcome, const std::string& enterprise,
                           const std::string& identifier) {
  ++counts_[{traffic_class, outcome, enterprise}];
  ++sources_[source];
  if (traffic_class == "external" && outcome == "found") found_.insert(identifier);
}

int64_t CountedTraffic::registered() const { return kIdentifiers + kOthers; }

int64_t CountedTraffic::requests() const {
  int64_t sum = 0;
  for (const auto& [key, count] : counts_) sum += count;
  return sum;
}

int64_t CountedTraffic::requests_for(const std::string& enterprise) const {
  int64_t sum = 0;
  for (const auto& [key, count] : counts_) sum += std::get<2>(key) == enterprise ? count : 0;
  return sum;
}

int64_t CountedTraffic::successes() const {
  int64_t sum = 0;
  for (const auto& [key, count] : counts_) {
    sum += std::get<0>(key) == "external" && std::get<1>(key) == "found" ? count : 0;
  }
  return sum;
}

bool CountedTraffic::Open(Stage& stage, Evidence& evidence) {
  const auto port = FreePort(kHere);
  if (!port) {
    evidence.Refused(kHere, port.error());
    return false;
  }
  node_ = &stage.Add("counted", {{"node.role", "secondary"},
                                 {"node.prefix", stage.settings().prefix},
                                 {"handle.listen", kHere + ":" + std::to_string(*port)},
                                 {"counting.internal_networks", kNetworks[1].source},
                                 {"counting.probe_networks", kNetworks[2].source},
                                 {"counting.load_test_networks", kNetworks[3].source},
                                 {"gs1.handled_by", "6950123=https://other.example"}});
  if (!Done(evidence, "a node of its own 独立节点", node_->Start())) return false;
  is_open_ = RegisterAll(stage, evidence);
  return is_open_;
}

bool CountedTraffic::RegisterAll(Stage& stage, Evidence& evidence) {
  const std::pair<std::string, unsigned> enterprises[] = {{kAcme, 8}, {kOther, 9}, {kIdle, 10}};
  for (const auto& [code, number] : enterprises) {
    if (!Done(evidence, code, PutEnterprise(*node_, code, code))) return false;
    if (!Done(evidence, code, PutPrefix(*node_, stage.Below(number), code))) return false;
  }
  const auto put = [&](const std::string& name, uint8_t permissions) {
    return Done(
        evidence, name,
        Register(
            *node_, name,
            {{.index = 1, .permissions = permissions, .type = "URL", .data = "https://a.cn"}}));
  };
  for (int i = 0; i < kIdentifiers; ++i) {
    if (!put(stage.Below(8) + "/SN-" + std::to_string(i), kDefaultPermissions)) return false;
  }
  const std::string gone = stage.Below(8) + "/GONE";
  if (!put(gone, kDefaultPermissions) || !put(stage.Below(9) + "/SECRET", 0)) return false;
  v1::RegisterRequest removal;
  removal.add_items()->set_identifier(gone);
  removal.mutable_items(0)->set_action(v1::REGISTER_ACTION_REMOVE);
  return Done(evidence, gone, node_->client().Register(removal));
}

bool CountedTraffic::Http(const std::string& source, const std::string& target,
                          std::vector<std::pair<std::string, std::string>> fields,
                          Evidence& evidence) {
  const auto answer =
      AskOverHttp(*node_, {.target = target, .source = source, .fields = std::move(fields)});
  if (!answer) evidence.Refused("GET " + target, answer.error());
  return answer.ok();
}

// Each class of networks with each outcome, over HTTP, UDP and TCP: as often as its place says, so
// that no two sums are alike.
void CountedTraffic::AskFromEverywhere(Stage& stage, Evidence& evidence) {
  struct Outcome {
    std::string outcome, target, name, enterprise;
  };
  const std::string acme = stage.Below(8), other = stage.Below(9);
  const Outcome outcomes[] = {
      {"found", "/api/handles/" + acme + "/SN-", acme + "/SN-", kAcme},
      {"not_found", "/api/handles/" + other + "/NONE-", other + "/NONE-", kOther},
      {"denied", "/api/handles/" + other + "/SECRET?publicOnly=false", other + "/SECRET", kOther},
      {"refused", "/api/handles/99.999/X-", "99.999/X-", ""},
      {"malformed", "/01/06901234567893", "01/06901234567893", ""},
      {"referred", "/01/06950123000019", "", ""},
  };
  int n = 0, times = 1;
  for (const Network& network : kNetworks) {
    for (const Outcome& each : outcomes) {
      ++times;
      for (int i = 0; i < times % 5 + 2 && !stage.was_interrupted(); ++i) {
        const auto numbered = [&](const std::string& text) {
          return text.ends_with('-') ? text + std::to_string(n % kIdentifiers) : text;
        };
        n += 7;
        if (!Http(network.source, numbered(each.target), {}, evidence)) return;
        Count(network.source, network.traffic_class, each.outcome, each.enterprise,
              numbered(each.name));
        if (each.name.empty()) continue;
        for (const Way way : {Way::kUdp, Way::kTcp}) {
          n += 7;
          const auto answer = AskOverHandle({.server = node_->handle_server(),
                                             .name = numbered(each.name),
                                             .way = way,
                                             .source = network.source,
                                             .public_only = false});
          if (!answer) return evidence.Refused(each.name, answer.error());
          Count(network.source, network.traffic_class, each.outcome, each.enterprise,
                numbered(each.name));
        }
      }
    }
  }
}

// What requests say of themselves over HTTP.
void CountedTraffic::AskAsPages(Stage& stage, Evidence& evidence) {
  const std::string found = "/api/handles/" + stage.Below(8) + "/SN-1";
  const std::string absent = "/api/handles/" + stage.Below(9) + "/NONE";
  struct {
    std::vector<std::pair<std::string, std::string>> fields;
    std::string query, traffic_class;
  } const pages[] = {{{{"X-Idnode-Traffic", "page-beacon"}}, "", "page_beacon"},
                     {{}, "?from-page=1", "page_beacon"},
                     {{{"Sec-Fetch-Dest", "image"}}, "", "page_beacon"},
                     {{{"Sec-Purpose", "prefetch"}}, "", "page_beacon"},
                     {{{"X-Idnode-Traffic", "load-test"}}, "", "load_test"}};
  for (const auto& page : pages) {
    if (!Http(kHere, found + page.query, page.fields, evidence)) return;
    Count(kHere, page.traffic_class, "found", kAcme, "");
    if (!Http(kHere, absent + page.query, page.fields, evidence)) return;
    Count(kHere, page.traffic_class, "not_found", kOther, "");
  }
}

// Heartbeats of clients, and questions for prefixes.
void CountedTraffic::AskToFindTheWay(Stage& stage, Evidence& evidence) {
  for (const Network& network : kNetworks) {
    for (const Way way : {Way::kUdp, Way::kTcp}) {
      for (const std::string& name : {std::string("0"), stage.Below(8)}) {
        const auto answer = AskOverHandle(
            {.server = node_->handle_server(), .name = name, .way = way, .source = network.source});
        if (!answer) return evidence.Refused(name, answer.error());
      }
      Count(network.source, "heartbeat", "refused", "", "");
      Count(network.source, "delegation", "found", kAcme, "");
    }
    if (!Http(network.source, "/api/handles/0.NA/" + stage.Below(8), {}, evidence)) return;
    Count(network.source, "delegation", "found", kAcme, "");
  }
}

void CountedTraffic::AskOverGrpc(Stage& stage, Evidence& evidence) {
  v1::CreateTokenRequest wanted;
  wanted.set_role("reader");
  auto token = node_->client().CreateToken(wanted);
  if (!Done(evidence, "token 令牌", token)) return;
  const auto client = NodeClient::Open(
      {.address = kHere + ":" + std::to_string(node_->grpc_port()), .token = token->secret()}, 30);
  if (!client) return evidence.Refused("gRPC", client.error());
  const std::string found = stage.Below(8) + "/SN-2";
  const std::tuple<std::string, std::string, std::string> asked[] = {
      {found, "found", kAcme},
      {stage.Below(9) + "/NONE", "not_found", kOther},
      {"99.999/X", "refused", ""}};
  for (const auto& [name, outcome, enterprise] : asked) {
    v1::ResolveRequest request;
    request.set_identifier(name);
    (void)(*client)->Resolve(request);
    Count(kHere, "external", outcome, enterprise, name);
  }
}

void CountedTraffic::AskEverything(Stage& stage, Evidence& evidence) {
  AskFromEverywhere(stage, evidence);
  AskAsPages(stage, evidence);
  AskToFindTheWay(stage, evidence);
  AskOverGrpc(stage, evidence);
}

bool CountedTraffic::Restart(Evidence& evidence) {
  return Done(evidence, "stop 停止", node_->Stop()) && Done(evidence, "start 启动", node_->Start());
}

}  // namespace idnode
