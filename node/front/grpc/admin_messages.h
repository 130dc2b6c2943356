#pragma once

#include "node/service/act_log.h"
#include "node/service/enrolment.h"
#include "node/service/figures.h"
#include "node/service/upkeep.h"
#include "proto/rpc/admin.pb.h"

namespace idnode {

// Rows of the directory and figures as messages.
void FillEnterprise(const Enterprise& enterprise, v1::Enterprise& message);
void FillPrefix(const AllottedPrefix& prefix, const DirectoryView& view, v1::Prefix& message);
// Everything but the secret, which nobody has.
void FillToken(const Token& token, const DirectoryView& view, v1::Token& message);
void FillStats(const NodeFigures& figures, v1::Stats& message);
void FillAct(const RecordedAct& act, v1::RecordedAct& message);
void FillRecount(const Recount& recount, v1::RecountResponse& message);

}  // namespace idnode
