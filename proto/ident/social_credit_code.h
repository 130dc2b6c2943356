#pragma once

#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// Unified social credit codes (统一社会信用代码, GB 32100-2015; spec/secondary-node.md 7.8).

// Eighteen letters and digits with a region code in the third to eighth place: whoever writes that
// means one. Letters of either case, so that a wrong case is refused and not taken for a name.
bool LooksLikeSocialCreditCode(std::string_view text);

// Alphabet and check character. kMalformed, kCheckDigit.
Status CheckSocialCreditCode(std::string_view text);

}  // namespace idnode
