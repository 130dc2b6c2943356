#include "proto/ident/printable.h"

#include <array>
#include <cstdint>

#include "proto/base/text.h"

namespace idnode {
namespace {

// The characters that look like nothing at the end of a text: space, no-break space, ideographic
// space, the spaces and marks of U+2000 to U+200F, line and paragraph separator, byte order mark.
constexpr std::array<std::string_view, 6> kBlanks = {
    " ", "\xC2\xA0", "\xE3\x80\x80", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xEF\xBB\xBF"};

bool IsAsciiBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool IsBlankBlock(std::string_view three) {
  return three.size() == 3 && three.starts_with("\xE2\x80") &&
         static_cast<uint8_t>(three[2]) <= 0x8F;
}

}  // namespace

size_t BlankOctets(std::string_view text, BlankAt where) {
  const bool at_start = where == BlankAt::kStart;
  for (const std::string_view blank : kBlanks) {
    if (at_start ? text.starts_with(blank) : text.ends_with(blank)) return blank.size();
  }
  if (!text.empty() && IsAsciiBlank(at_start ? text.front() : text.back())) return 1;
  const size_t tail = text.size() < 3 ? 0 : text.size() - 3;
  return IsBlankBlock(at_start ? text.substr(0, 3) : text.substr(tail)) ? 3 : 0;
}

Status CheckPrintable(std::string_view text) {
  if (HasControlCharacter(text)) {
    return Error{Errc::kControlCharacter, "an identifier is printable"};
  }
  if (BlankOctets(text, BlankAt::kStart) > 0 || BlankOctets(text, BlankAt::kEnd) > 0) {
    return Error{Errc::kInvalidIdentifier, "an identifier neither starts nor ends with a blank"};
  }
  return {};
}

}  // namespace idnode
