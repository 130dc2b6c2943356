#pragma once

#include <boost/json/value.hpp>
#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// A whole JSON document that somebody sent. `what` is static text that names it. kNotUtf8, kTooDeep
// (limits::kJsonDepthMax), kMalformed.
Result<boost::json::value> ParseJsonDocument(std::string_view text, std::string_view what);

}  // namespace idnode
