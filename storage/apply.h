#pragma once

#include <span>
#include <string_view>

#include "proto/base/result.h"
#include "storage/change.h"
#include "storage/engine/batch.h"
#include "storage/log_record.h"
#include "storage/position.h"

namespace idnode {

// Makes rows of a decided change. A pure function of its arguments: no clock, no chance, no
// configuration, no name of this node. Replayed on any engine it gives the same tables. Rows that
// follow from the log record itself (log, tree, operations, applied) are those of storage/chain.h.
void Apply(Position position, const Change& change, std::span<const uint8_t> done, Batch& rows);

// The same from the effects of a log entry (EncodeEffects). kMalformed, kForged, kFormatVersion:
// nothing was added.
void ApplyDecoded(Position position, const DecodedEffects& effects, Batch& rows);
Status ApplyEncoded(Position position, std::string_view effects, Batch& rows);

}  // namespace idnode
