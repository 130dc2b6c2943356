#include "node/service/handle_referral.h"

#include <algorithm>
#include <array>

#include "proto/base/limits.h"
#include "proto/ident/handle_name.h"
#include "proto/ident/identifier.h"

namespace idnode {
namespace {

constexpr std::array<std::string_view, 3> kReferralTypes = {"HS_SITE.PREFIX", "HS_NA_DELEGATE",
                                                            "HS_SERV.PREFIX"};

bool Refers(const Value& value) {
  const auto is = [&](std::string_view type) { return HasType(value.type, type); };
  return value.public_read() && std::ranges::any_of(kReferralTypes, is);
}

// The referring values of a record; nothing: it is not there, or has none.
HandleReferral ReferralIn(const Registry& registry, std::string_view key) {
  HandleReferral referral;
  const auto found = registry.Find(key, Reach::kDisk, referral.octets);
  if (!found) return {};
  auto values = found->record.DecodeAll();
  if (!values) return {};
  std::erase_if(*values, [](const Value& value) { return !Refers(value); });
  referral.values = *std::move(values);
  return referral;
}

// To the sites of a node below, under the types by which they are told.
HandleReferral ReferralTo(const ChildRoutes::Route& route, bool of_service) {
  HandleReferral referral{.octets = route.row.body, .values = {}, .of_service = of_service};
  const auto routing = DecodeRouting(referral.octets);
  if (!routing) return {};
  for (const RoutingSite& site : routing->sites) {
    const auto index = static_cast<uint32_t>(referral.values.size() + 1);
    referral.values.push_back({.index = index,
                               .type = of_service ? site.type : kReferralTypes.front(),
                               .data = site.data,
                               .references = {}});
  }
  return referral;
}

// To the node below that serves the prefix of an identifier.
HandleReferral ServiceOf(const ChildRoutes& routes, std::string_view key) {
  if (key.empty() || key[0] != static_cast<char>(Scheme::kHandle)) return {};
  const auto route = routes.Find(key.substr(1, key.find('/') - 1), Reach::kDisk);
  return route ? ReferralTo(*route, /*of_service=*/true) : HandleReferral();
}

}  // namespace

HandleReferral FindReferral(const Registry& registry, const ChildRoutes* routes,
                            std::string_view handle) {
  const auto name = ParseIdentifier(handle);
  if (!name) return {};
  const bool asks_below = routes != nullptr && routes->any();
  const std::string_view absent = PrefixNamedByKey(name->key);
  std::string row;
  const bool derived = !ParentPrefix(absent).empty();
  if (absent.size() > limits::kPrefixOctetsMax || (!derived && !absent.empty())) return {};
  if (absent.empty() && !asks_below) return {};
  const auto found = registry.Find(name->key, Reach::kDisk, row);
  if (found || found.error().code != Errc::kNotFound) return {};
  if (absent.empty()) return ServiceOf(*routes, name->key);
  if (asks_below) {
    const auto route = routes->Find(absent, Reach::kDisk);
    if (!route && route.error().code == Errc::kPrefixInactive) return {};
  }
  for (std::string_view parent = ParentPrefix(absent); !parent.empty();
       parent = ParentPrefix(parent)) {
    const size_t octets = name->key.size() - absent.size() + parent.size();
    HandleReferral referral = ReferralIn(registry, std::string_view(name->key).substr(0, octets));
    if (!referral.values.empty()) return referral;
    if (!asks_below) continue;
    const auto route = routes->Find(parent, Reach::kDisk);
    if (route) return ReferralTo(*route, /*of_service=*/false);
  }
  return {};
}

}  // namespace idnode
