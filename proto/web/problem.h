#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// A problem document (RFC 9457), in Chinese and English:
// {"type":"urn:idnode:problem:check_digit","title":"The check digit is wrong.",
//  "title_zh":"校验位错误。","status":400,"code":"check_digit","detail":"…","instance":"…"}
// Empty members are left out.
void WriteProblem(const Error& error, std::string_view instance, std::string& out);
inline constexpr std::string_view kProblemMediaType = "application/problem+json";

}  // namespace idnode
