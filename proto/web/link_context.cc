#include "proto/web/link_context.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "proto/base/text.h"
#include "proto/web/link_types.h"

namespace idnode {
namespace {

constexpr std::string_view kItemDescription = "gs1:itemDescription";

// Variables filled; nothing: `path` lacks one.
bool Fill(const Gs1Path& path, Link& link) {
  if (!HasVariables(link.target.href)) return true;
  std::string href;
  if (!FillVariables(link.target.href, path, href)) return false;
  link.target.href = std::move(href);
  link.json.clear();  // To be written anew.
  return true;
}

// The default link has an address and a title, and nothing else (spec/gs1-digital-link.md 5.4).
void KeepWhatDefaultsHave(Link& link) {
  LinkTarget& target = link.target;
  if (target.languages.empty() && target.media_type.empty() && target.contexts.empty()) return;
  target.languages.clear();
  target.media_type.clear();
  target.contexts.clear();
  link.json.clear();
}

std::optional<Link> LinkOf(const Value& value, const Gs1Path& path, bool with_private) {
  Link link{.relation = RelationOf(value.type), .target = {}, .json = std::string(value.data)};
  if (link.relation.empty()) return std::nullopt;
  auto target = ParseLinkTarget(value.data);
  if (!target || (!target->is_public && !with_private)) return std::nullopt;
  link.target = *std::move(target);
  if (!Fill(path, link)) return std::nullopt;
  if (link.relation == kDefaultLink) KeepWhatDefaultsHave(link);
  if (link.json.empty()) WriteLinkTarget(link.target, link.json);
  return link;
}

// Of an address alone.
std::optional<Link> DefaultOf(std::string_view url, std::string_view title, const Gs1Path& path) {
  Link link{.relation = std::string(kDefaultLink), .target = {}, .json = {}};
  link.target.href = url;
  link.target.title = title;
  if (!CheckHref(url) || !Fill(path, link)) return std::nullopt;
  WriteLinkTarget(link.target, link.json);
  return link;
}

// Links of one relation together, in the order in which the relations come first.
void Gather(std::vector<Link>& links) {
  for (auto begin = links.begin(); begin != links.end();) {
    const std::string relation = begin->relation;
    begin = std::stable_partition(begin, links.end(),
                                  [&](const Link& link) { return link.relation == relation; });
  }
}

}  // namespace

LinkContext LinkContextOf(std::span<const Value> values, const Gs1Path& path, std::string anchor,
                          bool with_private) {
  LinkContext context{.anchor = std::move(anchor), .item_description = {}, .links = {}};
  const Value* url = nullptr;
  std::optional<Link> plain_default;
  for (const Value& value : values) {
    if (value.type == kItemDescription) {
      if (IsUtf8(value.data)) context.item_description = value.data;
    } else if (EqualFolded(value.type, "URL")) {
      if (url == nullptr) url = &value;
    } else if (auto link = LinkOf(value, path, with_private)) {
      if (link->relation != kDefaultLink) {
        context.links.push_back(*std::move(link));
      } else if (!plain_default) {
        plain_default = std::move(link);
      }
    }
  }
  if (!plain_default && url != nullptr) {
    plain_default = DefaultOf(url->data, context.item_description, path);
  }
  Gather(context.links);
  if (plain_default) context.links.insert(context.links.begin(), *std::move(plain_default));
  return context;
}

}  // namespace idnode
