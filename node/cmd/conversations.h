#pragma once

#include "node/runtime/log.h"
#include "node/service/figures.h"
#include "node/service/filing_document.h"
#include "sync/downstream/downstream.h"
#include "sync/upstream/upstream.h"

namespace idnode {

// What the conversations with the nodes above and below tell the log and the figures. Below node/
// nobody logs: the events come up to here.
void LogUpstream(Log& log, const UpstreamEvent& event);
void LogDownstream(Log& log, const DownstreamEvent& event);

// What is filed with the node above. `upstream` may be null, and must outlive what is returned.
FilingsAbove FilingsAboveOf(Upstream* upstream);

// `upstream` is null where there is no node above. All four must outlive what is returned.
Peers PeersOf(const UpstreamOptions& options, const Upstream* upstream,
              const Downstream& downstream, const TakeoverWatch& watch);

}  // namespace idnode
