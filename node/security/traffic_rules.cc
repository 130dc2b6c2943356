#include "node/security/traffic_rules.h"

#include <algorithm>
#include <array>

namespace idnode {
namespace {

// Destinations of what a browser fetches because it shows a page, not because somebody asked
// (Fetch Standard, 2.2.5). Scripts that fetch (`empty`) and navigation (`document`) are not among
// them.
constexpr std::array<std::string_view, 13> kPartsOfPages = {
    "audio",  "embed",  "font",  "frame", "iframe", "image",      "json",
    "object", "script", "style", "track", "video",  "webidentity"};

// Whether the query has a parameter of that name, whatever its value.
bool HasParameter(std::string_view query, std::string_view name) {
  if (name.empty()) return false;
  while (!query.empty()) {
    const std::string_view one = query.substr(0, query.find('&'));
    if (one.substr(0, one.find('=')) == name) return true;
    query.remove_prefix(std::min(query.size(), one.size() + 1));
  }
  return false;
}

}  // namespace

TrafficClass TrafficRules::ClassOf(const Address& address) const {
  if (load_test.Contains(address)) return TrafficClass::kLoadTest;
  if (probe.Contains(address)) return TrafficClass::kProbe;
  if (internal.Contains(address)) return TrafficClass::kInternal;
  return TrafficClass::kExternal;
}

TrafficClass TrafficRules::ClassOf(TrafficClass by_address, bool is_loopback,
                                   const TrafficSigns& signs) const {
  if (is_loopback && signs.said == "load-test") return TrafficClass::kLoadTest;
  if (by_address != TrafficClass::kExternal) return by_address;
  const bool is_beacon =
      signs.said == "page-beacon" || signs.purpose.starts_with("prefetch") ||
      (!signs.destination.empty() &&
       std::ranges::find(kPartsOfPages, signs.destination) != kPartsOfPages.end()) ||
      HasParameter(signs.query, beacon_parameter);
  return is_beacon ? TrafficClass::kPageBeacon : TrafficClass::kExternal;
}

}  // namespace idnode
