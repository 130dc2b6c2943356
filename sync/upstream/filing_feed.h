#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "storage/filings.h"

namespace idnode {

// What a node files, as it is now. Called on the thread of the conversation; reads the disk.
struct FiledValues {
  // Nothing: there is no such row.
  std::function<Result<std::optional<FiledValue>>(const FilingName& name)> read;
  // The keys of the rows of a table from a key on, ascending.
  std::function<Result<std::vector<std::string>>(FilingTable table, std::string_view from)> keys;
};

// The filings that go with log records. `records` is cut so that they fit with what they name: a
// row comes with the last of them that names it, so that a later record brings a later value.
struct FedRecords {
  std::vector<std::string> records;  // At least one, but where `wanted` is set.
  std::vector<Filing> filings;
  uint64_t octets = 0;    // Of both.
  uint64_t wanted = 0;    // Not even the first fits into the credit; so much it takes.
  bool left_out = false;  // Not even alone in a message: rows that reconciliation has to bring.
};
// `records` begin at `first`; together they may take `octets_max`, the first alone
// `first_octets_max`.
Result<FedRecords> FeedFilings(const FiledValues& values, std::string_view node_prefix,
                               Position first, std::vector<std::string> records,
                               uint64_t octets_max, uint64_t first_octets_max);

}  // namespace idnode
