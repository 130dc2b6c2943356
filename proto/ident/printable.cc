#include "proto/ident/printable.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "proto/base/text.h"

namespace idnode {
namespace {

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

Status CheckPrintable(std::string_view text) {
  if (HasControlCharacter(text)) {
    return Error{Errc::kControlCharacter, "an identifier is printable"};
  }
  if (HasBlankEnd(text)) {
    return Error{Errc::kInvalidIdentifier, "an identifier neither starts nor ends with a blank"};
  }
  return {};
}

}  // namespace idnode
