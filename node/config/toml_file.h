#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/config/config.h"

namespace idnode {

// A setting of a TOML file as text: numbers in decimal, arrays of texts joined by ", ".
struct TomlSetting {
  std::string name;  // http.listen
  std::string value;
  std::string where;  // idnode.toml:12
};
struct TomlSettings {
  std::vector<TomlSetting> settings;
  std::vector<ConfigProblem> problems;
};

// `file`: its name, for messages.
TomlSettings ParseToml(std::string_view text, const std::string& file);
// Reads the file; one that is not there is a problem.
TomlSettings ReadTomlFile(const std::string& file);

}  // namespace idnode
