#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// A Handle name: prefix "/" suffix; the first '/' separates (spec/handle-protocol.md 1.1). Views
// point into the text. A name without a slash has an empty suffix and is a bare prefix, or the
// heartbeat "0".
struct HandleName {
  std::string_view prefix;
  std::string_view suffix;
  bool has_slash = false;
};
// kNotUtf8, kTooLarge, kInvalidIdentifier (empty, or an empty prefix).
Result<HandleName> ParseHandleName(std::string_view text);

// Appends 'H' and the folded name: ASCII only, the whole name (the default of stock servers).
void AppendHandleKey(std::string_view text, std::string& out);

// A prefix handle stands for a prefix: 0.NA/88.118.8 for 88.118.8 (spec/handle-protocol.md 1.4).
inline constexpr std::string_view kPrefixHandles = "0.NA/";
// The prefix that a prefix handle names, in any case; empty: it is no prefix handle.
std::string_view PrefixNamedBy(std::string_view handle);
// The same of a canonical key. Its record is no identifier: it is never counted as one.
std::string_view PrefixNamedByKey(std::string_view key);
// What a prefix is derived from: 88.118 of 88.118.8. Empty: of nothing.
std::string_view ParentPrefix(std::string_view prefix);

// The SDK's idle heartbeat: an ordinary resolution of "0", never counted as one.
bool IsHeartbeat(std::string_view text);

// "88.118.8": labels of digits between dots, 1-8 digits each, at most 64 octets: what we allot.
Status CheckAllottablePrefix(std::string_view prefix);
// Whether `prefix` is `parent` or derived from it: 88.118.8 lies under 88.118.
bool IsUnder(std::string_view prefix, std::string_view parent);

}  // namespace idnode
