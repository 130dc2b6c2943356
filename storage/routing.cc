#include "storage/routing.h"

#include <algorithm>
#include <array>
#include <ranges>

#include "proto/base/limits.h"
#include "proto/base/reader.h"
#include "proto/base/writer.h"
#include "proto/record/structured.h"

namespace idnode {
namespace {

constexpr uint8_t kLayout = 1;
constexpr std::array<std::string_view, 2> kSiteTypes = {"HS_SITE", "HS_SITE.6"};
constexpr Error kNoRouting{Errc::kMalformed, "routing: the octets are none"};

bool IsIpv4(const SiteServer& server) {
  return std::all_of(server.address.begin(), server.address.begin() + 12,
                     [](char octet) { return octet == 0; });
}

bool TakesQueries(const SiteInterface& interface) {
  return interface.takes_queries() && interface.protocol <= 3 && interface.port > 0 &&
         interface.port <= UINT16_MAX;
}

bool HasScheme(char octet) {
  return std::ranges::any_of(
      kSchemeRows, [=](const SchemeRow& row) { return static_cast<char>(row.scheme) == octet; });
}

}  // namespace

bool IsRoutingSite(std::string_view type, std::string_view data) {
  if (std::ranges::find(kSiteTypes, type) == kSiteTypes.end()) return false;
  if (data.size() > limits::kRoutingSiteOctetsMax) return false;
  const auto site = DecodeSite(data);
  return site && std::ranges::any_of(site->servers, [](const SiteServer& server) {
           return std::ranges::any_of(server.interfaces, TakesQueries);
         });
}

std::vector<RoutingServer> ServersOf(const RoutingSite& site) {
  std::vector<RoutingServer> servers;
  const auto decoded = DecodeSite(site.data);
  if (!decoded) return servers;
  for (const SiteServer& each : decoded->servers) {
    RoutingServer server{!IsIpv4(each), AddressText(each.address), {}};
    for (const SiteInterface& interface : each.interfaces) {
      if (TakesQueries(interface))
        server.interfaces.push_back({interface.protocol, interface.port});
    }
    servers.push_back(std::move(server));
  }
  return servers;
}

std::vector<std::string> AddressesOf(const Routing& routing) {
  constexpr std::array<std::string_view, 4> kProtocols = {"udp", "tcp", "http", "https"};
  std::vector<std::string> addresses;
  for (const RoutingSite& site : routing.sites) {
    for (const RoutingServer& server : ServersOf(site)) {
      const std::string host = server.ipv6 ? "[" + server.ip + "]" : server.ip;
      for (const RoutingServer::Interface& each : server.interfaces) {
        addresses.push_back(std::string(kProtocols.at(each.protocol))
                                .append("://")
                                .append(host)
                                .append(":")
                                .append(std::to_string(each.port)));
      }
    }
  }
  return addresses;
}

Status CheckRouting(const Routing& routing) {
  const auto prefix = ParsePrefix(routing.prefix.scheme, routing.prefix.text);
  if (!prefix || prefix->text != routing.prefix.text) {
    return Error{Errc::kMalformed, "routing: the prefix is not canonical"};
  }
  if (routing.hosted != routing.sites.empty() || routing.sites.size() > limits::kRoutingSitesMax) {
    return Error{Errc::kMalformed, "routing: hosted, or at so many sites"};
  }
  for (const RoutingSite& site : routing.sites) {
    if (!IsRoutingSite(site.type, site.data)) {
      return Error{Errc::kMalformed, "routing: a site that is none"};
    }
  }
  return {};
}

std::string EncodeRouting(const Routing& routing) {
  std::string octets;
  Writer out(octets);
  out.U8(kLayout).U8(static_cast<uint8_t>(routing.prefix.scheme)).Text16(routing.prefix.text);
  out.U8(routing.hosted ? 1 : 0).U8(static_cast<uint8_t>(routing.sites.size()));
  for (const RoutingSite& site : routing.sites) {
    const auto type = std::ranges::find(kSiteTypes, site.type);
    Require(type != kSiteTypes.end());
    out.U8(static_cast<uint8_t>(1 + (type - kSiteTypes.begin()))).Text32(site.data);
  }
  return octets;
}

Result<Routing> DecodeRouting(std::string_view octets) {
  Reader in(octets);
  const uint8_t layout = in.U8();
  if (in.ok() && layout != kLayout) {
    return Error{Errc::kFormatVersion, "routing: another layout"};
  }
  const char scheme = static_cast<char>(in.U8());
  if (!in.ok() || !HasScheme(scheme)) return kNoRouting;
  Routing routing;
  routing.prefix.scheme = static_cast<Scheme>(scheme);
  routing.prefix.text = in.Text16(limits::kPrefixOctetsMax);
  const uint8_t hosted = in.U8();
  routing.hosted = hosted == 1;
  for (uint8_t left = in.U8(); left > 0 && in.ok(); --left) {
    const uint8_t type = in.U8();
    const std::string_view data = in.Text32(limits::kRoutingSiteOctetsMax);
    if (!in.ok() || type == 0 || type > kSiteTypes.size()) return kNoRouting;
    routing.sites.push_back({kSiteTypes[type - 1], data});
  }
  if (!in.AtEnd() || hosted > 1) return kNoRouting;
  if (const Status fits = CheckRouting(routing); !fits) return fits.error();
  return routing;
}

}  // namespace idnode
