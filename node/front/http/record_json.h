#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "proto/record/record.h"
#include "proto/web/json_writer.h"

namespace idnode {

// The members of a record as /api/v1 shows it: identifier, enterprise, version, created, modified,
// values.
void WriteRecordMembers(std::string_view identifier, const RecordView& record, uint64_t version,
                        std::span<const Value> values, JsonWriter& json);

// The member "values" alone.
void WriteValues(std::span<const Value> values, JsonWriter& json);

}  // namespace idnode
