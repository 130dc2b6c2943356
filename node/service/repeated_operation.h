#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/change.h"
#include "storage/engine/engine.h"
#include "storage/log_record.h"
#include "storage/position.h"

// A request that is sent again with its idempotency key is answered from the log: what became of it
// then is what the record of its change says, and nothing is done twice.
namespace idnode {

inline constexpr Error kKeyUsedForAnother{Errc::kConflict,
                                          "the idempotency key was used for another request"};
inline constexpr Error kRefusedThen{Errc::kConflict,
                                    "the item was refused when the idempotency key was used"};

// kTooLarge.
Status CheckIdempotencyKey(std::string_view key);

// Where the change of the operation is; nothing: it is not done, or `operation` is none.
Result<std::optional<Position>> FindDone(const Rows& rows, const OperationId& operation, Time now);

// A record of our own log, of which `thin` holds the octets. kCorrupt: it is gone, or is none.
Result<LogRecord> ReadLogRecord(const Rows& rows, Position position, std::string& thin);

}  // namespace idnode
