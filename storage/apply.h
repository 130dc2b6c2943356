#pragma once

#include <span>
#include <string_view>

#include "proto/base/result.h"
#include "storage/change.h"
#include "storage/engine/batch.h"
#include "storage/position.h"

namespace idnode {

// Makes rows of a decided change. A pure function of its arguments: no clock, no chance, no
// configuration, no name of this node. Replayed on any engine it gives the same tables.
void Apply(Position position, const Change& change, std::span<const uint8_t> done, Batch& rows);

// The same from the encoded effects of a log entry (EncodeEffects). kMalformed.
Status ApplyEncoded(Position position, std::string_view effects, Batch& rows);

}  // namespace idnode
