#include "proto/web/community_links.h"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include "proto/base/text.h"
#include "proto/gs1/segment.h"
#include "proto/web/json_document.h"
#include "proto/web/link_types.h"
#include "proto/web/link_warnings.h"

namespace idnode {
namespace {

namespace json = boost::json;

// In the order of LinkNoteCode.
constexpr std::array<std::string_view, 7> kNoteNames = {
    "link_type_mapped",   "variable_mapped", "inactive_left_out", "context_left_out",
    "duplicate_left_out", "member_left_out", "several_defaults"};

// Names that were never ratified, or are not any more, and what the vocabulary has for them.
struct TypeRow {
  std::string_view from, to;
};
constexpr auto kTypes = std::to_array<TypeRow>({
    {"productPassport", "dpp"},
    {"productSustainabilityInfo", "sustainabilityInfo"},
});

// Qualifiers in the order in which a path has them.
constexpr auto kQualifierOrder = std::to_array<std::string_view>(
    {"22", "10", "21", "235", "254", "7040", "8011", "8019", "8020"});

std::string_view TextOf(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains(name);
  const json::string* text = member == nullptr ? nullptr : member->if_string();
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

bool IsFalse(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains(name);
  return member != nullptr && member->is_bool() && !member->get_bool();
}

bool IsTrue(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains(name);
  return member != nullptr && member->is_bool() && member->get_bool();
}

// {serialnumber} stands for any value.
bool IsVariable(std::string_view value) {
  return value.size() > 2 && value.starts_with('{') && value.ends_with('}');
}

class EntryReader {
 public:
  Result<CommunityEntry> ReadVersion3(const json::object& object) {
    identifier_ = TextOf(object, "anchor");
    if (identifier_.empty()) return Error{Errc::kMissingField, "anchor"};
    if (const Status read = ReadQualifiers(object); !read) return read.error();
    const json::value* links = object.if_contains("links");
    if (links == nullptr || !links->is_array()) return Error{Errc::kMissingField, "links"};
    default_type_ = MappedType(TextOf(object, "defaultLinktype"), /*noted=*/false);
    for (const json::value& link : links->get_array()) {
      if (const Status read = ReadLink3(link); !read) return read.error();
    }
    return Finish(object);
  }

  Result<CommunityEntry> ReadVersion2(const json::object& object) {
    const std::string_view type = TextOf(object, "identificationKeyType");
    const std::string_view key = TextOf(object, "identificationKey");
    if (type.empty() || key.empty()) return Error{Errc::kMissingField, "identificationKey"};
    const Gs1ApplicationIdentifier* ai = FindNamedAi(type, /*alphabetic_names=*/true);
    if (ai == nullptr) return Error{Errc::kInvalidIdentifier, "identificationKeyType"};
    identifier_.append(ai->ai).push_back('/');
    AppendPercentEncoded(key, identifier_);
    if (const Status read = ReadQualifierPath(TextOf(object, "qualifierPath")); !read) {
      return read.error();
    }
    const json::value* responses = object.if_contains("responses");
    if (responses == nullptr || !responses->is_array()) {
      return Error{Errc::kMissingField, "responses"};
    }
    for (const json::value& response : responses->get_array()) {
      if (const Status read = ReadResponse(response); !read) return read.error();
    }
    return Finish(object);
  }

 private:
  void Note(LinkNoteCode code, std::string_view from = {}, std::string_view to = {}) {
    read_.notes.push_back({code, std::string(from), std::string(to)});
  }

  // [{"10":"LOT"},{"21":"{serialnumber}"}]
  Status ReadQualifiers(const json::object& object) {
    const json::value* list = object.if_contains("qualifiers");
    if (list == nullptr || list->is_null()) return {};
    if (!list->is_array()) return Error{Errc::kMalformed, "qualifiers: a list"};
    for (const json::value& each : list->get_array()) {
      if (!each.is_object()) return Error{Errc::kMalformed, "qualifiers: a list of objects"};
      for (const auto& member : each.get_object()) {
        if (!member.value().is_string()) return Error{Errc::kMalformed, "a qualifier is a text"};
        std::string value;
        const std::string_view raw = member.value().get_string();
        if (IsVariable(raw)) {
          value = raw;
        } else {
          AppendPercentEncoded(raw, value);
        }
        if (const Status added = AddQualifier(member.key(), std::move(value)); !added) {
          return added;
        }
      }
    }
    return {};
  }

  // /10/LOT/21/{serialnumber}
  Status ReadQualifierPath(std::string_view path) {
    while (path.starts_with('/')) path.remove_prefix(1);
    while (!path.empty()) {
      const size_t middle = std::min(path.find('/'), path.size());
      const size_t end = std::min(path.find('/', std::min(middle + 1, path.size())), path.size());
      if (middle + 1 >= end) return Error{Errc::kInvalidIdentifier, "qualifierPath"};
      const Status added = AddQualifier(path.substr(0, middle),
                                        std::string(path.substr(middle + 1, end - middle - 1)));
      if (!added) return added;
      path.remove_prefix(std::min(end + 1, path.size()));
    }
    return {};
  }

  Status AddQualifier(std::string_view name, std::string value) {
    const Gs1ApplicationIdentifier* ai = FindNamedAi(name, /*alphabetic_names=*/true);
    if (ai == nullptr || !ai->qualifier) return Error{Errc::kInvalidIdentifier, "a qualifier"};
    if (IsVariable(value)) {
      variables_.emplace_back(value, "{" + std::string(ai->ai) + "}");
      if (value != variables_.back().second) {
        Note(LinkNoteCode::kVariableMapped, value, variables_.back().second);
      }
    } else {
      qualifiers_.emplace_back(ai->ai, std::move(value));
    }
    return {};
  }

  std::string MappedType(std::string_view type, bool noted) {
    if (type.empty()) return {};
    const std::string relation = RelationOf(type);
    if (!relation.starts_with(kLinkVocabulary)) return std::string(type);
    const std::string_view term = std::string_view(relation).substr(kLinkVocabulary.size());
    const auto row = std::ranges::find(kTypes, term, &TypeRow::from);
    std::string mapped(kLinkVocabularyPrefix);
    mapped.append(row == kTypes.end() ? term : row->to);
    if (noted && row != kTypes.end()) Note(LinkNoteCode::kLinkTypeMapped, type, mapped);
    return mapped;
  }

  // Variables by their AIs.
  std::string MappedHref(std::string_view href) const {
    std::string mapped(href);
    for (const auto& [from, to] : variables_) {
      for (size_t at = mapped.find(from); at != std::string::npos;
           at = mapped.find(from, at + to.size())) {
        mapped.replace(at, from.size(), to);
      }
    }
    return mapped;
  }

  // Contexts and languages, one or several; "und" and "xx" say that there is none.
  std::vector<std::string> Texts(const json::object& object, std::string_view name) {
    std::vector<std::string> texts;
    const auto add = [&](const json::value& value) {
      if (!value.is_string() || value.get_string().empty()) return;
      const std::string_view text = value.get_string();
      if (text != "und" && text != "xx") {
        texts.emplace_back(text);
      } else if (name == "context") {
        Note(LinkNoteCode::kContextLeftOut, text);
      }
    };
    const json::value* member = object.if_contains(name);
    if (member == nullptr) return texts;
    if (!member->is_array()) add(*member);
    if (member->is_array()) std::ranges::for_each(member->get_array(), add);
    return texts;
  }

  struct Names {
    std::string_view type, href, title, media_type, language;
  };

  Status ReadLink(const json::object& object, const Names& names, bool is_default) {
    if (IsFalse(object, "active")) {
      Note(LinkNoteCode::kInactiveLeftOut, TextOf(object, names.href));
      return {};
    }
    LinkEntry link;
    link.link_type = MappedType(TextOf(object, names.type), /*noted=*/true);
    if (link.link_type.empty()) return Error{Errc::kMissingField, names.type};
    if (RelationOf(link.link_type).empty()) return Error{Errc::kInvalidValue, names.type};
    link.target.href = MappedHref(TextOf(object, names.href));
    if (link.target.href.empty()) return Error{Errc::kMissingField, names.href};
    if (const Status address = CheckHref(link.target.href); !address) return address;
    link.target.title = TextOf(object, names.title);
    const Status read = ReadAttributes(object, names, link.target);
    if (!read) return read;
    Add(std::move(link), is_default);
    return {};
  }

  Status ReadAttributes(const json::object& object, const Names& names, LinkTarget& target) {
    if (const auto type = TextOf(object, names.media_type); !type.empty()) {
      if (const Status read = ReadLinkMember("type", json::string(type), target); !read) {
        return read;
      }
    }
    json::array languages, contexts;
    for (const std::string& each : Texts(object, names.language)) languages.emplace_back(each);
    for (const std::string& each : Texts(object, "context")) contexts.emplace_back(each);
    target.forwards_query = !IsFalse(object, "fwqs");
    target.is_public = !IsFalse(object, "public");
    if (const Status read = ReadLinkMember("hreflang", languages, target); !read) return read;
    return ReadLinkMember("context", contexts, target);
  }

  void Add(LinkEntry link, bool is_default) {
    const std::string place =
        PlaceOfLink(RelationOf(link.link_type), link.target) + link.target.href;
    if (!places_.insert(place).second)
      return Note(LinkNoteCode::kDuplicateLeftOut, link.target.href);
    if (is_default && default_type_.empty()) default_type_ = link.link_type;
    read_.entry.links.push_back(std::move(link));
  }

  Status ReadLink3(const json::value& link) {
    if (!link.is_object()) return Error{Errc::kMalformed, "a link is a JSON object"};
    const json::object& object = link.get_object();
    constexpr auto kKnown = std::to_array<std::string_view>(
        {"linktype", "href", "title", "type", "hreflang", "context", "fwqs", "public", "active"});
    for (const auto& member : object) {
      const std::string_view name(member.key().data(), member.key().size());
      const bool is_known = std::ranges::find(kKnown, name) != kKnown.end();
      if (!is_known && !member.value().is_null()) Note(LinkNoteCode::kMemberLeftOut, name);
    }
    return ReadLink(object, {"linktype", "href", "title", "type", "hreflang"}, false);
  }

  Status ReadResponse(const json::value& response) {
    if (!response.is_object()) return Error{Errc::kMalformed, "a response is a JSON object"};
    const json::object& object = response.get_object();
    const bool is_newer = object.contains("language");
    return ReadLink(
        object,
        {"linkType", "targetUrl", "linkTitle", "mimeType", is_newer ? "language" : "ianaLanguage"},
        IsTrue(object, "defaultLinkType"));
  }

  // The first link of the default type is the default; where there are several, or they are those
  // of any serial or lot, who asks gets the one that fits.
  void NameDefault() {
    std::vector<LinkEntry>& links = read_.entry.links;
    const std::string relation = RelationOf(default_type_);
    if (relation.empty()) return;
    std::vector<LinkEntry> several;
    for (LinkEntry& link : links) {
      if (RelationOf(link.link_type) != relation) continue;
      link.is_default = several.empty();
      several.push_back(link);
    }
    const bool is_resolvers = relation == kDefaultLinkMulti || relation == kDefaultLink;
    const bool is_of_item = !several.empty() && NearnessOf(several.front().target.href) > 0;
    if ((several.size() < 2 && !is_of_item) || is_resolvers) return;
    Note(LinkNoteCode::kSeveralDefaults, default_type_);
    for (LinkEntry& link : several) {
      link.link_type = CompactLinkType(kDefaultLinkMulti);
      link.is_default = false;
      links.push_back(std::move(link));
    }
  }

  // A plain default link that came as a link is the default where the entry names no other.
  void KeepOneDefault() {
    bool has_default = std::ranges::any_of(read_.entry.links,
                                           [](const LinkEntry& link) { return link.is_default; });
    std::erase_if(read_.entry.links, [&](LinkEntry& link) {
      if (RelationOf(link.link_type) != kDefaultLink) return false;
      if (has_default && !link.is_default) {
        Note(LinkNoteCode::kDuplicateLeftOut, link.target.href);
        return true;
      }
      has_default = link.is_default = true;
      return false;
    });
  }

  Result<CommunityEntry> Finish(const json::object& object) {
    std::ranges::stable_sort(qualifiers_, {}, [](const auto& qualifier) {
      return std::ranges::find(kQualifierOrder, qualifier.first) - kQualifierOrder.begin();
    });
    for (const auto& [name, value] : qualifiers_) identifier_.append("/" + name + "/" + value);
    while (identifier_.starts_with('/')) identifier_.erase(0, 1);
    read_.entry.identifier = std::move(identifier_);
    const std::string_view description = TextOf(object, "itemDescription");
    if (!description.empty()) read_.entry.description = description;
    if (IsFalse(object, "active")) {
      Note(LinkNoteCode::kInactiveLeftOut, read_.entry.identifier);
      read_.entry.links.clear();
    }
    NameDefault();
    KeepOneDefault();
    return std::move(read_);
  }

  CommunityEntry read_;
  std::string identifier_, default_type_;
  std::vector<std::pair<std::string, std::string>> qualifiers_;
  std::vector<std::pair<std::string, std::string>> variables_;
  std::unordered_set<std::string> places_;
};

LinkFormat FormatOf(const json::object& object) {
  if (object.contains("anchor")) return LinkFormat::kVersion3;
  return object.contains("identificationKeyType") ? LinkFormat::kVersion2 : LinkFormat::kOurs;
}

}  // namespace

std::string_view NameOf(LinkNoteCode code) { return kNoteNames[static_cast<size_t>(code)]; }

Result<CommunityEntry> ReadCommunityEntry(std::string_view text, LinkFormat format) {
  const auto document = ParseJsonDocument(text, "the entry is a JSON object");
  if (!document) return document.error();
  const json::value& root = *document;
  if (!root.is_object()) return Error{Errc::kMalformed, "the entry is a JSON object"};
  if (format == LinkFormat::kAuto) format = FormatOf(root.get_object());
  if (format == LinkFormat::kVersion3) return EntryReader().ReadVersion3(root.get_object());
  if (format == LinkFormat::kVersion2) return EntryReader().ReadVersion2(root.get_object());
  auto entry = ParseLinkBatchEntry(text);
  if (!entry) return entry.error();
  return CommunityEntry{*std::move(entry), {}};
}

}  // namespace idnode
