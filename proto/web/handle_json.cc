#include "proto/web/handle_json.h"

#include <algorithm>
#include <array>

#include "proto/base/text.h"
#include "proto/web/json_writer.h"
#include "proto/web/structured_json.h"

namespace idnode {
namespace {

constexpr uint32_t kSuccess = 1;
constexpr uint32_t kValuesNotFound = 200;

bool AdmitsAny(const ShownValues& filter, const RecordView& record) {
  for (RecordView::Walk walk = record.values(); walk.Next();) {
    if (filter.Admits(walk.index(), walk.type(), walk.permissions())) return true;
  }
  return false;
}

void WritePermissions(uint8_t permissions, JsonWriter& json) {
  std::array<char, 4> text;
  const std::array<uint8_t, 4> bits = {kAdminRead, kAdminWrite, kPublicRead, kPublicWrite};
  std::ranges::transform(bits, text.begin(),
                         [&](uint8_t bit) { return (permissions & bit) != 0 ? '1' : '0'; });
  json.Member("permissions");
  json.ValidText({text.data(), text.size()});
}

// The values of a record mostly carry one timestamp: it is spelled once.
class Timestamps {
 public:
  std::string_view TextOf(uint32_t seconds) {
    if (text_.empty() || seconds != seconds_) text_ = FormatUtc(seconds);
    seconds_ = seconds;
    return text_;
  }

 private:
  uint32_t seconds_ = 0;
  std::string text_;
};

void WriteTimes(const Value& value, Timestamps& timestamps, JsonWriter& json) {
  json.Member("ttl");
  if (value.ttl_absolute) {
    json.ValidText(FormatUtc(value.ttl));
  } else {
    json.Uint(value.ttl);
  }
  if (value.timestamp == 0) return;
  json.Member("timestamp");
  json.ValidText(timestamps.TextOf(value.timestamp));
}

void WriteOneValue(const Value& value, Timestamps& timestamps, JsonWriter& json) {
  json.StartObject();
  json.Member("index");
  json.Uint(value.index);
  json.Member("type");
  json.Text(value.type);
  json.Member("data");
  if (!WriteStructuredData(value.type, value.data, json)) WritePlainData(value.data, json);
  // Only the four known bits are spoken of.
  if ((value.permissions & 0x0F) != kDefaultPermissions) WritePermissions(value.permissions, json);
  WriteTimes(value, timestamps, json);
  if (!value.references.empty()) {
    json.Member("references");
    json.StartArray();
    for (const ValueReference& reference : value.references) WriteReference(reference, json);
    json.EndArray();
  }
  json.EndObject();
}

void WriteHandle(std::string_view handle, JsonWriter& json) {
  json.Member("handle");
  json.Text(handle);
}

void WriteAdmitted(const RecordView& record, const ShownValues& filter, JsonWriter& json) {
  Timestamps timestamps;
  json.Member("values");
  json.StartArray();
  for (RecordView::Walk walk = record.values(); walk.Next();) {
    if (!filter.Admits(walk.index(), walk.type(), walk.permissions())) continue;
    Reader in(walk.octets());
    WriteOneValue(DecodeValue(in), timestamps, json);
  }
  json.EndArray();
}

uint32_t WriteCompact(std::string_view handle, const RecordView& record, const ShownValues& filter,
                      std::string& out) {
  const uint32_t code = AdmitsAny(filter, record) ? kSuccess : kValuesNotFound;
  JsonWriter json(out);
  json.StartObject();
  json.Member("responseCode");
  json.Uint(code);
  // The stock server appends the handle to an error, whose only payload is "values":[].
  if (code == kSuccess) WriteHandle(handle, json);
  WriteAdmitted(record, filter, json);
  if (code != kSuccess) WriteHandle(handle, json);
  json.EndObject();
  return code;
}

}  // namespace

bool ShownValues::Admits(uint32_t index, std::string_view type, uint8_t permissions) const {
  if (public_only && (permissions & kPublicRead) == 0) return false;
  if (indexes.empty() && types.empty()) return true;
  if (std::ranges::find(indexes, index) != indexes.end()) return true;
  return std::ranges::any_of(types, [&](const auto& t) { return MatchesTypeFilter(type, t); });
}

uint32_t WriteResolution(std::string_view handle, const RecordView& record,
                         const ShownValues& filter, bool pretty, std::string& out) {
  if (!pretty) return WriteCompact(handle, record, filter, out);
  std::string compact;
  const uint32_t code = WriteCompact(handle, record, filter, compact);
  IndentJson(compact, out);
  return code;
}

void WriteResponse(uint32_t response_code, std::string_view handle, std::string_view message,
                   std::string& out) {
  JsonWriter json(out);
  json.StartObject();
  json.Member("responseCode");
  json.Uint(response_code);
  if (!message.empty()) {
    json.Member("message");
    json.Text(message);
  }
  if (!handle.empty()) WriteHandle(handle, json);
  json.EndObject();
}

void WriteValue(const Value& value, std::string& out) {
  JsonWriter json(out);
  Timestamps timestamps;
  WriteOneValue(value, timestamps, json);
}

}  // namespace idnode
