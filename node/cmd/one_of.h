#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <utility>

namespace idnode {

// The names that an option of an enumeration takes, in any case of letters. CLI11's own transformer
// names the numbers behind them when it refuses one.
template <class Enum>
CLI::Validator OneOf(std::map<std::string, Enum> names) {
  return CLI::Validator(
      [names = std::move(names)](std::string& text) -> std::string {
        const auto found = names.find(CLI::detail::to_lower(text));
        if (found != names.end()) {
          text = std::to_string(static_cast<int>(found->second));
          return {};
        }
        std::string all;
        for (const auto& [name, value] : names) all.append(all.empty() ? "" : ", ").append(name);
        return text + ": must be one of / 必须是下列之一: " + all;
      },
      "");
}

}  // namespace idnode
