#include "storage/unique_values.h"

#include <algorithm>

#include "proto/base/octets.h"
#include "proto/base/writer.h"
#include "proto/crypto/digest.h"
#include "storage/keyspace.h"

namespace idnode {
namespace {

constexpr uint8_t kLayout = 1;

}  // namespace

UniqueValue UniqueValueOf(std::string_view template_key, uint32_t index, std::string_view data) {
  std::string head;
  Writer(head).Text16(template_key).U32(index);
  return {keyspace::UniqueValue(AsText(Sha256(head, data)))};
}

bool AddUniqueValues(Change& change, std::string_view source, std::span<const UniqueValue> before,
                     std::span<const UniqueValue> after) {
  for (const UniqueValue& value : before) {
    if (!std::ranges::binary_search(after, value)) change.Remove(Table::kBusiness, value.row_key);
  }
  bool is_new = false;
  std::string row;
  for (const UniqueValue& value : after) {
    if (std::ranges::binary_search(before, value)) continue;
    row.clear();
    Writer(row).U8(kLayout).Text16(source);
    change.ExpectThat(Table::kBusiness, value.row_key, Expect::kAbsent);
    change.Put(Table::kBusiness, value.row_key, row);
    is_new = true;
  }
  return is_new;
}

}  // namespace idnode
