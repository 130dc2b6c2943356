#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace idnode {

// What a link of a GS1 Digital Link resolver is about (spec/gs1-digital-link.md 10): the terms of
// the GS1 Web Vocabulary. The rows are made from proto/web/gs1_link_types.csv when the project is
// built (cmake/link_types.py); none is written by hand.

enum class LinkTypeUse : uint8_t {
  kAnybody,
  kResolver,             // The resolver's own: defaultLink, defaultLinkMulti, handledBy.
  kValidatedHealthcare,  // For the regulated content of healthcare.
};

struct LinkType {
  std::string_view term;  // pip
  std::string_view title;
  LinkTypeUse use = LinkTypeUse::kAnybody;
  bool deprecated = false;
};

// In ascending order of term.
std::span<const LinkType> LinkTypes();
// By the relation: https://ref.gs1.org/voc/pip. Null: it is not in the vocabulary.
const LinkType* FindLinkType(std::string_view relation);

inline constexpr std::string_view kLinkVocabulary = "https://ref.gs1.org/voc/";
inline constexpr std::string_view kLinkVocabularyPrefix = "gs1:";
inline constexpr std::string_view kDefaultLink = "https://ref.gs1.org/voc/defaultLink";
inline constexpr std::string_view kDefaultLinkMulti = "https://ref.gs1.org/voc/defaultLinkMulti";
inline constexpr std::string_view kHandledBy = "https://ref.gs1.org/voc/handledBy";

// The relation that a linkset has for a link type: gs1:pip, https://ref.gs1.org/voc/pip and the
// older spellings http:, https://gs1.org/voc/ and https://www.gs1.org/voc/ (5.5) are
// https://ref.gs1.org/voc/pip. A web address of another vocabulary and a registered relation name
// (lower-case letters and hyphens: alternate) stand for themselves. Empty: no link type.
std::string RelationOf(std::string_view link_type);

// The shortest spelling of a relation: gs1:pip, or the relation itself.
std::string CompactLinkType(std::string_view relation);

}  // namespace idnode
