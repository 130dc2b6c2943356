#pragma once

#include <string_view>

namespace idnode {

// The rules by which resolutions and registrations are counted; named in every report. A new
// version when one changes (docs/counting.md).
inline constexpr std::string_view kCountingRules = "idnode-counting-2";

}  // namespace idnode
