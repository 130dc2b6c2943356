#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/record/value.h"

// The links among the values of a GS1 identifier's record: what they may be, and how they are
// edited while the other values stay. Pure functions.
namespace idnode {

// Where Digital Links of this node begin: what a link must not lead back to.
struct LinkRoots {
  std::string public_root;         // https://id.example.cn/stem
  std::vector<std::string> stems;  // host/path
};

// What would make links of the record unusable: kInvalidValue,
// kMissingField, kLinkAddress, kLinkLanguage, kLinkMediaType of a value whose type is a link type
// of the vocabulary (a term that is none may be anything); kSeveralDefaultLinks; kLinkLoop: a link
// leads to the identifier itself under one of the roots (spec/gs1-digital-link.md 7). `key`:
// canonical, of any scheme; of others nothing is asked.
Status CheckLinks(std::string_view key, std::span<const Value> values, const LinkRoots& roots);

// Whether who asks for the identifier alone is led somewhere: by a default link, by an address
// (URL), or to another resolver (gs1:handledBy).
bool HasDefaultLink(std::span<const Value> values);

enum class LinkEdit : uint8_t {
  kPut,     // In the place of all that are there.
  kAdd,     // Beside them, or in the place of those of the same PlaceOfLink().
  kRemove,  // Those of a selection.
};

// Whether a value is one of the links that are edited. An address is one by itself.
bool IsLink(const Value& value);

// Which links are removed: all of which this is true. What is empty is not asked.
struct LinkSelection {
  std::string link_type, language, context;
};

// Values after an edit; the views point into `texts`, into what was given and into the record.
struct EditedLinks {
  std::vector<Value> values;
  std::deque<std::string> texts;
};

// Edits `present`, the values of the record of `key`. A link keeps the index of the one whose place
// it takes; new ones have the lowest free indexes from 1000 on. gs1:itemDescription among `given`
// takes the place of the present one. An address (the first value of type URL) is a link, too: it
// follows the default link wherever that leads, and goes with it.
//
// kInvalidIdentifier: not of GS1. kValuesNotFound: nothing is selected.
Result<EditedLinks> EditLinks(std::string_view key, std::span<const Value> present, LinkEdit edit,
                              std::span<const Value> given, const LinkSelection& selection);

}  // namespace idnode
