#include "proto/web/handle_answers.h"

#include "proto/web/handle_json.h"
#include "proto/web/json_writer.h"
#include "proto/web/structured_json.h"

namespace idnode {
namespace {

constexpr uint32_t kSuccess = 1;
constexpr uint32_t kServiceReferral = 302;
constexpr uint32_t kPrefixReferral = 303;

void Open(uint32_t code, JsonWriter& json) {
  json.StartObject();
  json.Member("responseCode");
  json.Uint(code);
}

void WriteValueArray(std::span<const Value> values, JsonWriter& json) {
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

}  // namespace

void WriteValues(std::string_view handle, std::span<const Value> values, std::string& out) {
  JsonWriter json(out);
  Open(kSuccess, json);
  json.TextMember("handle", handle);
  WriteValueArray(values, json);
  json.EndObject();
}

void WriteResolutionHead(std::string_view handle, std::string& out) {
  WriteResponse(kSuccess, handle, {}, out);
  out.pop_back();  // '}'
}

void WriteReferral(std::string_view handle, std::span<const Value> values, std::string& out,
                   bool of_service) {
  JsonWriter json(out);
  Open(of_service ? kServiceReferral : kPrefixReferral, json);
  WriteValueArray(values, json);
  json.TextMember("handle", handle);
  json.EndObject();
}

void WriteHandleList(const ListedHandles& list, std::string& out) {
  JsonWriter json(out);
  Open(kSuccess, json);
  if (!list.prefix.empty()) json.TextMember("prefix", list.prefix);
  json.TextMember("totalCount", std::to_string(list.total));
  if (list.page) {
    json.Member("page");
    json.Uint64(list.page->number);
    json.Member("pageSize");
    json.Uint64(list.page->size);
  }
  json.Member(list.prefix.empty() ? "prefixes" : "handles");
  json.StartArray();
  for (const std::string& handle : list.handles) json.Text(handle);
  json.EndArray();
  json.EndObject();
}

bool WriteSiteAnswer(std::string_view site_record, std::string& out) {
  const size_t before = out.size();
  bool written = false;
  {
    JsonWriter json(out);
    Open(kSuccess, json);
    json.Member("site");
    written = WriteSiteObject(site_record, json);
    if (written) json.EndObject();
  }
  if (!written) out.resize(before);
  return written;
}

void WriteVerification(std::string_view handle, bool valid, std::string& out) {
  JsonWriter json(out);
  Open(kSuccess, json);
  json.Member("isValid");
  json.Bool(valid);
  json.TextMember("handle", handle);
  json.EndObject();
}

}  // namespace idnode
