#pragma once

#include <string>

#include "node/client/client.h"
#include "node/cmd/command.h"

namespace idnode {

// How the node that the options name is reached over gRPC, and the token that they name. What went
// wrong is printed; false then, with the exit code.
bool ClientOptionsFor(const GlobalOptions& global, ClientOptions& options, int& exit_code);
bool TokenFor(const GlobalOptions& global, std::string& token, int& exit_code);

}  // namespace idnode
