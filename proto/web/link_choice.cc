#include "proto/web/link_choice.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "proto/base/text.h"
#include "proto/web/link_types.h"

namespace idnode {
namespace {

using Links = std::vector<const Link*>;

template <class Keeps>
Links Kept(const Links& links, Keeps keeps) {
  Links kept;
  std::ranges::copy_if(links, std::back_inserter(kept), keeps);
  return kept;
}

// How a media type stands to Accept: by the range that names it most exactly (RFC 9110 section
// 12.5.1).
struct Fit {
  bool named = false;  // By itself, or by its family. */* says nothing.
  bool exact = false;
  double quality = 0;

  // Excluded, not named, named from the least wished to the most; exactly before by family.
  auto Rank() const {
    const int order = !named ? 1 : quality > 0 ? 2 : 0;
    return std::tuple(order, quality, order == 2 && exact);
  }
};

Fit FitOf(std::string_view media_type, const std::vector<QualityItem>& ranges) {
  const std::string_view essence = media_type.substr(0, media_type.find_first_of("; "));
  const std::string_view family = essence.substr(0, essence.find('/'));
  Fit fit;
  for (const QualityItem& range : ranges) {
    if (essence.empty() || fit.exact) break;
    const std::string_view name = range.name;
    if (EqualFolded(name, essence)) {
      fit = {true, true, range.quality};
    } else if (!fit.named && name != "*/*" && name.ends_with("/*") &&
               EqualFolded(name.substr(0, name.size() - 2), family)) {
      fit = {true, false, range.quality};
    }
  }
  return fit;
}

Links ByMediaType(const Links& links, const std::vector<QualityItem>& ranges) {
  auto best = Fit{.named = true}.Rank();  // Of what is excluded.
  for (const Link* link : links) {
    best = std::max(best, FitOf(link->target.media_type, ranges).Rank());
  }
  return Kept(links, [&](const Link* link) {
    return FitOf(link->target.media_type, ranges).Rank() == best;
  });
}

bool Speaks(const Link& link, std::string_view tag) {
  return std::ranges::any_of(link.target.languages,
                             [&](std::string_view each) { return EqualFolded(each, tag); });
}

// RFC 4647 section 3.4: the range, then the range without its last subtag, and so on; a single
// letter or digit never stands last.
Links LookUp(const Links& links, std::string_view range) {
  while (!range.empty()) {
    Links found = Kept(links, [&](const Link* link) { return Speaks(*link, range); });
    if (!found.empty()) return found;
    size_t end = range.rfind('-');
    if (end != std::string_view::npos && end >= 2 && range[end - 2] == '-') end -= 2;
    range = end == std::string_view::npos ? std::string_view() : range.substr(0, end);
  }
  return {};
}

Links ByLanguage(const Links& links, std::vector<QualityItem> ranges) {
  std::ranges::stable_sort(ranges, std::greater(), &QualityItem::quality);
  const auto is_excluded = [&](const Link* link) {
    return std::ranges::any_of(ranges, [&](const QualityItem& range) {
      return range.quality <= 0 && Speaks(*link, range.name);
    });
  };
  const Links admitted = Kept(links, [&](const Link* link) { return !is_excluded(link); });
  for (const QualityItem& range : ranges) {
    if (range.quality <= 0) break;
    if (range.name == "*") continue;
    if (Links found = LookUp(admitted, range.name); !found.empty()) return found;
  }
  return admitted;
}

Links ByContext(const Links& links, std::string_view context) {
  if (context.empty()) return links;
  return Kept(links, [&](const Link* link) {
    return std::ranges::find(link->target.contexts, context) != link->target.contexts.end();
  });
}

bool SaysNothing(const Link* link) {
  const LinkTarget& target = link->target;
  return target.media_type.empty() && target.languages.empty() && target.contexts.empty();
}

void Narrow(Links& links, Links to) {
  if (!to.empty()) links = std::move(to);
}

// The nearest of that relation: what is registered for every serial goes before what is for the
// product alone.
Links LinksOf(const LinkContext& level, std::string_view relation) {
  Links links;
  uint8_t nearest = 0;
  for (const Link& link : level.links) {
    if (link.relation != relation) continue;
    nearest = std::max(nearest, link.nearness);
    links.push_back(&link);
  }
  std::erase_if(links, [nearest](const Link* link) { return link->nearness < nearest; });
  return links;
}

LinkChoice ChooseDefault(std::span<const LinkContext> levels, const LinkWishes& wishes) {
  LinkChoice several;
  for (const LinkContext& level : levels) {
    const Links plain = LinksOf(level, kDefaultLink);
    if (several.context == nullptr) {
      Links fitting = ChooseLinks(LinksOf(level, kDefaultLinkMulti), wishes);
      if (fitting.size() == 1) return {&level, std::move(fitting)};
      if (plain.empty() && !fitting.empty()) several = {&level, std::move(fitting)};
    }
    if (!plain.empty()) return {&level, {plain.front()}};
  }
  return several;
}

}  // namespace

std::vector<const Link*> ChooseLinks(std::vector<const Link*> links, const LinkWishes& wishes) {
  if (links.size() > 1) Narrow(links, ByMediaType(links, wishes.media));
  if (links.size() > 1) Narrow(links, ByLanguage(links, wishes.languages));
  if (links.size() > 1) Narrow(links, ByContext(links, wishes.context));
  if (links.size() > 1) {
    Links silent = Kept(links, SaysNothing);
    if (silent.size() == 1) links = std::move(silent);
  }
  return links;
}

LinkChoice ChooseLink(std::span<const LinkContext> levels, std::string_view relation,
                      const LinkWishes& wishes) {
  if (relation.empty() || relation == kDefaultLink || relation == kDefaultLinkMulti) {
    return ChooseDefault(levels, wishes);
  }
  for (const LinkContext& level : levels) {
    Links links = LinksOf(level, relation);
    if (!links.empty()) return {&level, ChooseLinks(std::move(links), wishes)};
  }
  return {};
}

}  // namespace idnode
