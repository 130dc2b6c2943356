#include "node/cmd/value_option.h"

#include <utility>

#include "node/cmd/command.h"
#include "node/cmd/session.h"
#include "proto/base/text.h"

namespace idnode {

Result<ValueOption> ParseValueOption(std::string_view text) {
  const size_t colon = text.find(':');
  const size_t equals = text.find('=');
  if (colon == std::string_view::npos || equals == std::string_view::npos || equals < colon) {
    return Error{Errc::kMalformed, "INDEX:TYPE=DATA expected"};
  }
  const Result<uint64_t> index = ParseDecimal(text.substr(0, colon), UINT32_MAX);
  if (!index || *index == 0) return Error{Errc::kMalformed, "the index must be a positive number"};
  ValueOption value;
  value.index = static_cast<uint32_t>(*index);
  value.type = text.substr(colon + 1, equals - colon - 1);
  value.data = text.substr(equals + 1);
  if (value.type.empty()) return Error{Errc::kMalformed, "the type is empty"};
  return value;
}

int AddValueOptions(const std::vector<std::string>& texts,
                    google::protobuf::RepeatedPtrField<v1::Value>& values) {
  for (const std::string& text : texts) {
    Result<ValueOption> option = ParseValueOption(text);
    if (!option) return Refused("--value " + text, option.error());
    v1::Value* value = values.Add();
    value->set_index(option->index);
    value->set_type(std::move(option->type));
    value->set_data(std::move(option->data));
  }
  return kExitOk;
}

}  // namespace idnode
