#include "node/front/http/proxy_target.h"

#include <algorithm>
#include <array>

#include "proto/base/text.h"

namespace idnode {
namespace {

constexpr std::string_view kLocationType = "10320/loc";
constexpr uint32_t kExpirySecondsMax = 2 * 86'400;

// What people write before a handle. After those of `colon`, the first ':' stands for the '/'.
struct Spelling {
  std::string_view before;
  bool colon;
};
constexpr auto kSpellings = std::to_array<Spelling>({
    {"hdl:", false},
    {"doi:", false},
    {"info:hdl/", false},
    {"info:doi/", false},
    {"urn:hdl:", true},
    {"urn:doi:", true},
    {"urn:eidr:", true},
});

const Spelling* SpellingOf(std::string_view text) {
  const auto* const found = std::ranges::find_if(kSpellings, [&](const Spelling& each) {
    return EqualFolded(text.substr(0, each.before.size()), each.before);
  });
  return found == kSpellings.end() ? nullptr : found;
}

const Value* FirstOf(std::span<const Value> values, std::string_view type, bool exactly) {
  const auto found = std::ranges::find_if(values, [&](const Value& value) {
    return exactly ? EqualFolded(value.type, type) : HasType(value.type, type);
  });
  return found == values.end() ? nullptr : &*found;
}

const Value* FirstUrl(std::span<const Value> values) {
  for (const std::string_view type : {"URL", "0.TYPE/URL"}) {
    if (const Value* value = FirstOf(values, type, true)) return value;
  }
  return FirstOf(values, "URL", false);
}

bool IsUriCharacter(char c) {
  const auto octet = static_cast<unsigned char>(c);
  return octet > ' ' && octet < 0x7F &&
         std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
}

}  // namespace

Locations LocationsOf(std::span<const Value> values) {
  Locations all;
  for (const Value& value : values) {
    if (!EqualFolded(value.type, kLocationType)) continue;
    auto parsed = ParseLocations(value.data);
    if (!parsed) continue;
    if (all.choose_by.empty()) all.choose_by = std::move(parsed->choose_by);
    std::ranges::move(parsed->locations, std::back_inserter(all.locations));
  }
  if (all.locations.empty()) return all;
  for (const Value& value : values) {
    if (!HasType(value.type, "URL")) continue;
    Location location;
    location.href = value.data;
    location.attributes.emplace_back("href", location.href);
    all.locations.push_back(std::move(location));
  }
  return all;
}

std::optional<ProxyTarget> FindProxyTarget(std::span<const Value> values,
                                           const LocationWishes& wishes, std::string_view append) {
  const Locations locations = LocationsOf(values);
  if (const Location* chosen = ChooseLocation(locations, wishes)) {
    return ProxyTarget{UriOf(chosen->href + std::string(append)), chosen->status};
  }
  const Value* url = FirstUrl(values);
  if (url != nullptr && !url->data.empty()) {
    return ProxyTarget{UriOf(std::string(url->data).append(append))};
  }
  const Value* email = FirstOf(values, "EMAIL", false);
  if (email == nullptr || email->data.empty()) return std::nullopt;
  return ProxyTarget{"mailto:" + UriOf(email->data)};
}

std::string HandleInPath(std::string_view path) {
  const auto decoded = PercentDecode(path);
  if (!decoded) return std::string(path);
  std::string handle = *decoded;
  const Spelling* spelling = SpellingOf(handle);
  if (spelling == nullptr) return handle;
  handle.erase(0, spelling->before.size());
  if (!spelling->colon) return handle;
  if (const size_t colon = handle.find(':'); colon != std::string::npos) handle[colon] = '/';
  return handle;
}

bool IsHandlePath(std::string_view path) {
  const auto decoded = PercentDecode(path);
  if (!decoded || decoded->empty()) return false;
  return decoded->find_first_of("/.") != std::string::npos || SpellingOf(*decoded) != nullptr;
}

std::string UriOf(std::string_view iri) {
  std::string uri;
  for (const char c : iri) {
    if (IsUriCharacter(c)) {
      uri.push_back(c);
    } else {
      uri += PercentEncode({&c, 1});
    }
  }
  return uri;
}

uint32_t ExpiryOf(std::span<const Value> values, uint32_t now) {
  uint64_t earliest = uint64_t{now} + kExpirySecondsMax;
  for (const Value& value : values) {
    const uint64_t end = value.ttl_absolute ? value.ttl : uint64_t{now} + value.ttl;
    earliest = std::min(earliest, std::max<uint64_t>(end, now));
  }
  return static_cast<uint32_t>(std::min<uint64_t>(earliest, UINT32_MAX));
}

}  // namespace idnode
