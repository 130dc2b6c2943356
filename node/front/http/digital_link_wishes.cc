#include "node/front/http/digital_link_wishes.h"

#include <algorithm>
#include <array>

#include "proto/base/text.h"
#include "proto/web/link_types.h"

namespace idnode {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kHtml = "text/html";

// All fields of one name are one list (RFC 9110 section 5.3).
std::string Joined(const Request& request, std::string_view name) {
  std::string joined;
  for (const Field& field : request.fields) {
    if (!EqualFolded(field.name, name)) continue;
    if (!joined.empty()) joined += ", ";
    joined += field.value;
  }
  return joined;
}

// What is not well percent-encoded stands as it was sent: a query never stops a resolution
// (spec/gs1-digital-link.md 5.2).
std::string ParameterOf(std::string_view query, std::string_view name) {
  const std::string_view value = RawParameterOf(query, name);
  const auto decoded = PercentDecode(value);
  return decoded ? *decoded : std::string(value);
}

bool HasWildcard(const QualityItem& range) { return range.name.find('*') != std::string::npos; }

double QualityOf(const std::vector<QualityItem>& ranges, std::string_view name) {
  double quality = 0;
  for (const QualityItem& range : ranges) {
    if (range.name == name) quality = std::max(quality, range.quality);
  }
  return quality;
}

// Named, and no other media type is wished for more. Wildcards are not looked at.
bool IsWishedMost(const std::vector<QualityItem>& ranges, std::string_view name) {
  const double quality = QualityOf(ranges, name);
  return quality > 0 && std::ranges::none_of(ranges, [&](const QualityItem& range) {
           return !HasWildcard(range) && range.quality > quality;
         });
}

bool NamesOnlyJson(const std::vector<QualityItem>& ranges) {
  return !ranges.empty() && std::ranges::all_of(ranges, [](const QualityItem& range) {
    return range.quality > 0 && (range.name == kJson || range.name == kJsonLdMediaType);
  });
}

}  // namespace

DigitalLinkWishes WishesOf(const Request& request) {
  DigitalLinkWishes wishes;
  wishes.links.media = ParseQualityList(Joined(request, "accept"));
  wishes.links.languages = ParseQualityList(Joined(request, "accept-language"));
  wishes.links.context = ParameterOf(request.query, "context");
  wishes.link_type = ParameterOf(request.query, "linkType");
  if (wishes.link_type == "linkset" || wishes.link_type == "all") {
    wishes.wants_linkset = true;
    wishes.link_type.clear();
  }
  const std::string relation = RelationOf(wishes.link_type);
  if (relation == kDefaultLink || relation == kDefaultLinkMulti) wishes.link_type.clear();
  wishes.wants_linkset |= IsWishedMost(wishes.links.media, kLinksetMediaType);
  wishes.accepts_json_only = NamesOnlyJson(wishes.links.media);
  return wishes;
}

std::string_view RawParameterOf(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const size_t equals = pair.find('=');
    if (equals == name.size() && EqualFolded(pair.substr(0, equals), name)) {
      return pair.substr(equals + 1);
    }
  }
  return {};
}

bool AcceptsJson(const Request& request) {
  static constexpr std::string_view kName = "json";
  return std::ranges::any_of(request.fields, [](const Field& field) {
    if (field.name.size() != 6 || !EqualFolded(field.name, "accept")) return false;
    for (size_t at = field.value.find_first_of("jJ"); at != std::string_view::npos;
         at = field.value.find_first_of("jJ", at + 1)) {
      if (EqualFolded(field.value.substr(at, kName.size()), kName)) return true;
    }
    return false;
  });
}

LinksetAnswer LinksetAnswerFor(const DigitalLinkWishes& wishes) {
  const std::vector<QualityItem>& media = wishes.links.media;
  if (IsWishedMost(media, kLinksetMediaType)) return LinksetAnswer::kLinkset;
  // Of equals, the one that stands first.
  for (const QualityItem& range : media) {
    if (!IsWishedMost(media, range.name)) continue;
    if (range.name == kHtml) return LinksetAnswer::kPage;
    if (range.name == kJsonLdMediaType) return LinksetAnswer::kJsonLd;
    if (range.name == kJson) return LinksetAnswer::kJson;
  }
  return LinksetAnswer::kLinkset;
}

bool PrefersPage(const LinkWishes& wishes) { return IsWishedMost(wishes.media, kHtml); }

bool AnyHasWishedType(std::span<const LinkContext> levels, const LinkWishes& wishes) {
  return std::ranges::any_of(levels, [&](const LinkContext& level) {
    return std::ranges::any_of(level.links, [&](const Link& link) {
      const std::string_view type = link.target.media_type;
      const std::string_view essence = type.substr(0, type.find_first_of("; "));
      return std::ranges::any_of(
          wishes.media, [&](const QualityItem& range) { return EqualFolded(range.name, essence); });
    });
  });
}

}  // namespace idnode
