#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/rpc/values.pb.h"

namespace idnode {

// A value as the command line spells it: "2000:NAME=电水壶", index, type and data.
struct ValueOption {
  uint32_t index = 0;
  std::string type;
  std::string data;
};
// kMalformed.
Result<ValueOption> ParseValueOption(std::string_view text);

// Adds those of a command line, in their order. kExitOk, or the exit code once it was said which
// one is wrong.
int AddValueOptions(const std::vector<std::string>& texts,
                    google::protobuf::RepeatedPtrField<v1::Value>& values);

}  // namespace idnode
