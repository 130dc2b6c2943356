#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/counters.h"
#include "storage/engine/engine.h"
#include "storage/position.h"

namespace idnode {

// The node above resumed from less than it had acknowledged: it was restored from an older backup,
// or another node stands in its place. It is sent again what it lacks.
struct Setback {
  Position from;  // What it had acknowledged.
  Position to;    // What it holds of it still.
  Time at;
};

// What the node above has acknowledged, as this node remembers it over its own restarts: one row
// of Table::kLocal, written soon after the acknowledgement and unsynced. A crash may bring back an
// older one; none is ever ahead of the log, since the record was durable before it was sent.
struct Acknowledged {
  Position position;
  Time at;
  std::optional<Evaluation> evaluation;  // As the node above counts us.
  std::optional<Setback> setback;        // The last one.
};

std::string EncodeAcknowledged(const Acknowledged& acknowledged);
// kMalformed, kFormatVersion.
Result<Acknowledged> DecodeAcknowledged(std::string_view row);

// Nothing was ever acknowledged: the position is 0. kCorrupt: the row cannot be read, or is ahead
// of `head`.
Result<Acknowledged> ReadAcknowledged(const Rows& rows, Position head);

}  // namespace idnode
