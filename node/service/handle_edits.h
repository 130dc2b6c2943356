#pragma once

#include <cstdint>
#include <vector>

#include "proto/base/result.h"
#include "proto/record/value.h"

// What the operations on values make of a record, and what they need (spec/handle-protocol.md 4.5).
// Pure functions; the views of the results are those of their arguments.
namespace idnode {

struct HandleEdit {
  std::vector<Value> values;  // Of the whole record, as it will be.
  uint16_t permissions = 0;   // Bits of admin_permission, which one HS_ADMIN value must hold.
  bool overwrites = false;    // A value that is added takes the place of another.
};

// Values are added, or (with `overwrite`) put in the place of others; the whole is sorted by index.
// kValueExists, kValueProtected.
Result<HandleEdit> AddValues(const std::vector<Value>& present, const std::vector<Value>& added,
                             bool overwrite);
// Each takes the place of one that is there. Without permissions: anybody may, since all that is
// changed is publicly writable. kValuesNotFound, kValueProtected.
Result<HandleEdit> ModifyValues(const std::vector<Value>& present,
                                const std::vector<Value>& modified);
// kValuesNotFound.
Result<HandleEdit> RemoveValues(const std::vector<Value>& present,
                                const std::vector<uint32_t>& indexes);
// The values of a handle that is created over another; what stays equal needs nothing.
HandleEdit OverwriteValues(const std::vector<Value>& present, const std::vector<Value>& values);

}  // namespace idnode
