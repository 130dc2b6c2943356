#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "proto/record/value.h"

// The other answers of the stock REST interface, member by member in its order
// (spec/handle-protocol.md 6.4). Everything appends to `out`.
namespace idnode {

// {"responseCode":1,"handle":…,"values":[…]} of values that were selected already.
void WriteValues(std::string_view handle, std::span<const Value> values, std::string& out);

// How a successful resolution begins: all of it that depends on how the handle was spelled.
// What follows begins with a comma and may be kept.
void WriteResolutionHead(std::string_view handle, std::string& out);

// {"responseCode":303,"values":[…],"handle":…}; 302 where an identifier is served elsewhere.
void WriteReferral(std::string_view handle, std::span<const Value> values, std::string& out,
                   bool of_service = false);

// {"responseCode":1,"prefix":…,"totalCount":"2","handles":[…]}; without a prefix they are
// "prefixes". The count is a text there.
struct ListedHandles {
  std::string_view prefix;  // Empty: a list of prefixes.
  uint64_t total = 0;
  struct Page {
    uint64_t number = 0, size = 0;
  };
  std::optional<Page> page;
  std::span<const std::string> handles;
};
void WriteHandleList(const ListedHandles& list, std::string& out);

// {"responseCode":1,"site":{…}}. False, and nothing is appended: no site record.
bool WriteSiteAnswer(std::string_view site_record, std::string& out);

// {"responseCode":1,"isValid":true,"handle":…}
void WriteVerification(std::string_view handle, bool valid, std::string& out);

}  // namespace idnode
