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
  link.nearness = NearnessOf(link.target.href);
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

// Which links are read, and for what.
struct Reading {
  const Gs1Path& path;
  bool with_private;
  bool shown = true;                                 // With their JSON.
  std::span<const std::string_view> relations = {};  // Empty: all.

  bool Wants(std::string_view relation) const {
    return relations.empty() || std::ranges::find(relations, relation) != relations.end();
  }
};

std::optional<Link> LinkOf(const Value& value, const Reading& reading) {
  Link link{.relation = RelationOf(value.type), .target = {}, .json = {}};
  if (link.relation.empty() || !reading.Wants(link.relation)) return std::nullopt;
  auto target = ParseLinkTarget(value.data);
  if (!target || (!target->is_public && !reading.with_private)) return std::nullopt;
  link.target = *std::move(target);
  link.json = reading.shown ? value.data : std::string_view();
  if (!Fill(reading.path, link)) return std::nullopt;
  if (link.relation == kDefaultLink) KeepWhatDefaultsHave(link);
  if (link.json.empty() && reading.shown) WriteLinkTarget(link.target, link.json);
  return link;
}

// Of an address alone.
std::optional<Link> DefaultOf(std::string_view url, std::string_view title,
                              const Reading& reading) {
  Link link{.relation = std::string(kDefaultLink), .target = {}, .json = {}};
  link.target.href = url;
  link.target.title = title;
  if (!CheckHref(url) || !Fill(reading.path, link)) return std::nullopt;
  if (reading.shown) WriteLinkTarget(link.target, link.json);
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

LinkContext Read(std::span<const Value> values, const Reading& reading) {
  LinkContext context;
  const Value* url = nullptr;
  std::optional<Link> plain_default;
  for (const Value& value : values) {
    if (value.type == kItemDescription) {
      if (reading.shown && IsUtf8(value.data)) context.item_description = value.data;
    } else if (EqualFolded(value.type, "URL")) {
      if (url == nullptr) url = &value;
    } else if (auto link = LinkOf(value, reading)) {
      if (link->relation != kDefaultLink) {
        context.links.push_back(*std::move(link));
      } else if (!plain_default) {
        plain_default = std::move(link);
      }
    }
  }
  if (!plain_default && url != nullptr && reading.Wants(kDefaultLink)) {
    plain_default = DefaultOf(url->data, context.item_description, reading);
  }
  Gather(context.links);
  if (plain_default) context.links.insert(context.links.begin(), *std::move(plain_default));
  return context;
}

}  // namespace

LinkContext LinkContextOf(std::span<const Value> values, const Gs1Path& path, std::string anchor,
                          bool with_private) {
  LinkContext context = Read(values, {.path = path, .with_private = with_private});
  context.anchor = std::move(anchor);
  return context;
}

LinkContext LinksToFollow(std::span<const Value> values, const Gs1Path& path,
                          std::span<const std::string_view> relations, bool with_private) {
  return Read(values,
              {.path = path, .with_private = with_private, .shown = false, .relations = relations});
}

}  // namespace idnode
