#pragma once

#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// What any identifier must be to be registered: without control characters, and without a blank at
// either end, Unicode's blanks too. `text` is UTF-8. kControlCharacter, kInvalidIdentifier.
Status CheckPrintable(std::string_view text);

}  // namespace idnode
