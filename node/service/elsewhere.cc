#include "node/service/elsewhere.h"

#include <array>

#include "node/service/handle_referral.h"
#include "proto/base/limits.h"
#include "proto/ident/handle_name.h"
#include "proto/ident/identifier.h"
#include "proto/record/structured.h"

namespace idnode {
namespace {

constexpr std::string_view kSiteTypes = "HS_SITE";
constexpr std::string_view kDelegation = "HS_NA_DELEGATE";

void AddSite(std::string_view data, std::vector<std::string>& addresses) {
  constexpr std::array<std::string_view, 4> kProtocols = {"udp", "tcp", "http", "https"};
  const auto site = DecodeSite(data);
  if (!site) return;
  for (const SiteServer& server : site->servers) {
    for (const SiteInterface& interface : server.interfaces) {
      if (interface.protocol >= kProtocols.size() || !interface.takes_queries()) continue;
      if (addresses.size() == limits::kReferralAddressesMax) return;
      addresses.push_back(std::string(kProtocols[interface.protocol])
                              .append("://")
                              .append(EndpointText(server, interface.port)));
    }
  }
}

void AddAddresses(const std::vector<Value>& values, std::vector<std::string>& addresses) {
  for (const Value& value : values) {
    if (!value.public_read() || addresses.size() == limits::kReferralAddressesMax) continue;
    if (HasType(value.type, kSiteTypes) || HasType(value.type, kDelegation)) {
      AddSite(value.data, addresses);
    } else if (HasType(value.type, "URL")) {
      addresses.emplace_back(value.data);
    }
  }
}

}  // namespace

Elsewhere FindElsewhere(const Registry& registry, const ChildRoutes* routes, std::string_view key) {
  Elsewhere elsewhere;
  if (key.empty() || key[0] != static_cast<char>(Scheme::kHandle)) return elsewhere;
  std::string_view prefix = PrefixNamedByKey(key);
  if (prefix.empty()) prefix = key.substr(1, key.find('/') - 1);
  elsewhere.prefix_handle = std::string(kPrefixHandles).append(prefix);
  const auto handle = ParseIdentifier(elsewhere.prefix_handle);
  if (!handle) return elsewhere;
  std::string row;
  const auto found = registry.Find(handle->key, Reach::kDisk, row);
  if (found) {
    if (const auto values = found->record.DecodeAll()) AddAddresses(*values, elsewhere.addresses);
    return elsewhere;
  }
  if (routes != nullptr) {
    if (const auto route = routes->Find(prefix, Reach::kDisk)) {
      if (const auto routing = DecodeRouting(route->row.body)) {
        for (const RoutingSite& site : routing->sites) AddSite(site.data, elsewhere.addresses);
        return elsewhere;
      }
    }
  }
  const HandleReferral referral = FindReferral(registry, routes, elsewhere.prefix_handle);
  AddAddresses(referral.values, elsewhere.addresses);
  return elsewhere;
}

}  // namespace idnode
