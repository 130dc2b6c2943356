#include "node/front/http/proxy_negotiation.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "proto/base/text.h"

namespace idnode {
namespace {

using Attributes = std::vector<std::pair<std::string, std::string>>;

constexpr size_t kRangesMax = 32;  // Of one Accept; what follows is not looked at.
constexpr std::string_view kHtml = "text/html";

// What browsers show by themselves.
constexpr std::array<std::string_view, 4> kPages = {kHtml, "application/xhtml+xml", "text/plain",
                                                    "application/xml"};
constexpr std::array<std::string_view, 3> kMedia = {"image/", "audio/", "video/"};

// A media range of Accept (RFC 9110 section 12.5.1), without its parameters.
struct MediaRange {
  std::string type;
  double quality = 1;

  bool has_wildcard() const { return type.find('*') != std::string::npos; }
  bool is_for_browsers() const {
    const auto begins = [&](std::string_view family) { return type.starts_with(family); };
    return has_wildcard() || std::ranges::find(kPages, type) != kPages.end() ||
           std::ranges::any_of(kMedia, begins);
  }
};

std::string_view Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// The piece of `rest` up to `separator`, which is taken off it.
std::string_view NextPiece(std::string_view& rest, char separator) {
  const size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view piece = Trimmed(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return piece;
}

double QualityOf(std::string_view text) {
  const std::string number(text);
  char* end = nullptr;
  const double quality = std::strtod(number.c_str(), &end);
  const bool reads = !number.empty() && *end == '\0' && quality >= 0 && quality <= 1;
  return reads ? quality : 1;
}

std::vector<MediaRange> RangesOf(std::string_view accept) {
  std::vector<MediaRange> ranges;
  while (!accept.empty() && ranges.size() < kRangesMax) {
    std::string_view entry = NextPiece(accept, ',');
    MediaRange range;
    for (const char c : NextPiece(entry, ';')) {
      range.type.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    }
    while (!entry.empty()) {
      const std::string_view parameter = NextPiece(entry, ';');
      if (EqualFolded(parameter.substr(0, 2), "q=")) range.quality = QualityOf(parameter.substr(2));
    }
    if (!range.type.empty()) ranges.push_back(std::move(range));
  }
  return ranges;
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
  std::vector<MediaRange> ranges = RangesOf(accept);
  if (ranges.empty() || (ranges.size() == 1 && ranges[0].type == "*/*")) {
    return WishesOfAnybody(Trimmed(user_agent));
  }
  double best = 0, best_page = 0;
  for (const MediaRange& range : ranges) {
    best = std::max(best, range.quality);
    if (range.is_for_browsers()) best_page = std::max(best_page, range.quality);
  }
  Attributes wishes;
  if (best_page < best) {
    std::ranges::stable_sort(ranges, std::greater(), &MediaRange::quality);
    for (const MediaRange& range : ranges) {
      if (range.has_wildcard()) break;
      WishForType(range.type, wishes);
    }
    wishes.emplace_back("http_role", "conneg");
    return wishes;
  }
  wishes.emplace_back("http_role", "browser");
  if (std::ranges::find(ranges, kHtml, &MediaRange::type) != ranges.end()) {
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
