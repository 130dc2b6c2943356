#include "node/client/trace_client.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "node/client/handle_trace.h"
#include "node/client/handle_walk.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kTcp = "tcp://";
constexpr size_t kHttpAddressesMax = 2;  // Of one node: one that does not answer costs the time.

// The addresses of a node that may be asked, and why others may not.
struct Ways {
  std::vector<HttpServer> https, http;
  std::vector<std::string> handle;
  std::optional<Error> refused;
};

Ways WaysAmong(std::span<const std::string> addresses, const TraceClient::Settings& settings) {
  const Error denied{Errc::kDenied, "in no network that is asked"};
  Ways ways;
  for (const std::string& address : addresses) {
    if (address.starts_with(kTcp)) {
      const std::string_view server = std::string_view(address).substr(kTcp.size());
      if (settings.may_ask(HostOf(server))) {
        ways.handle.emplace_back(server);
      } else {
        ways.refused = denied;
      }
      continue;
    }
    auto server = ParseHttpServer(address);
    if (!server) continue;
    if (!settings.may_ask(server->host)) {
      ways.refused = denied;
    } else {
      (server->secure ? ways.https : ways.http).push_back(*std::move(server));
    }
  }
  return ways;
}

// Whether the Handle protocol is worth a inquiry: not where somebody is slow, or not who he should
// be.
bool MayKnowHandles(const Error& error) {
  return error.code == Errc::kUnsupported || error.code == Errc::kUnavailable;
}

}  // namespace

Result<TraceClient::Answer> TraceClient::Ask(const TraceInquiry& inquiry) const {
  const Ways ways = WaysAmong(inquiry.addresses, settings_);
  const auto until = Clock::now() + std::chrono::milliseconds(inquiry.millis);
  const auto left = [until] {
    const auto millis =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    return static_cast<uint32_t>(std::max<int64_t>(millis, 0));
  };
  Error failed = ways.refused.value_or(Error{Errc::kMissingField, "no address that can be asked"});
  // Where a node says that it is reached under TLS, plain text is no second best.
  const std::vector<HttpServer>& servers = ways.https.empty() ? ways.http : ways.https;
  for (size_t i = 0; i < std::min(servers.size(), kHttpAddressesMax); ++i) {
    auto answer = AskOverHttp(servers[i], inquiry, left());
    if (answer) return answer;
    failed = answer.error();
    if (failed.code != Errc::kUnavailable) break;
  }
  if (ways.handle.empty() || (!servers.empty() && !MayKnowHandles(failed))) return failed;
  return AskOverHandle(ways.handle.front(), inquiry, left());
}

Result<TraceClient::Answer> TraceClient::AskOverHttp(const HttpServer& server,
                                                     const TraceInquiry& inquiry,
                                                     uint32_t millis) const {
  std::string target = "/api/v1/trace?id=";
  target.append(PercentEncode(inquiry.text))
      .append("&direction=")
      .append(NameOf(inquiry.direction))
      .append("&depth=")
      .append(std::to_string(inquiry.depth))
      .append("&remote=false");
  const auto answer = Get(server,
                          {.target = std::move(target),
                           .user_agent = settings_.user_agent,
                           .octets_max = inquiry.octets_max,
                           .millis = millis},
                          settings_.trust);
  if (!answer) return answer.error();
  if (answer->status == 429 || answer->status == 503) {
    return Error{Errc::kBusy, "it answers nothing just now"};
  }
  if (answer->status != 200 || answer->media_type != "application/json") {
    return Error{Errc::kUnsupported, "it answers no traces"};
  }
  auto told = ParseTraceDocument(answer->body);
  if (!told) {
    const bool large = told.error().code == Errc::kTooLarge;
    return Error{large ? Errc::kTooLarge : Errc::kMalformed, told.error().detail};
  }
  return Answer{server.text(), *std::move(told), answer->body.size()};
}

Result<TraceClient::Answer> TraceClient::AskOverHandle(std::string_view server,
                                                       const TraceInquiry& inquiry,
                                                       uint32_t millis) const {
  const HandleTrace asked{
      .text = inquiry.text,
      .start = std::string(server),
      .may_ask = [this](std::string_view at) { return settings_.may_ask(HostOf(at)); },
      .random = settings_.random,
      .octets_max = inquiry.octets_max,
      .millis = millis};
  auto told = TraceOverHandle(asked);
  if (!told) return told.error();
  return Answer{std::string(kTcp).append(told->server), std::move(told->told), told->octets};
}

}  // namespace idnode
