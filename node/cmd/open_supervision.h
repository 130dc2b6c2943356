#pragma once

#include <memory>

#include "node/client/supervision_client.h"
#include "node/cmd/command.h"

namespace idnode {

// The days and incidents of the node that the options name. What went wrong is printed; null then,
// with the exit code.
std::unique_ptr<SupervisionClient> OpenSupervision(const GlobalOptions& global, int& exit_code);

}  // namespace idnode
