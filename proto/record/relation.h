#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "proto/base/text.h"

namespace idnode {

// How one identifier refers to another, for traceability (可追溯; spec/secondary-node.md 8.3). A
// value of such a type holds the text of the other identifier, of any scheme. The octet is on disk
// (docs/formats/store.md, references): never reuse one.
enum class Relation : uint8_t {
  kComponentOf = 1,
  kPackedIn = 2,
  kReplacedBy = 3,
  kMadeFrom = 4,
};

struct RelationRow {
  Relation relation;
  std::string_view type;     // Of the value.
  std::string_view name;     // From the record that has the value to what it refers to,
  std::string_view inverse;  // and the other way round.
  std::string_view zh, inverse_zh;
  // What is referred to comes later on the way of goods: a trace down leads there. Else it is where
  // the record comes from.
  bool down;
};

inline constexpr std::string_view kRelationTypes = "TRACE.";

inline constexpr auto kRelationRows = std::to_array<RelationRow>({
    {Relation::kComponentOf, "TRACE.COMPONENT_OF", "component_of", "has_component", "用于组成",
     "组成部件", true},
    {Relation::kPackedIn, "TRACE.PACKED_IN", "packed_in", "packs", "装入", "内含", true},
    {Relation::kReplacedBy, "TRACE.REPLACED_BY", "replaced_by", "replaces", "被替换为", "替换了",
     true},
    {Relation::kMadeFrom, "TRACE.MADE_FROM", "made_from", "made_into", "原料来自", "制成", false},
});

// By the octet; null: not one of ours.
constexpr const RelationRow* FindRelation(uint8_t octet) {
  return octet == 0 || octet > kRelationRows.size() ? nullptr : &kRelationRows[octet - 1u];
}
constexpr const RelationRow& RowOf(Relation relation) {
  return kRelationRows[static_cast<size_t>(relation) - 1];
}

// By the type of a value, in any case; null: it refers to nothing.
inline const RelationRow* FindRelationOfType(std::string_view type) {
  if (type.size() <= kRelationTypes.size() || UpperAscii(type[0]) != kRelationTypes[0]) {
    return nullptr;
  }
  for (const RelationRow& row : kRelationRows) {
    if (EqualFolded(row.type, type)) return &row;
  }
  return nullptr;
}

// By its name; null: this version does not know it.
inline const RelationRow* FindRelationByName(std::string_view name) {
  for (const RelationRow& row : kRelationRows) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

namespace relation_internal {
constexpr bool RowsFollowTheirOctets() {
  for (size_t i = 0; i < kRelationRows.size(); ++i) {
    if (static_cast<size_t>(kRelationRows[i].relation) != i + 1) return false;
  }
  return true;
}
static_assert(RowsFollowTheirOctets());
}  // namespace relation_internal

}  // namespace idnode
