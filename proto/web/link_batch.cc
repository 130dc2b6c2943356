#include "proto/web/link_batch.h"

#include <algorithm>
#include <array>

#include "proto/web/json_document.h"
#include "proto/web/json_writer.h"

namespace idnode {
namespace {

namespace json = boost::json;

// In the order of LinkAction.
constexpr std::array<std::string_view, 3> kActions = {"put", "add", "remove"};

Status ReadText(const json::value& value, std::string& text, std::string_view what) {
  if (!value.is_string()) return Error{Errc::kMalformed, what};
  text = std::string_view(value.get_string());
  return {};
}

Status ReadAction(const json::value& value, LinkBatchEntry& entry) {
  std::string name;
  const Status read = ReadText(value, name, "action: put, add or remove");
  const auto found = std::ranges::find(kActions, name);
  if (!read || found == kActions.end()) {
    return Error{Errc::kMalformed, "action: put, add or remove"};
  }
  entry.action = static_cast<LinkAction>(found - kActions.begin());
  return {};
}

Status ReadMember(std::string_view name, const json::value& value, LinkBatchEntry& entry) {
  if (name == "identifier") return ReadText(value, entry.identifier, "identifier: a text");
  if (name == "action") return ReadAction(value, entry);
  if (name == "itemDescription") {
    return ReadText(value, entry.description.emplace(), "itemDescription: a text");
  }
  if (name == "linkType") return ReadText(value, entry.link_type, "linkType: a text");
  if (name == "hreflang") return ReadText(value, entry.language, "hreflang: a text");
  if (name == "context") return ReadText(value, entry.context, "context: a text");
  if (name == "expected_version") {
    json::error_code error;
    entry.expected_version = value.to_number<uint64_t>(error);
    return error ? Error{Errc::kMalformed, "expected_version: a number"} : Status();
  }
  if (name != "links") return Error{Errc::kInvalidValue, "an entry has no such member"};
  auto links = ReadLinkEntries(value);
  if (!links) return links.error();
  entry.links = *std::move(links);
  return {};
}

}  // namespace

Result<LinkBatchEntry> ParseLinkBatchEntry(std::string_view text) {
  const auto document = ParseJsonDocument(text, "the entry is a JSON object");
  if (!document) return document.error();
  const json::value& root = *document;
  if (!root.is_object()) return Error{Errc::kMalformed, "the entry is a JSON object"};
  LinkBatchEntry entry;
  for (const auto& member : root.get_object()) {
    const std::string_view name(member.key().data(), member.key().size());
    if (const Status read = ReadMember(name, member.value(), entry); !read) return read.error();
  }
  if (entry.identifier.empty()) return Error{Errc::kMissingField, "identifier"};
  const bool has_links = root.get_object().contains("links");
  if (entry.action != LinkAction::kRemove && !has_links) return Error{Errc::kMissingField, "links"};
  return entry;
}

void WriteLinkBatchEntry(const LinkBatchEntry& entry, std::string& out) {
  JsonWriter writer(out);
  const auto text = [&writer](std::string_view name, std::string_view value) {
    writer.Member(name);
    writer.Text(value);
  };
  writer.StartObject();
  text("identifier", entry.identifier);
  text("action", kActions[static_cast<size_t>(entry.action)]);
  if (entry.description) text("itemDescription", *entry.description);
  if (entry.action != LinkAction::kRemove) {
    std::string links;
    WriteLinkEntries(entry.links, links);
    writer.Member("links");
    writer.RawValue(links.data(), links.size(), rapidjson::kArrayType);
  }
  if (!entry.link_type.empty()) text("linkType", entry.link_type);
  if (!entry.language.empty()) text("hreflang", entry.language);
  if (!entry.context.empty()) text("context", entry.context);
  if (entry.expected_version != 0) {
    writer.Member("expected_version");
    writer.Uint64(entry.expected_version);
  }
  writer.EndObject();
}

}  // namespace idnode
