#include "proto/ident/handle_scheme.h"

#include <algorithm>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/ident/handle_name.h"
#include "proto/ident/printable.h"

namespace idnode {
namespace {

constexpr Error kNoKey{Errc::kCorrupt, "not a canonical key"};

// Without a slash only a bare prefix is a Handle name: 88.118.8, which means its prefix handle.
bool IsBarePrefix(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return IsDigit(c) || c == '.' || c == '-' || (UpperAscii(c) >= 'A' && UpperAscii(c) <= 'Z');
  });
}

}  // namespace

Status HandleScheme::Parse(std::string_view text, Identifier& identifier) {
  const auto name = ParseHandleName(text);
  if (!name) return name.error();
  if (!name->has_slash && !IsBarePrefix(text)) {
    return Error{Errc::kUnknownScheme, "no identifier of a scheme that is known here"};
  }
  if (!name->has_slash && text.size() + kPrefixHandles.size() > limits::kIdentifierQueryOctetsMax) {
    return Error{Errc::kTooLarge, "a prefix handle has at most 2048 octets"};
  }
  identifier.scheme = Scheme::kHandle;
  identifier.key.clear();
  AppendHandleKey(name->has_slash ? text : kPrefixHandles, identifier.key);
  if (!name->has_slash) {
    for (const char c : text) identifier.key.push_back(UpperAscii(c));
  }
  identifier.text.assign(text);
  return {};
}

Status HandleScheme::CheckForRegistration(std::string_view text) {
  const auto name = ParseHandleName(text);
  if (!name) return name.error();
  if (name->suffix.empty()) {
    return Error{Errc::kInvalidIdentifier, "a Handle name has a suffix after its first slash"};
  }
  return CheckPrintable(text);
}

Result<std::string> HandleScheme::TextOfKey(std::string_view key) {
  const std::string_view name = key.substr(1);
  const bool folded = std::ranges::none_of(name, [](char c) { return UpperAscii(c) != c; });
  if (!folded || !ParseHandleName(name)) return kNoKey;
  return std::string(name);
}

Status HandleScheme::AppendMatter(std::string_view key, std::string& matter) {
  if (key.size() < 2 || key[1] == '/') return kNoKey;
  matter.append(key.substr(1, key.find('/') - 1));
  return {};
}

Result<std::string> HandleScheme::ParsePrefix(std::string_view text) {
  if (text.size() > limits::kPrefixOctetsMax) {
    return Error{Errc::kTooLarge, "a prefix has at most 64 octets"};
  }
  const auto name = ParseHandleName(text);
  if (!name) return name.error();
  if (name->has_slash) return Error{Errc::kInvalidIdentifier, "a prefix holds no slash"};
  if (HasControlCharacter(text) || text.find(' ') != std::string_view::npos) {
    return Error{Errc::kInvalidIdentifier, "a prefix is printable, without spaces"};
  }
  return UpperAscii(text);
}

KeyRange HandleScheme::RangeOf(std::string_view prefix, char) {
  KeyRange range;
  AppendHandleKey(prefix, range.from);
  range.until = range.from;
  range.from += '/';
  range.until.push_back('/' + 1);
  return range;
}

bool HandleScheme::Covers(std::string_view prefix, std::string_view key) {
  const std::string_view name = key.substr(1);
  return name.starts_with(prefix) && name.substr(prefix.size()).starts_with('/');
}

}  // namespace idnode
