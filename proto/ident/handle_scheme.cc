#include "proto/ident/handle_scheme.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/ident/handle_name.h"

namespace idnode {
namespace {

constexpr Error kNoKey{Errc::kCorrupt, "not a canonical key"};

// Without a slash only a bare prefix is a Handle name: 88.118.8, which means its prefix handle.
bool IsBarePrefix(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return IsDigit(c) || c == '.' || c == '-' || (UpperAscii(c) >= 'A' && UpperAscii(c) <= 'Z');
  });
}

// The characters that look like nothing at the end of a text: space, no-break space, ideographic
// space, the spaces and marks of U+2000 to U+200F, line and paragraph separator, byte order mark.
constexpr std::array<std::string_view, 6> kBlanks = {
    " ", "\xC2\xA0", "\xE3\x80\x80", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xEF\xBB\xBF"};

bool IsBlankBlock(std::string_view three) {
  return three.size() == 3 && three.starts_with("\xE2\x80") &&
         static_cast<uint8_t>(three[2]) <= 0x8F;
}

bool HasBlankEnd(std::string_view text) {
  const size_t tail = text.size() < 3 ? 0 : text.size() - 3;
  return std::ranges::any_of(
             kBlanks,
             [&](auto blank) { return text.starts_with(blank) || text.ends_with(blank); }) ||
         IsBlankBlock(text.substr(0, 3)) || IsBlankBlock(text.substr(tail));
}

}  // namespace

Status HandleScheme::Parse(std::string_view text, Identifier& identifier) {
  const auto name = ParseHandleName(text);
  if (!name) return name.error();
  if (!name->has_slash && !IsBarePrefix(text)) {
    return Error{Errc::kUnknownScheme, "neither a Handle name nor a GS1 key"};
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
  if (text.size() > limits::kIdentifierOctetsMax) {
    return Error{Errc::kTooLarge, "an identifier has at most 255 octets"};
  }
  const auto name = ParseHandleName(text);
  if (!name) return name.error();
  if (name->suffix.empty()) {
    return Error{Errc::kInvalidIdentifier, "a Handle name has a suffix after its first slash"};
  }
  if (HasControlCharacter(text)) {
    return Error{Errc::kControlCharacter, "an identifier is printable"};
  }
  if (HasBlankEnd(text)) {
    return Error{Errc::kInvalidIdentifier, "an identifier neither starts nor ends with a blank"};
  }
  return {};
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
