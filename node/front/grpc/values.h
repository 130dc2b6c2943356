#pragma once

#include <string_view>

#include "proto/base/result.h"
#include "proto/record/record.h"
#include "proto/rpc/values.pb.h"

namespace idnode {

// Views point into the message. kInvalidValue: permissions beyond the four known ones.
Result<Value> ValueOf(const v1::Value& message);
void FillValue(const Value& value, v1::Value& message);

// Everything but the values.
void FillRecordHead(std::string_view text, std::string_view key, uint64_t version,
                    const RecordView& record, v1::Record& message);
// kCorrupt.
Status FillAllValues(const RecordView& record, v1::Record& message);

}  // namespace idnode
