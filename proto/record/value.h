#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/reader.h"
#include "proto/base/result.h"

namespace idnode {

// One Handle value (spec/handle-protocol.md 2.1) with views into octets that somebody else owns.
enum Permission : uint8_t {
  kPublicWrite = 0x01,
  kPublicRead = 0x02,
  kAdminWrite = 0x04,
  kAdminRead = 0x08,
};
inline constexpr uint8_t kDefaultPermissions = kAdminRead | kAdminWrite | kPublicRead;
inline constexpr uint32_t kDefaultTtl = 86'400;  // Seconds.

struct ValueReference {
  std::string_view handle;
  uint32_t index = 0;
};

struct Value {
  uint32_t index = 0;
  uint32_t timestamp = 0;  // Seconds since 1970-01-01, set by the server.
  bool ttl_absolute = false;
  uint32_t ttl = kDefaultTtl;
  uint8_t permissions = kDefaultPermissions;
  std::string_view type;
  std::string_view data;
  std::vector<ValueReference> references;

  bool public_read() const { return (permissions & kPublicRead) != 0; }
};

void EncodeValue(const Value& value, std::string& out);
// Reads one value; a spoiled `in` says it was none. Nothing is allocated by a claimed count.
Value DecodeValue(Reader& in);

// The rules a value must meet to be registered: index > 0, a type of 1-128 octets of UTF-8 without
// controls, data within its limit, indexes distinct. kInvalidValue, kDuplicateIndex, kTooLarge,
// kNotUtf8.
Status CheckValues(const std::vector<Value>& values);

// 2.2: T equals, or is below T + '.' (ASCII case ignored).
bool HasType(std::string_view type, std::string_view wanted);
// A type in a request's list: equal, unless it ends in '.', which matches it and all below.
bool MatchesTypeFilter(std::string_view type, std::string_view listed);

}  // namespace idnode
