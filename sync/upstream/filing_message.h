#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/base/result.h"
#include "proto/rpc/filing.pb.h"
#include "storage/filings.h"

namespace idnode {

// A filing in the words of the contract. kCorrupt: our own value is none of its table.
Status FillFiling(const Filing& filing, v1::Filing& message);

// `from`: the key from which on rows are meant.
void FillState(FilingTable table, const FilingState& state, std::string_view from,
               v1::FilingState& message);
// What the node above has of our tables. kMalformed.
Result<std::map<FilingTable, FilingState>> ReadStates(const v1::FilingStates& message);
Result<std::vector<std::pair<std::string, Digest>>> ReadRows(const v1::FilingPage& message);

}  // namespace idnode
