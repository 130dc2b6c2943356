#include "proto/web/link_entry.h"

#include <algorithm>
#include <utility>

#include "proto/base/text.h"
#include "proto/web/json_document.h"
#include "proto/web/json_writer.h"
#include "proto/web/link_types.h"

namespace idnode {
namespace {

constexpr std::string_view kItemDescription = "gs1:itemDescription";

Status ReadMember(std::string_view name, const boost::json::value& value, LinkEntry& link) {
  if (value.is_null()) return {};
  if (name == "linktype" || name == "linkType") {
    if (!value.is_string()) return Error{Errc::kInvalidValue, "linktype"};
    link.link_type = std::string_view(value.get_string());
    return {};
  }
  if (name == "default") {
    if (!value.is_bool()) return Error{Errc::kInvalidValue, "default"};
    link.is_default = value.get_bool();
    return {};
  }
  const bool is_one_of_a_list = (name == "hreflang" || name == "context") && value.is_string();
  if (is_one_of_a_list) return ReadLinkMember(name, boost::json::array{value}, link.target);
  return ReadLinkMember(name, value, link.target);
}

void WriteLink(const LinkEntry& link, JsonWriter& json) {
  const auto flag = [&json](std::string_view name, bool value) {
    json.Member(name);
    json.Bool(value);
  };
  json.StartObject();
  json.TextMember("linktype", link.link_type);
  json.TextMember("href", link.target.href);
  json.TextMember("title", link.target.title);
  if (!link.target.media_type.empty()) json.TextMember("type", link.target.media_type);
  json.TextsMember("hreflang", link.target.languages);
  json.TextsMember("context", link.target.contexts);
  if (!link.target.forwards_query) flag("fwqs", false);
  if (!link.target.is_public) flag("public", false);
  if (link.is_default) flag("default", true);
  json.EndObject();
}

// Of an address alone, without any gs1:defaultLink.
std::optional<LinkEntry> DefaultOf(std::span<const Value> values) {
  const auto url = std::ranges::find_if(
      values, [](const Value& value) { return EqualFolded(value.type, "URL"); });
  if (url == values.end() || !CheckHref(url->data)) return std::nullopt;
  LinkEntry link;
  link.target.href = url->data;
  for (const Value& value : values) {
    if (value.type == kItemDescription && IsUtf8(value.data)) link.target.title = value.data;
  }
  return link;
}

void AddDefault(LinkEntry fallback, std::vector<LinkEntry>& links) {
  for (LinkEntry& link : links) {
    const bool is_described = RelationOf(link.link_type) != kDefaultLinkMulti;
    if (!is_described || link.target.href != fallback.target.href ||
        link.target.title != fallback.target.title) {
      continue;
    }
    link.is_default = true;
    return;
  }
  fallback.link_type = CompactLinkType(kDefaultLink);
  fallback.is_default = true;
  links.insert(links.begin(), std::move(fallback));
}

}  // namespace

Result<LinkEntry> ReadLinkEntry(const boost::json::value& json) {
  if (!json.is_object()) return Error{Errc::kMalformed, "a link is a JSON object"};
  LinkEntry link;
  for (const auto& member : json.get_object()) {
    const std::string_view name(member.key().data(), member.key().size());
    if (const Status read = ReadMember(name, member.value(), link); !read) return read.error();
  }
  if (link.link_type.empty()) return Error{Errc::kMissingField, "linktype"};
  const std::string relation = RelationOf(link.link_type);
  if (relation.empty()) return Error{Errc::kInvalidValue, "linktype: no link type"};
  if (link.target.href.empty()) return Error{Errc::kMissingField, "href"};
  if (const Status address = CheckHref(link.target.href); !address) return address.error();
  if (relation == kDefaultLink) link.is_default = true;
  return link;
}

Result<std::vector<LinkEntry>> ReadLinkEntries(const boost::json::value& json) {
  if (!json.is_array()) return Error{Errc::kMalformed, "links are a list"};
  if (json.get_array().size() > kLinksMax) return Error{Errc::kTooLarge, "more than 1000 links"};
  std::vector<LinkEntry> links;
  for (const boost::json::value& each : json.get_array()) {
    auto link = ReadLinkEntry(each);
    if (!link) return link.error();
    links.push_back(*std::move(link));
  }
  if (std::ranges::count(links, true, &LinkEntry::is_default) > 1) {
    return Error{Errc::kSeveralDefaultLinks, "default"};
  }
  return links;
}

Result<std::vector<LinkEntry>> ParseLinkEntries(std::string_view json) {
  const auto root = ParseJsonDocument(json, "links are JSON");
  if (!root) return root.error();
  if (root->is_object()) return ReadLinkEntries(boost::json::array{*root});
  return ReadLinkEntries(*root);
}

void WriteLinkEntries(std::span<const LinkEntry> links, std::string& out) {
  JsonWriter json(out);
  json.StartArray();
  for (const LinkEntry& link : links) WriteLink(link, json);
  json.EndArray();
}

std::vector<LinkEntry> LinkEntriesOf(std::span<const Value> values, bool with_private) {
  std::vector<LinkEntry> links;
  std::optional<LinkEntry> plain;
  for (const Value& value : values) {
    const std::string relation = RelationOf(value.type);
    if (relation.empty() || value.type == kItemDescription) continue;
    auto target = ParseLinkTarget(value.data);
    if (!target || (!target->is_public && !with_private)) continue;
    LinkEntry link{CompactLinkType(relation), *std::move(target), false};
    if (relation != kDefaultLink) {
      links.push_back(std::move(link));
    } else if (!plain) {
      plain = std::move(link);
    }
  }
  if (!plain) plain = DefaultOf(values);
  if (plain) AddDefault(*std::move(plain), links);
  return links;
}

void LinkValues::Add(const LinkEntry& link) {
  const std::string relation = RelationOf(link.link_type);
  if (link.is_default || relation == kDefaultLink) {
    // An address and a title, and nothing else (spec/gs1-digital-link.md 5.4).
    LinkTarget plain;
    plain.href = link.target.href;
    plain.title = link.target.title;
    plain.forwards_query = link.target.forwards_query;
    plain.is_public = link.target.is_public;
    AddValue(kDefaultLink, plain);
  }
  if (relation != kDefaultLink) AddValue(relation, link.target);
}

void LinkValues::AddDescription(std::string_view text) {
  Value& value = values_.emplace_back();
  value.type = kItemDescription;
  value.data = texts_.emplace_back(text);
}

void LinkValues::AddValue(std::string_view relation, const LinkTarget& target) {
  Value& value = values_.emplace_back();
  value.type = texts_.emplace_back(CompactLinkType(relation));
  std::string& data = texts_.emplace_back();
  WriteLinkTarget(target, data);
  value.data = data;
}

}  // namespace idnode
