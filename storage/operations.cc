#include "storage/operations.h"

#include "proto/base/reader.h"
#include "proto/base/writer.h"
#include "storage/keyspace.h"

namespace idnode {
namespace {

std::string_view TextOf(const OperationId& operation) {
  return {operation.data(), operation.size()};
}

}  // namespace

std::string EncodeOutcome(Position position, uint32_t items, std::string_view outcomes) {
  std::string row;
  Writer(row).U64(position.value).U32(items).Raw(outcomes);
  return row;
}

Result<StoredOutcome> DecodeOutcome(std::string_view row) {
  Reader in(row);
  StoredOutcome stored;
  stored.position.value = in.U64();
  stored.items = in.U32();
  const std::string_view outcomes = in.Rest();
  if (!in.ok() || (!outcomes.empty() && outcomes.size() != stored.items)) {
    return Error{Errc::kCorrupt, "operations: not an outcome"};
  }
  stored.outcomes.assign(outcomes.begin(), outcomes.end());
  return stored;
}

void PutOperation(Time time, const OperationId& operation, Position position, uint32_t items,
                  std::string_view outcomes, Batch& rows) {
  if (operation == OperationId{}) return;
  rows.Put(Table::kOperations, keyspace::Operation(time.day(), TextOf(operation)),
           EncodeOutcome(position, items, outcomes));
}

Result<std::optional<StoredOutcome>> FindOperation(const Rows& rows, Time time, uint16_t latest_day,
                                                   const OperationId& operation,
                                                   std::string& scratch) {
  const uint16_t day = time.day();
  const uint32_t first = day == 0 ? 0 : day - 1u;
  const uint32_t last = latest_day > day ? day + 1u : day;
  for (uint32_t each = last + 1; each-- > first;) {
    const auto found = rows.Get(Table::kOperations,
                                keyspace::Operation(static_cast<uint16_t>(each), TextOf(operation)),
                                Reach::kDisk, scratch);
    if (!found) return found.error();
    if (!*found) continue;
    auto stored = DecodeOutcome(scratch);
    if (!stored) return stored.error();
    return std::optional(*std::move(stored));
  }
  return std::optional<StoredOutcome>();
}

void TrimOperations(uint16_t day, Batch& rows) {
  if (day < 2) return;
  rows.RemoveRange(Table::kOperations, {}, keyspace::OperationsOf(day - 1));
}

}  // namespace idnode
