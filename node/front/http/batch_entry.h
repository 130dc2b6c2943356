#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "node/service/registrar.h"
#include "proto/base/result.h"

namespace idnode {

// One entry of a batch, read: what is to be registered, and what its outcome will be told with.
struct BatchEntry {
  virtual ~BatchEntry() = default;
  RegisterItem item;  // Its views are the entry's.
  std::string identifier;
  std::string warnings;  // A JSON list; empty: none.
};
using ReadBatchEntry = Result<std::unique_ptr<BatchEntry>> (*)(std::string_view text);

// A line of POST /api/v1/identifiers:batch (docs/api/http.md):
// {"action":"create","identifier":"88.118.8/1","values":[…],"expected_version":7}
// kMalformed, kTooDeep, kTooLarge, kMissingField, kInvalidValue, kNotUtf8.
Result<std::unique_ptr<BatchEntry>> ReadIdentifierEntry(std::string_view text);

// An entry of POST /api/v1/links (docs/api/links.md). The errors of ParseLinkBatchEntry.
Result<std::unique_ptr<BatchEntry>> ReadLinksEntry(std::string_view text);

// What kind of batch a route takes.
struct BatchKind {
  ReadBatchEntry read;
  bool may_be_list;  // A JSON list of entries, besides one in each line.
};

}  // namespace idnode
