#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/web/link_entry.h"

namespace idnode {

// What may be registered as a link, though somebody will not like it (spec/gs1-digital-link.md 5.6,
// 7).
enum class LinkWarningCode : uint8_t {
  kUnknownLinkType,     // gs1: and a term that the vocabulary does not have.
  kDeprecatedLinkType,  // Superseded by another one.
  kRestrictedLinkType,  // For the regulated content of healthcare.
  kEqualLinks,          // Of one type with equal attributes: who asks is answered 300.
  kMissingTitle,
  kLanguageForm,  // zh-Hant: GS1's schema of a linkset takes ll and ll-CC alone.
  kRelationForm,  // A web address with other than letters, digits, '.' and '/': likewise.
};

struct LinkWarningRow {
  LinkWarningCode code;
  std::string_view name, en, zh;
};
const LinkWarningRow& RowOf(LinkWarningCode code);

struct LinkWarning {
  LinkWarningCode code;
  size_t link = 0;  // Which one.
};
std::vector<LinkWarning> WarningsOf(std::span<const LinkEntry> links);

// [{"code":"unknown_link_type","title":…,"title_zh":…,"linktype":"gs1:x","href":…}]
void WriteLinkWarnings(std::span<const LinkWarning> warnings, std::span<const LinkEntry> links,
                       std::string& out);

// What two links must have in common for one to take the other's place: link type, languages,
// contexts, media type and NearnessOf their addresses. There is one default link.
std::string PlaceOfLink(std::string_view relation, const LinkTarget& target);

}  // namespace idnode
