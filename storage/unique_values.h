#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "storage/change.h"

namespace idnode {

// Values that no two identifiers of a template have: a row for each, written and removed in the
// change that writes the record that has it. docs/formats/store.md has the octets.

// Where the value of an item stands: the same in all versions of a template.
struct UniqueValue {
  std::string row_key;

  friend auto operator<=>(const UniqueValue&, const UniqueValue&) = default;
};
// `template_key`: canonical, of the handle.
UniqueValue UniqueValueOf(std::string_view template_key, uint32_t index, std::string_view data);

// Makes the values of `source` those of `after` instead of `before`, in the item that was begun
// last: kExists when another identifier has one. Both are ascending. Returns whether it is so.
bool AddUniqueValues(Change& change, std::string_view source, std::span<const UniqueValue> before,
                     std::span<const UniqueValue> after);

}  // namespace idnode
