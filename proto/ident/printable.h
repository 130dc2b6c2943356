#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// What any identifier must be to be registered: without control characters, and without a blank at
// either end, Unicode's blanks too. `text` is UTF-8. kControlCharacter, kInvalidIdentifier.
Status CheckPrintable(std::string_view text);

// How many octets the blank at that end has, ASCII's or Unicode's; 0: there is none.
enum class BlankAt : uint8_t { kStart, kEnd };
size_t BlankOctets(std::string_view text, BlankAt where);

}  // namespace idnode
