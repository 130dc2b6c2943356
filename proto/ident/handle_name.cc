#include "proto/ident/handle_name.h"

#include <algorithm>
#include <cstdint>

#include "proto/base/limits.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

constexpr size_t kLabelDigitsMax = 8;

Status CheckLabel(std::string_view label) {
  if (label.empty() || label.size() > kLabelDigitsMax) {
    return Error{Errc::kInvalidIdentifier, "a label of a prefix has 1 to 8 digits"};
  }
  if (!std::ranges::all_of(label, IsDigit)) {
    return Error{Errc::kInvalidIdentifier, "a prefix holds digits and dots only"};
  }
  return {};
}

}  // namespace

Result<HandleName> ParseHandleName(std::string_view text) {
  if (text.size() > limits::kIdentifierQueryOctetsMax) {
    return Error{Errc::kTooLarge, "a Handle name has at most 2048 octets"};
  }
  if (text.empty()) return Error{Errc::kInvalidIdentifier, "the identifier is empty"};
  if (!IsUtf8(text)) return Error{Errc::kNotUtf8, "a Handle name is UTF-8"};
  HandleName name;
  const size_t slash = text.find('/');
  name.prefix = text.substr(0, slash);
  if (name.prefix.empty()) {
    return Error{Errc::kInvalidIdentifier, "a Handle name has a prefix before its first slash"};
  }
  if (slash != std::string_view::npos) {
    name.has_slash = true;
    name.suffix = text.substr(slash + 1);
  }
  return name;
}

void AppendHandleKey(std::string_view text, std::string& out) {
  const size_t start = out.size();
  out.resize(start + 1 + text.size());
  out[start] = 'H';
  std::ranges::transform(text, out.data() + start + 1, [](char c) { return UpperAscii(c); });
}

bool IsHeartbeat(std::string_view text) { return text == "0"; }

Status CheckAllottablePrefix(std::string_view prefix) {
  if (prefix.size() > limits::kPrefixOctetsMax) {
    return Error{Errc::kTooLarge, "a prefix has at most 64 octets"};
  }
  for (;;) {
    const size_t dot = prefix.find('.');
    if (const Status label = CheckLabel(prefix.substr(0, dot)); !label) return label;
    if (dot == std::string_view::npos) return {};
    prefix.remove_prefix(dot + 1);
  }
}

bool IsUnder(std::string_view prefix, std::string_view parent) {
  if (parent.empty() || prefix.size() < parent.size()) return false;
  if (!EqualFolded(prefix.substr(0, parent.size()), parent)) return false;
  return prefix.size() == parent.size() || prefix[parent.size()] == '.';
}

}  // namespace idnode
