#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/record/value.h"

namespace idnode {

// Who an administrator is: a reference to the value that holds the key, written index:handle, as in
// 300:88.118.8/ADMIN (spec/handle-protocol.md 5.1).
struct HandleIdentity {
  std::string handle;
  uint32_t index = 0;  // 0: any key of that handle.

  friend bool operator==(const HandleIdentity&, const HandleIdentity&) = default;
};
std::string TextOf(const HandleIdentity& identity);
// kMalformed: no index, or no handle.
Result<HandleIdentity> ParseHandleIdentity(std::string_view text);

// Whether an administrator reference means this identity: the prefix in any case, the suffix as it
// is written, unless the handle begins with "0."; index 0 in the reference means every index (1.2,
// 5.5).
bool Means(const ValueReference& reference, const HandleIdentity& identity);

}  // namespace idnode
