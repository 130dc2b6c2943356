#include "node/front/http/proxy_negotiation.h"

#include <algorithm>
#include <array>

#include "proto/base/text.h"
#include "proto/web/quality_list.h"

namespace idnode {
namespace {

using Attributes = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kHtml = "text/html";

// What browsers show by themselves.
constexpr std::array<std::string_view, 4> kPages = {kHtml, "application/xhtml+xml", "text/plain",
                                                    "application/xml"};
constexpr std::array<std::string_view, 3> kMedia = {"image/", "audio/", "video/"};

// Whether a media range of Accept, without its parameters, is what browsers ask for.
bool HasWildcard(const QualityItem& range) { return range.name.find('*') != std::string::npos; }
bool IsForBrowsers(const QualityItem& range) {
  const auto begins = [&](std::string_view family) { return range.name.starts_with(family); };
  return HasWildcard(range) || std::ranges::find(kPages, range.name) != kPages.end() ||
         std::ranges::any_of(kMedia, begins);
}

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

void WishForType(const std::string& type, Attributes& wishes) {
  wishes.emplace_back("ctype", type);
  wishes.emplace_back("media-type", type);
}

// Of who takes anything, browsers are known by their name alone.
Attributes WishesOfAnybody(std::string_view user_agent) {
  const auto is_named = [&](std::string_view name) {
    return EqualFolded(user_agent.substr(0, name.size()), name);
  };
  if (!is_named("Mozilla/") && !is_named("Opera/")) return {{"http_role", "no_conneg"}};
  Attributes wishes = {{"http_role", "browser"}};
  WishForType(std::string(kHtml), wishes);
  return wishes;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> WishesByAccept(std::string_view accept,
                                                                std::string_view user_agent) {
  std::vector<QualityItem> ranges = ParseQualityList(accept);
  if (ranges.empty() || (ranges.size() == 1 && ranges[0].name == "*/*")) {
    return WishesOfAnybody(Trimmed(user_agent));
  }
  double best = 0, best_page = 0;
  for (const QualityItem& range : ranges) {
    best = std::max(best, range.quality);
    if (IsForBrowsers(range)) best_page = std::max(best_page, range.quality);
  }
  Attributes wishes;
  if (best_page < best) {
    std::ranges::stable_sort(ranges, std::greater(), &QualityItem::quality);
    for (const QualityItem& range : ranges) {
      if (HasWildcard(range)) break;
      WishForType(range.name, wishes);
    }
    wishes.emplace_back("http_role", "conneg");
    return wishes;
  }
  wishes.emplace_back("http_role", "browser");
  if (std::ranges::find(ranges, kHtml, &QualityItem::name) != ranges.end()) {
    WishForType(std::string(kHtml), wishes);
  }
  return wishes;
}

bool VaryByAccept(const Locations& locations) {
  return std::ranges::any_of(locations.locations, [](const Location& location) {
    const std::string* role = location.Find("http_role");
    return role != nullptr && role->find("conneg") != std::string::npos;
  });
}

}  // namespace idnode
