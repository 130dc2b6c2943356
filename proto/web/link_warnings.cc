#include "proto/web/link_warnings.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "proto/base/text.h"
#include "proto/web/json_writer.h"
#include "proto/web/link_types.h"

namespace idnode {
namespace {

// In the order of LinkWarningCode.
constexpr auto kRows = std::to_array<LinkWarningRow>({
    {LinkWarningCode::kUnknownLinkType, "unknown_link_type",
     "The GS1 vocabulary has no such link type.", "GS1 词汇表中没有该链接类型。"},
    {LinkWarningCode::kDeprecatedLinkType, "deprecated_link_type", "The link type is deprecated.",
     "该链接类型已弃用。"},
    {LinkWarningCode::kRestrictedLinkType, "restricted_link_type",
     "The link type is for regulated healthcare content alone.",
     "该链接类型仅用于受监管的医疗内容。"},
    {LinkWarningCode::kEqualLinks, "equal_links",
     "Another link has the same type, language, context and media type: who asks has to choose.",
     "另有类型、语言、场景和媒体类型均相同的链接，访问者须自行选择。"},
    {LinkWarningCode::kMissingTitle, "missing_title", "The link has no title.", "链接没有标题。"},
    {LinkWarningCode::kLanguageForm, "language_form",
     "GS1's schema takes languages as zh or zh-CN only.",
     "GS1 模式只接受 zh 或 zh-CN 形式的语言。"},
    {LinkWarningCode::kRelationForm, "relation_form",
     "GS1's schema takes link types of letters, digits, dots and slashes only.",
     "GS1 模式只接受由字母、数字、点和斜线组成的链接类型。"},
});

bool IsLetter(char c) { return UpperAscii(c) >= 'A' && UpperAscii(c) <= 'Z'; }

bool IsSchemaLanguage(std::string_view tag) {
  const auto letters = [](std::string_view text) { return std::ranges::all_of(text, IsLetter); };
  if (tag.size() == 2) return letters(tag);
  return tag.size() == 5 && tag[2] == '-' && letters(tag.substr(0, 2)) && letters(tag.substr(3));
}

bool IsSchemaRelation(std::string_view relation) {
  const size_t behind = relation.find("://");
  if (behind == std::string_view::npos) return true;
  return std::ranges::all_of(relation.substr(behind + 3), [](char c) {
    return IsLetter(c) || IsDigit(c) || c == '.' || c == '/';
  });
}

void AddFolded(std::string_view text, std::string& out) {
  for (const char c : text) out.push_back(UpperAscii(c));
  out.push_back('\x1F');  // In no text of a target.
}

void AddSorted(std::vector<std::string> texts, bool folded, std::string& out) {
  for (std::string& text : texts) {
    if (!folded) continue;
    for (char& c : text) c = UpperAscii(c);
  }
  std::ranges::sort(texts);
  for (const std::string& text : texts) out.append(text).push_back('\x1F');
  out.push_back('\x1E');
}

void WarnOfType(const std::string& relation, size_t at, std::vector<LinkWarning>& warnings) {
  const LinkType* type = FindLinkType(relation);
  if (type == nullptr) {
    if (relation.starts_with(kLinkVocabulary)) {
      warnings.push_back({LinkWarningCode::kUnknownLinkType, at});
    } else if (!IsSchemaRelation(relation)) {
      warnings.push_back({LinkWarningCode::kRelationForm, at});
    }
    return;
  }
  if (type->deprecated) warnings.push_back({LinkWarningCode::kDeprecatedLinkType, at});
  if (type->use == LinkTypeUse::kValidatedHealthcare) {
    warnings.push_back({LinkWarningCode::kRestrictedLinkType, at});
  }
}

}  // namespace

const LinkWarningRow& RowOf(LinkWarningCode code) { return kRows[static_cast<size_t>(code)]; }

std::string PlaceOfLink(std::string_view relation, const LinkTarget& target) {
  std::string place(relation);
  place.push_back('\x1F');
  if (relation == kDefaultLink) return place;
  AddFolded(target.media_type, place);
  AddSorted(target.languages, true, place);
  AddSorted(target.contexts, false, place);
  place.push_back(static_cast<char>('0' + NearnessOf(target.href)));
  return place;
}

std::vector<LinkWarning> WarningsOf(std::span<const LinkEntry> links) {
  std::vector<LinkWarning> warnings;
  std::unordered_set<std::string> places;
  for (size_t i = 0; i < links.size(); ++i) {
    const LinkTarget& target = links[i].target;
    const std::string relation = RelationOf(links[i].link_type);
    WarnOfType(relation, i, warnings);
    if (!places.insert(PlaceOfLink(relation, target)).second) {
      warnings.push_back({LinkWarningCode::kEqualLinks, i});
    }
    if (target.title.empty()) warnings.push_back({LinkWarningCode::kMissingTitle, i});
    if (!std::ranges::all_of(target.languages, IsSchemaLanguage)) {
      warnings.push_back({LinkWarningCode::kLanguageForm, i});
    }
  }
  return warnings;
}

void WriteLinkWarnings(std::span<const LinkWarning> warnings, std::span<const LinkEntry> links,
                       std::string& out) {
  JsonWriter json(out);
  json.StartArray();
  for (const LinkWarning& warning : warnings) {
    const LinkWarningRow& row = RowOf(warning.code);
    json.StartObject();
    json.Member("code");
    json.ValidText(row.name);
    json.Member("title");
    json.ValidText(row.en);
    json.Member("title_zh");
    json.ValidText(row.zh);
    json.Member("linktype");
    json.Text(links[warning.link].link_type);
    json.Member("href");
    json.Text(links[warning.link].target.href);
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace idnode
