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

}  // namespace

HandleReferral FindReferral(const Registry& registry, std::string_view handle) {
  const auto name = ParseIdentifier(handle);
  if (!name) return {};
  const std::string_view absent = PrefixNamedByKey(name->key);
  std::string row;
  const bool derived = !ParentPrefix(absent).empty();
  if (!derived || absent.size() > limits::kPrefixOctetsMax) return {};
  const auto found = registry.Find(name->key, Reach::kDisk, row);
  if (found || found.error().code != Errc::kNotFound) return {};
  for (std::string_view parent = ParentPrefix(absent); !parent.empty();
       parent = ParentPrefix(parent)) {
    const size_t octets = name->key.size() - absent.size() + parent.size();
    HandleReferral referral = ReferralIn(registry, std::string_view(name->key).substr(0, octets));
    if (!referral.values.empty()) return referral;
  }
  return {};
}

}  // namespace idnode
