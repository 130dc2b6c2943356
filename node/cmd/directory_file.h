#pragma once

#include <string>

#include "node/cmd/command.h"

namespace idnode {

// Enrols what a CSV file says, a row an enterprise with one prefix (columns code, name, scheme,
// prefix; scheme and prefix may be empty). Run again it changes nothing. Returns the exit code.
int LoadDirectoryFile(const std::string& path, const GlobalOptions& global);

}  // namespace idnode
