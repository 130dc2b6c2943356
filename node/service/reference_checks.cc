#include "node/service/reference_checks.h"

#include "proto/base/limits.h"
#include "proto/ident/identifier.h"
#include "proto/record/relation.h"

namespace idnode {

Status CheckReferences(std::string_view key, std::span<const Value> values) {
  size_t references = 0;
  for (const Value& value : values) {
    if (FindRelationOfType(value.type) == nullptr) continue;
    if (++references > limits::kTraceReferencesMax) {
      return Error{Errc::kInvalidValue, "a record refers to at most 256 others"};
    }
    const auto target = ParseIdentifier(value.data);
    if (!target || target->key.size() > limits::kCanonicalKeyOctetsMax) {
      return Error{Errc::kInvalidValue, "what a record refers to is no identifier"};
    }
    if (target->key == key) return Error{Errc::kInvalidValue, "a record refers to itself"};
  }
  return {};
}

}  // namespace idnode
