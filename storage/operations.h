#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/change.h"
#include "storage/engine/batch.h"
#include "storage/engine/engine.h"
#include "storage/position.h"

namespace idnode {

// What became of a change whose caller gave it an operation id, kept for the day of the change's
// time and the day after: asked again, the caller gets the same answer, and nothing happens twice.
// Only changes that were done are kept; one that was refused has changed nothing and is decided
// anew.
struct StoredOutcome {
  Position position;
  uint32_t items = 0;             // Of the change.
  std::vector<uint8_t> outcomes;  // As Outcome::items: empty when all were done.
};

std::string EncodeOutcome(Position position, uint32_t items, std::string_view outcomes);
// kCorrupt.
Result<StoredOutcome> DecodeOutcome(std::string_view row);

void PutOperation(Time time, const OperationId& operation, Position position, uint32_t items,
                  std::string_view outcomes, Batch& rows);

// Looks at the days on which the same operation may have been decided: that of `time`, the one
// before, and the one after if the log has come so far (`latest_day`), since clocks are set back.
Result<std::optional<StoredOutcome>> FindOperation(const Rows& rows, Time time, uint16_t latest_day,
                                                   const OperationId& operation,
                                                   std::string& scratch);

// Removes what is older than the day before `day`.
void TrimOperations(uint16_t day, Batch& rows);

}  // namespace idnode
