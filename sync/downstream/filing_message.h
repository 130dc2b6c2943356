#pragma once

#include <string_view>

#include "proto/base/result.h"
#include "proto/rpc/filing.pb.h"
#include "storage/filings.h"

namespace idnode {

// What a child says of a row, read against its table: a routing for the prefix that its key names,
// with servers that are those of its sites; subject data of the kind of the table, member by member
// as proto/business has them, and without faults (but it may lack members). The body is the row's
// value in clear. kMalformed; kInvalidSubject; kUnsupported: a table that is not filed.
Result<Filing> ReadFilingMessage(const v1::Filing& message);

}  // namespace idnode
