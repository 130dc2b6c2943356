#include "node/client/handle_walk.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "proto/base/text.h"
#include "proto/crypto/digest.h"
#include "proto/handle/big_endian.h"
#include "proto/handle/responses.h"
#include "proto/ident/handle_name.h"
#include "proto/record/structured.h"

namespace idnode {
namespace {

using Clock = std::chrono::steady_clock;

constexpr uint8_t kOverUdp = 0, kOverTcp = 1;

// The server of a site that answers for `name`; none: its octets are no site, or it takes no
// questions.
std::optional<HandleServer> ServerOf(std::string_view octets, std::string_view name) {
  const auto site = DecodeSite(octets);
  if (!site || site->servers.empty()) return std::nullopt;
  const SiteServer& server =
      site->servers[ServerForName(name, site->hash_option, site->servers.size())];
  HandleServer found;
  for (const SiteInterface& each : server.interfaces) {
    if (!each.takes_queries() || each.port == 0 || each.port > UINT16_MAX) continue;
    if (each.protocol == kOverUdp) found.udp = EndpointText(server, each.port);
    if (each.protocol == kOverTcp) found.tcp = EndpointText(server, each.port);
  }
  if (found.text().empty()) return std::nullopt;
  return found;
}

// What an answer says of who answers for `name`, in its order.
std::vector<HandleServer> ServersIn(const std::vector<Value>& values, bool of_derived_prefixes,
                                    std::string_view name) {
  constexpr std::array<std::string_view, 2> kSites = {"HS_SITE", "HS_SITE.6"};
  constexpr std::array<std::string_view, 2> kSitesOfDerived = {"HS_SITE.PREFIX", "HS_NA_DELEGATE"};
  std::vector<HandleServer> servers;
  for (const Value& value : values) {
    const auto is = [&](std::string_view type) { return EqualFolded(value.type, type); };
    const bool fits = std::ranges::any_of(kSites, is) ||
                      (of_derived_prefixes && std::ranges::any_of(kSitesOfDerived, is));
    if (!fits) continue;
    if (auto server = ServerOf(value.data, name)) servers.push_back(*std::move(server));
  }
  return servers;
}

bool IsReferral(const HandleAnswer& answer) {
  return answer.is(ResponseCode::kServiceReferral) || answer.is(ResponseCode::kPrefixReferral);
}

// Whether somebody else may know more.
bool LeadsOn(const HandleAnswer& answer) {
  return IsReferral(answer) || answer.is(ResponseCode::kHandleNotFound) ||
         answer.is(ResponseCode::kServerNotResponsible);
}

std::vector<HandleServer> ServersOf(const HandleAnswer& answer, std::string_view name) {
  if (IsReferral(answer)) {
    const auto referral = DecodeReferralResponse(answer.body);
    if (!referral) return {};
    return ServersIn(referral->values, answer.is(ResponseCode::kPrefixReferral), name);
  }
  if (!answer.is(ResponseCode::kSuccess)) return {};
  const auto found = DecodeResolutionResponse(answer.body);
  return found ? ServersIn(found->values, /*of_derived_prefixes=*/false, name)
               : std::vector<HandleServer>();
}

Result<HandleChannels> OverSockets(const HandleServer& server) {
  HandleChannels channels;
  if (!server.udp.empty()) {
    auto over = ChannelsTo({.text = server.udp});
    if (!over) return over.error();
    channels.udp = std::move(over->udp);
  }
  if (!server.tcp.empty()) {
    auto over = ChannelsTo({.text = server.tcp});
    if (!over) return over.error();
    channels.tcp = std::move(over->tcp);
  }
  return channels;
}

}  // namespace

std::string_view HostOf(std::string_view server) {
  const std::string_view host = server.substr(0, server.rfind(':'));
  return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
}

Result<HandleServer> ParseHandleServer(std::string_view text) {
  if (const auto channels = ChannelsTo({.text = std::string(text)}); !channels) {
    return channels.error();
  }
  return HandleServer{std::string(text), std::string(text)};
}

size_t ServerForName(std::string_view name, uint8_t hash_option, size_t servers) {
  if (servers < 2) return 0;
  const size_t slash = name.find('/');
  std::string_view part = name;
  if (hash_option == 0) part = slash == std::string_view::npos ? "0.NA" : name.substr(0, slash);
  if (hash_option == 1 && slash != std::string_view::npos) part = name.substr(slash + 1);
  const auto digest = DigestOf("md5", UpperAscii(part));
  Require(digest.ok());
  const auto number = static_cast<int32_t>(LoadU32(digest->data() + digest->size() - 4));
  const auto distance = static_cast<uint32_t>(number < 0 ? -int64_t{number} : int64_t{number});
  return distance % servers;
}

Result<HandleAnswer> HandleWalk::Resolve(const ResolutionQuestion& question,
                                         const HandleServer& start) {
  hops_.clear();
  until_ = Clock::now() + std::chrono::milliseconds(limits_.tcp_millis);
  Result<HandleAnswer> answer = Ask(start, question);
  for (HandleServer at = start; answer && LeadsOn(*answer);) {
    std::vector<HandleServer> next = ServersOf(*answer, question.handle);
    if (next.empty()) next = ServersFor(question.handle, at);
    std::erase_if(next, [&](const HandleServer& each) { return WasAsked(each, question.handle); });
    if (next.empty() || is_over()) return answer;
    for (const HandleServer& each : next) {  // The first that answers at all.
      answer = Ask(at = each, question);
      if (answer || is_over()) break;
    }
  }
  return answer;
}

// Who answers for `name`, by the handle of its prefix; asked from `at` on.
std::vector<HandleServer> HandleWalk::ServersFor(std::string_view name, const HandleServer& at) {
  const std::string prefix_handle =
      std::string(kPrefixHandles) + std::string(name.substr(0, name.find('/')));
  const ResolutionQuestion question{.handle = prefix_handle,
                                    .types = {"HS_SITE", "HS_SITE.6", "HS_SERV", "HS_NAMESPACE"}};
  for (HandleServer server = at; !is_over() && !WasAsked(server, prefix_handle);) {
    const auto answer = Ask(server, question);
    if (!answer) return {};
    std::vector<HandleServer> found = ServersOf(*answer, name);
    if (found.empty()) return ServersOfService(*answer, name, server);
    if (!IsReferral(*answer)) return found;
    server = found.front();
  }
  return {};
}

// The sites stand in a record of their own, which the answer names (HS_SERV).
std::vector<HandleServer> HandleWalk::ServersOfService(const HandleAnswer& answer,
                                                       std::string_view name,
                                                       const HandleServer& at) {
  const auto found = answer.is(ResponseCode::kSuccess)
                         ? DecodeResolutionResponse(answer.body)
                         : Result<ResolutionResponse>(Error{Errc::kNotFound, "no service"});
  if (!found) return {};
  for (const Value& value : found->values) {
    const ResolutionQuestion question{.handle = value.data, .types = {"HS_SITE", "HS_SITE.6"}};
    const bool asks =
        EqualFolded(value.type, "HS_SERV") && !is_over() && !WasAsked(at, question.handle);
    if (!asks) continue;
    const auto service = Ask(at, question);
    if (!service) continue;
    if (auto servers = ServersOf(*service, name); !servers.empty()) return servers;
  }
  return {};
}

bool HandleWalk::WasAsked(const HandleServer& server, std::string_view name) const {
  const auto is_same = [](const std::string& a, const std::string& b) {
    return !a.empty() && a == b;
  };
  return std::ranges::any_of(hops_, [&](const HandleHop& hop) {
    return hop.asked == name &&
           (is_same(hop.server.udp, server.udp) || is_same(hop.server.tcp, server.tcp));
  });
}

Result<HandleAnswer> HandleWalk::Ask(const HandleServer& server,
                                     const ResolutionQuestion& question) {
  HandleHop& hop = hops_.emplace_back();
  hop.server = server;
  hop.asked = question.handle;
  auto answer = AskInTime(server, question);
  if (answer) {
    hop.code = answer->code;
  } else {
    hop.reached = answer.error();
  }
  return answer;
}

Result<HandleAnswer> HandleWalk::AskInTime(const HandleServer& server,
                                           const ResolutionQuestion& question) {
  if (limits_.may_ask && !limits_.may_ask(server)) {
    return Error{Errc::kDenied, "the server may not be asked"};
  }
  if (limits_.tcp_millis == 0) {
    auto channels = OverSockets(server);
    if (!channels) return channels.error();
    return HandleClient(*std::move(channels), options_).Resolve(question);
  }
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until_ - Clock::now());
  // To connect, to write and to wait for the answer have a third each.
  const auto third = static_cast<uint32_t>(std::max<int64_t>(left.count(), 0) / 3);
  if (third == 0) return Error{Errc::kTimeout, "the time for all questions is over"};
  auto channels = ChannelsTo({.text = server.tcp, .connect_millis = third, .write_millis = third});
  if (!channels) return channels.error();
  channels->udp = nullptr;
  HandleClientOptions options = options_;
  options.tcp_millis = third;
  return HandleClient(*std::move(channels), std::move(options)).Resolve(question);
}

}  // namespace idnode
