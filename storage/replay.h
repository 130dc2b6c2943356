#pragma once

#include <span>

#include "proto/base/result.h"
#include "storage/commit_log.h"
#include "storage/engine/engine.h"

namespace idnode {

// Applies whole log entries to an engine that has everything before them: afterwards its tables,
// but for `local`, are octet for octet those of the engine on which they were decided.
// kGap: the first entry does not follow the engine, or an entry the one before. kForged: a
// predecessor, a checksum or the digest of the effects does not match. Entries before the one at
// fault may have been applied.
Status Replay(std::span<const LogEntry> entries, Engine& engine);

}  // namespace idnode
