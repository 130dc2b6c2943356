#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// A value as the command line spells it: "2000:NAME=电水壶", index, type and data.
struct ValueOption {
  uint32_t index = 0;
  std::string type;
  std::string data;
};
// kMalformed.
Result<ValueOption> ParseValueOption(std::string_view text);

}  // namespace idnode
