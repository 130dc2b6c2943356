#include "proto/web/link_types.h"

#include <algorithm>
#include <array>

#include "proto/base/text.h"

namespace idnode {
namespace {

constexpr auto kSpellings = std::to_array<std::string_view>({
    kLinkVocabularyPrefix,
    kLinkVocabulary,
    "http://ref.gs1.org/voc/",
    "https://gs1.org/voc/",
    "http://gs1.org/voc/",
    "https://www.gs1.org/voc/",
    "http://www.gs1.org/voc/",
});

constexpr size_t kRelationNameOctetsMax = 64;

bool IsLetter(char c) { return UpperAscii(c) >= 'A' && UpperAscii(c) <= 'Z'; }

bool IsTerm(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return IsLetter(c) || IsDigit(c); });
}

// Of a registered relation (RFC 8288 section 3.3), as GS1's schema of a linkset has it.
bool IsRelationName(std::string_view text) {
  return !text.empty() && text.size() <= kRelationNameOctetsMax && IsLetter(text.front()) &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
}

bool IsWebAddress(std::string_view text) {
  const bool is_web = text.starts_with("https://") || text.starts_with("http://");
  const size_t host = text.find("//") + 2;
  return is_web && text.size() > host && text[host] != '/' && std::ranges::all_of(text, [](char c) {
           return c > ' ' && c < '\x7f' && c != '"' && c != '<' && c != '>' && c != '\\';
         });
}

}  // namespace

std::string RelationOf(std::string_view link_type) {
  for (const std::string_view spelling : kSpellings) {
    if (!link_type.starts_with(spelling)) continue;
    const std::string_view term = link_type.substr(spelling.size());
    if (!IsTerm(term)) return {};
    return std::string(kLinkVocabulary).append(term);
  }
  if (IsWebAddress(link_type) || IsRelationName(link_type)) return std::string(link_type);
  return {};
}

std::string CompactLinkType(std::string_view relation) {
  if (!relation.starts_with(kLinkVocabulary)) return std::string(relation);
  return std::string(kLinkVocabularyPrefix).append(relation.substr(kLinkVocabulary.size()));
}

const LinkType* FindLinkType(std::string_view relation) {
  if (!relation.starts_with(kLinkVocabulary)) return nullptr;
  const std::string_view term = relation.substr(kLinkVocabulary.size());
  const auto rows = LinkTypes();
  const auto row = std::ranges::lower_bound(rows, term, {}, &LinkType::term);
  return row != rows.end() && row->term == term ? &*row : nullptr;
}

}  // namespace idnode
