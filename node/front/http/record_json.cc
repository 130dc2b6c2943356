#include "node/front/http/record_json.h"

#include <string>

#include "proto/base/text.h"
#include "proto/web/handle_json.h"

namespace idnode {

void WriteRecordMembers(std::string_view identifier, const RecordView& record, uint64_t version,
                        std::span<const Value> values, JsonWriter& json) {
  json.Member("identifier");
  json.Text(identifier);
  json.Member("enterprise");
  json.Uint(record.enterprise());
  json.Member("version");
  json.Uint64(version);
  json.Member("created");
  json.ValidText(FormatUtc(record.created()));
  json.Member("modified");
  json.ValidText(FormatUtc(record.modified()));
  WriteValues(values, json);
}

void WriteValues(std::span<const Value> values, JsonWriter& json) {
  json.Member("values");
  json.StartArray();
  std::string text;
  for (const Value& value : values) {
    text.clear();
    WriteValue(value, text);
    json.RawValue(text.data(), text.size(), rapidjson::kObjectType);
  }
  json.EndArray();
}

}  // namespace idnode
