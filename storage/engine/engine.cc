#include "storage/engine/engine.h"

#include "proto/base/reader.h"
#include "proto/base/writer.h"

namespace idnode {

Result<int64_t> Rows::Sum(Table table, std::string_view key) const {
  std::string row;
  const auto found = Get(table, key, Reach::kDisk, row);
  if (!found) return found.error();
  return *found ? DecodeSum(row) : int64_t{0};
}

Status Rows::GetMany(Table table, std::span<const std::string_view> keys,
                     const EachFound& each) const {
  std::string row;
  for (size_t place = 0; place < keys.size(); ++place) {
    const auto found = Get(table, keys[place], Reach::kDisk, row);
    if (!found) return found.error();
    each(place, *found ? std::optional<std::string_view>(row) : std::nullopt);
  }
  return {};
}

Result<bool> Rows::First(Table table, std::string_view from, std::string_view until, Reach reach,
                         std::string& key, std::string& value) const {
  if (reach == Reach::kMemoryOnly) return Error{Errc::kBusy, "a walk may need the disk"};
  const auto cursor = Scan(table, from, until);
  if (!cursor->Valid()) {
    if (const Status end = cursor->status(); !end) return end.error();
    return false;
  }
  key.assign(cursor->key());
  value.assign(cursor->value());
  return true;
}

std::string EncodeSum(int64_t sum) {
  std::string row;
  Writer(row).U64(static_cast<uint64_t>(sum));
  return row;
}

Result<int64_t> DecodeSum(std::string_view row) {
  Reader in(row);
  const auto sum = static_cast<int64_t>(in.U64());
  if (!in.AtEnd()) return Error{Errc::kCorrupt, "a sum is not eight octets"};
  return sum;
}

}  // namespace idnode
