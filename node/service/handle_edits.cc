#include "node/service/handle_edits.h"

#include <algorithm>
#include <unordered_map>

#include "node/service/administrators.h"

namespace idnode {
namespace {

using admin_permission::kAddAdmin;
using admin_permission::kAddValue;
using admin_permission::kModifyAdmin;
using admin_permission::kModifyValue;
using admin_permission::kRemoveAdmin;
using admin_permission::kRemoveValue;

// Where each index stands.
using Places = std::unordered_map<uint32_t, size_t>;
Places PlacesOf(const std::vector<Value>& values) {
  Places places;
  places.reserve(values.size());
  for (size_t i = 0; i < values.size(); ++i) places.emplace(values[i].index, i);
  return places;
}

bool IsAdmin(const Value& value) { return HasType(value.type, "HS_ADMIN"); }
uint16_t NeededToAdd(const Value& value) { return IsAdmin(value) ? kAddAdmin : kAddValue; }
uint16_t NeededToRemove(const Value& value) { return IsAdmin(value) ? kRemoveAdmin : kRemoveValue; }
uint16_t NeededToReplace(const Value& old, const Value& renewed) {
  if (IsAdmin(old)) {
    return IsAdmin(renewed) ? kModifyAdmin : uint16_t{kRemoveAdmin | kModifyValue};
  }
  if (IsAdmin(renewed)) return kModifyValue | kAddAdmin;
  return (old.permissions & kPublicWrite) != 0 ? 0 : kModifyValue;
}

// Equal in all that a user gives.
bool SameValue(const Value& a, const Value& b) {
  const auto same = [](const ValueReference& x, const ValueReference& y) {
    return x.handle == y.handle && x.index == y.index;
  };
  return a.index == b.index && a.ttl_absolute == b.ttl_absolute && a.ttl == b.ttl &&
         a.permissions == b.permissions && a.type == b.type && a.data == b.data &&
         std::ranges::equal(a.references, b.references, same);
}

Status CheckWritable(const Value& value) {
  if ((value.permissions & kAdminWrite) != 0) return {};
  return Error{Errc::kValueProtected, "a value may not be changed"};
}

}  // namespace

Result<HandleEdit> AddValues(const std::vector<Value>& present, const std::vector<Value>& added,
                             bool overwrite) {
  HandleEdit edit{.values = present};
  const Places places = PlacesOf(present);
  for (const Value& value : added) {
    const auto at = places.find(value.index);
    if (at == places.end()) {
      edit.permissions |= NeededToAdd(value);
      edit.values.push_back(value);
      continue;
    }
    if (!overwrite) return Error{Errc::kValueExists, "a value of this index exists already"};
    Value& old = edit.values[at->second];
    if (const Status writable = CheckWritable(old); !writable) return writable.error();
    edit.permissions |= NeededToReplace(old, value);
    edit.overwrites = true;
    old = value;
  }
  std::ranges::sort(edit.values, {}, &Value::index);
  return edit;
}

Result<HandleEdit> ModifyValues(const std::vector<Value>& present,
                                const std::vector<Value>& modified) {
  HandleEdit edit{.values = present};
  const Places places = PlacesOf(present);
  for (const Value& value : modified) {
    const auto at = places.find(value.index);
    if (at == places.end()) {
      return Error{Errc::kValuesNotFound, "there is no value of this index"};
    }
    const Value& old = present[at->second];
    if (const Status writable = CheckWritable(old); !writable) return writable.error();
    edit.permissions |= NeededToReplace(old, value);
    edit.values[at->second] = value;
  }
  return edit;
}

Result<HandleEdit> RemoveValues(const std::vector<Value>& present,
                                const std::vector<uint32_t>& indexes) {
  HandleEdit edit;
  std::vector<uint32_t> removed = indexes;  // Sorted, not hashed: a stranger chose them.
  std::ranges::sort(removed);
  removed.erase(std::unique(removed.begin(), removed.end()), removed.end());
  for (const Value& value : present) {
    if (std::ranges::binary_search(removed, value.index)) {
      edit.permissions |= NeededToRemove(value);
    } else {
      edit.values.push_back(value);
    }
  }
  if (edit.values.size() + removed.size() == present.size()) return edit;
  return Error{Errc::kValuesNotFound, "there is no value of this index"};
}

HandleEdit OverwriteValues(const std::vector<Value>& present, const std::vector<Value>& values) {
  HandleEdit edit{.values = values};
  Places left = PlacesOf(present);
  for (const Value& value : values) {
    const auto at = left.find(value.index);
    if (at == left.end()) {
      edit.permissions |= NeededToAdd(value);
      continue;
    }
    const Value& old = present[at->second];
    if (!SameValue(old, value)) edit.permissions |= NeededToReplace(old, value);
    left.erase(at);
  }
  for (const auto& [index, place] : left) edit.permissions |= NeededToRemove(present[place]);
  return edit;
}

}  // namespace idnode
