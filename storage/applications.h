#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/change.h"
#include "storage/engine/engine.h"
#include "storage/position.h"

namespace idnode {

// Applications, a row each. What one says is octets here (proto/business/application.h).
// docs/formats/store.md has the octets.
struct StoredApplication {
  std::string key;                      // Canonical, of the handle.
  std::string handle;                   // As it was given.
  uint32_t enterprise = kNoEnterprise;  // kNoEnterprise: the operator's.
  Time created, changed;
  std::string document;
  Position position;  // Of the change that wrote the row.
};

// Nothing: there is none. kCorrupt, kFormatVersion.
Result<std::optional<StoredApplication>> ReadApplication(const Rows& rows, std::string_view key);
// In the order of keys, behind the row key `after` where there is one, until `each` returns false.
Status EachApplication(const Rows& rows, std::string_view after,
                       const std::function<bool(const StoredApplication&)>& each);

// Each adds one item. `before` is as it was read; null: there is none.
void AddPutApplication(Change& change, const StoredApplication& row,
                       const StoredApplication* before);
void AddRemoveApplication(Change& change, const StoredApplication& row);

// The row, without its version. Decoding: kCorrupt, kFormatVersion.
std::string EncodeApplicationRow(const StoredApplication& row);
Result<StoredApplication> DecodeApplicationRow(std::string_view row_key, std::string_view row);

}  // namespace idnode
