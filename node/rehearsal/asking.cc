#include "node/rehearsal/asking.h"

#include <array>
#include <optional>
#include <utility>

#include "node/runtime/random.h"
#include "proto/handle/public_key.h"
#include "proto/handle/responses.h"
#include "proto/record/structured.h"

namespace idnode {
namespace {

constexpr size_t kBodyOctetsMax = 8u << 20;
constexpr uint32_t kHttpMillis = 10'000;
constexpr std::array<uint32_t, 3> kUdpMillis = {1'000, 1'000, 1'000};

}  // namespace

Result<HandleAnswer> AskOverHandle(const AskedOverHandle& asked) {
  auto channels = ChannelsTo({.text = asked.server, .from = asked.source});
  if (!channels) return channels.error();
  (asked.way == Way::kUdp ? channels->tcp : channels->udp) = nullptr;
  HandleClient client(*std::move(channels), {.random = RandomOctets, .udp_millis = kUdpMillis});
  const uint32_t flags = asked.public_only ? op_flag::kRequestDefault
                                           : op_flag::kRequestDefault & ~op_flag::kPublicOnly;
  return client.Resolve({.handle = asked.name, .indexes = {}, .types = asked.types}, flags);
}

Result<HandleClient> HandleClientOf(const std::string& server,
                                    std::optional<HandleClientCredentials> who) {
  const auto channels = ChannelsTo({.text = server});
  if (!channels) return channels.error();
  HandleClientOptions options{.random = RandomOctets, .udp_millis = kUdpMillis};
  const auto answer = HandleClient(*channels, options).SiteInfo();
  if (!answer) return answer.error();
  const auto site = DecodeSite(answer->body);
  if (!site) return site.error();
  if (site->servers.empty()) return Error{Errc::kMalformed, "the site names no server"};
  const auto key = VerifyingKeyOf(site->servers.front().public_key);
  if (!key) return key.error();
  options.server_key = *key;
  options.credentials = std::move(who);
  return HandleClient(*channels, std::move(options));
}

std::string CodeText(uint32_t code) {
  std::string text = std::to_string(code);
  if (const ResponseCodeRow* row = FindResponseCode(code); row != nullptr) {
    text.append(" ").append(row->en).append(" ").append(row->zh);
  }
  return text;
}

bool IsCode(Evidence& evidence, const std::string& what, const Result<HandleAnswer>& answer,
            ResponseCode expected) {
  if (!answer) {
    evidence.Refused(what, answer.error());
    return false;
  }
  return evidence.Equal(what, CodeText(answer->code), CodeText(static_cast<uint32_t>(expected)));
}

std::string DataOf(const HandleAnswer& answer, std::string_view type) {
  const auto response = DecodeResolutionResponse(answer.body);
  if (!response) return {};
  for (const Value& value : response->values) {
    if (value.type == type) return std::string(value.data);
  }
  return {};
}

Result<HttpAnswer> AskOverHttp(RehearsedNode& node, const AskedOverHttp& asked) {
  return Get(node.http_server(),
             {.target = asked.target,
              .user_agent = "idnode-rehearse",
              .octets_max = kBodyOctetsMax,
              .millis = kHttpMillis,
              .head = asked.head,
              .from = asked.source,
              .fields = asked.fields},
             nullptr);
}

std::optional<v1::Stats> StatsOf(RehearsedNode& node, Evidence& evidence, bool enterprises) {
  v1::GetStatsRequest request;
  request.set_enterprises(enterprises);
  auto reply = node.client().GetStats(request);
  if (!Done(evidence, "figures of 统计数据 " + node.name(), reply)) return std::nullopt;
  return std::move(*reply);
}

int64_t CountOf(const v1::Stats& stats, std::string_view traffic_class, std::string_view outcome) {
  for (const v1::Figure& figure : stats.figures()) {
    if (figure.metric() == "resolutions" && figure.traffic_class() == traffic_class &&
        figure.outcome() == outcome) {
      return figure.sum();
    }
  }
  return 0;
}

}  // namespace idnode
