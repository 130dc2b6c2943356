#pragma once

#include "node/cmd/command.h"

namespace idnode {

// `idnode report month 2026-10`: sets `run` where it is meant. `run` must outlive the parsing.
void DeclareReportMonth(CLI::App& app, const GlobalOptions& global, Run& run);

}  // namespace idnode
