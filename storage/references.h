#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/record/record.h"
#include "proto/record/relation.h"
#include "proto/record/value.h"
#include "storage/change.h"
#include "storage/engine/engine.h"

namespace idnode {

// Which identifiers refer to one: the reverse of the values of types TRACE.… (proto/record/
// relation.h). A row for each target, relation and source, written and removed in the change that
// writes the source's record; counted nowhere. docs/formats/store.md has the octets.

// What a record refers to, once for each relation and target.
struct RecordReference {
  std::string target;  // Canonical key.
  Relation relation = Relation::kComponentOf;
  bool is_public = false;  // A value that says so has public read.

  friend auto operator<=>(const RecordReference&, const RecordReference&) = default;
};

// Ascending. A value whose data is no identifier refers to nothing: registration refuses it.
// Nothing is allocated for a record without references.
std::vector<RecordReference> ReferencesAmong(std::span<const Value> values);
// The same of a stored record. kCorrupt.
Result<std::vector<RecordReference>> ReferencesOf(const RecordView& record);

// The row of one reference, and what it says.
std::string ReferenceKey(std::string_view target, Relation relation, std::string_view source);
std::string ReferenceRow(bool is_public);
struct StoredReference {
  std::string_view target, source;  // Canonical keys; views into the row's key.
  Relation relation = Relation::kComponentOf;
  bool is_public = false;
};
// kCorrupt, kFormatVersion.
Result<StoredReference> ParseReference(std::string_view key, std::string_view row);

// Adds the rows that make the references of `source` those of `after` instead of `before`, to the
// item that was begun last. Both are ascending.
void AddReferenceRows(Change& change, std::string_view source,
                      std::span<const RecordReference> before,
                      std::span<const RecordReference> after);

// Calls `each` with the references to `target`, by relation and source, at most `count`, until it
// returns false. The state is that of one moment.
Status EachReferenceTo(const Rows& rows, std::string_view target, size_t count,
                       const std::function<bool(const StoredReference&)>& each);

}  // namespace idnode
