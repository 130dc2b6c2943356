#pragma once

#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// Resident identity numbers (公民身份号码, GB 11643; spec/secondary-node.md 7.8): 17 digits and a
// check character, which may be X. kMalformed, kCheckDigit.
Status CheckResidentId(std::string_view text);

}  // namespace idnode
