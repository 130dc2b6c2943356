#pragma once

#include "node/cmd/command.h"

namespace idnode {

// `idnode enterprise subject`: subject data of an enterprise or of the operator.
Run DeclareEnterpriseSubject(CLI::App& app, const GlobalOptions& global);

}  // namespace idnode
