// Whatever a file holds, reading it ends with settings or problems, each with its place.
// rooms: node/config proto/base
// mutations: 5000

#include <cstdint>
#include <string_view>

#include "node/config/option_value.h"
#include "node/config/toml_file.h"
#include "proto/base/result.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto read = idnode::ParseToml(text, "fuzz.toml");
  for (const auto& problem : read.problems) {
    idnode::Require(problem.where.starts_with("fuzz.toml:") && !problem.zh.empty());
  }
  for (const auto& setting : read.settings) {
    idnode::Require(!setting.name.empty() && setting.where.starts_with("fuzz.toml:"));
    const idnode::OptionRow* row = idnode::FindOption(setting.name);
    if (row == nullptr) {
      (void)idnode::NearestOption(setting.name);
      continue;
    }
    idnode::OptionValue value;
    const bool refused = idnode::ParseOptionValue(*row, setting.value, value).has_value();
    const bool bounded = row->max > 0 && !refused && !value.text.empty();
    if (bounded) idnode::Require(value.number >= row->min && value.number <= row->max);
  }
  return 0;
}
