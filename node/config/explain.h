#pragma once

#include <string>
#include <string_view>

#include "node/config/config.h"

namespace idnode {

// What an option means, in English and Chinese, with its type, default, range, example and
// variable. Empty: there is no such option.
std::string ExplainOption(std::string_view name);

// The configuration as TOML that gives the same again; each value with where it came from. Secrets
// are in files of their own, so nothing is hidden.
std::string ShowConfig(const Config& config);

// Every option, explained and commented out at its default: deploy/idnode.toml.
std::string ExampleConfig();

}  // namespace idnode
