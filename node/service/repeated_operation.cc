#include "node/service/repeated_operation.h"

#include "proto/base/limits.h"
#include "storage/keyspace.h"
#include "storage/operations.h"

namespace idnode {

Status CheckIdempotencyKey(std::string_view key) {
  if (key.size() <= limits::kOperationIdOctetsMax) return {};
  return Error{Errc::kTooLarge, "an idempotency key has at most 64 octets"};
}

Result<std::optional<Position>> FindDone(const Rows& rows, const OperationId& operation, Time now) {
  if (operation == OperationId{}) return std::optional<Position>();
  std::string row;
  // A clock that was set back: the operation may be tomorrow's.
  const auto tomorrow = static_cast<uint16_t>(now.day() + 1);
  const auto stored = FindOperation(rows, now, tomorrow, operation, row);
  if (!stored) return stored.error();
  return *stored ? std::optional((*stored)->position) : std::nullopt;
}

Result<LogRecord> ReadLogRecord(const Rows& rows, Position position, std::string& thin) {
  const auto found = rows.Get(Table::kLog, keyspace::Log(position), Reach::kDisk, thin);
  if (!found) return found.error();
  if (!*found) return Error{Errc::kCorrupt, "log: a record is gone"};
  return DecodeThin(thin);
}

}  // namespace idnode
