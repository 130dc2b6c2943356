#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/record/record.h"

namespace idnode {

// Handle JSON as the stock REST interface writes and reads it (spec/handle-protocol.md 6.4, 6.5):
// the same order of members, the same choice between string and base64.

// Which values an answer holds: the union of indexes and types; both empty: all.
struct ShownValues {
  std::vector<uint32_t> indexes;
  std::vector<std::string> types;
  bool public_only = true;

  bool Admits(uint32_t index, std::string_view type, uint8_t permissions) const;
};

// {"responseCode":1,"handle":…,"values":[…]}; code 200 with "values":[] when the filter leaves
// none. Appends to `out` and returns the response code.
uint32_t WriteResolution(std::string_view handle, const RecordView& record,
                         const ShownValues& filter, bool pretty, std::string& out);

// {"responseCode":100,"handle":…}, with "message" when it is not empty.
void WriteResponse(uint32_t response_code, std::string_view handle, std::string_view message,
                   std::string& out);

// One value as JSON (6.5).
void WriteValue(const Value& value, std::string& out);

// What a PUT carries: an array of values, an object with "values" (and perhaps "handle"), or one
// value. Owns the octets that its values point into.
class ValuesBody {
 public:
  const std::vector<Value>& values() const { return values_; }
  std::string_view handle() const { return handle_; }

 private:
  friend Result<ValuesBody> ParseValuesBody(std::string_view json);
  friend class BodyReader;
  std::vector<std::unique_ptr<std::string>> kept_;
  std::vector<Value> values_;
  std::string handle_;
};
// kMalformed, kTooDeep, kTooLarge, kInvalidValue, kMissingField, kNotUtf8. Depth and sizes are held
// while parsing. Unknown members are passed over, of a repeated one the last counts. CheckValues
// and the comparison of handle() with the path are the caller's.
Result<ValuesBody> ParseValuesBody(std::string_view json);

}  // namespace idnode
