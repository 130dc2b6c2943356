#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/client/node_client.h"
#include "node/cmd/command.h"
#include "node/config/config.h"
#include "proto/base/result.h"

namespace idnode {

// The configuration that the options name: --config, else IDNODE_CONFIG, else
// /etc/idnode/idnode.toml where it exists; environment; --set. Problems are printed; false then.
bool LoadConfigFor(const GlobalOptions& global, Config& config);

// Where a node listens for those who may read its data directory: the caller is then an operator
// without any token, as the file system says who may connect.
std::string LocalSocketOf(const Config& config);

// Opens the node that the options name. What went wrong is printed; null then, with the exit code.
std::unique_ptr<NodeClient> OpenNode(const GlobalOptions& global, int& exit_code);

// What became of the one item that was registered: "created", "replaced", "removed", "unchanged".
std::string_view OutcomeOf(const v1::RegisterResponse& response);

// A problem inside of an answer.
RemoteProblem ProblemOf(const v1::Problem& problem);

// Prints why the node said no and returns the exit code for it.
int Refused(std::string_view what, const RemoteProblem& problem);
int Refused(std::string_view what, const Error& error);

// A file's contents without white space at the end; kIo.
Result<std::string> ReadSecretFile(const std::string& path);

}  // namespace idnode
