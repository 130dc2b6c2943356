#include "node/service/alias.h"

#include <algorithm>
#include <utility>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/ident/identifier.h"

namespace idnode {

std::string_view AliasAmong(std::span<const Value> values) {
  const auto found = std::ranges::find_if(
      values, [](const Value& value) { return EqualFolded(value.type, kAliasType); });
  return found == values.end() ? std::string_view() : std::string_view(found->data);
}

Result<std::string_view> AliasPath::Follow(std::string_view alias) {
  auto identifier = ParseIdentifier(alias);
  if (!identifier) return identifier.error();
  if (std::ranges::find(keys_, identifier->key) != keys_.end()) {
    return Error{Errc::kInvalidIdentifier, "the aliases lead in a circle"};
  }
  if (aliases() == limits::kAliasesMax) {
    return Error{Errc::kInvalidIdentifier, "there are too many aliases on the way"};
  }
  keys_.push_back(std::move(identifier->key));
  return std::string_view(keys_.back());
}

}  // namespace idnode
