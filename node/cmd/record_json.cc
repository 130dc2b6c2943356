#include "node/cmd/record_json.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <optional>
#include <string>

#include "node/cmd/output.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/record/value.h"

namespace idnode {
namespace {

namespace json = boost::json;

json::object ValueJson(const v1::Value& value, bool times) {
  json::object object;
  object["index"] = value.index();
  object["type"] = value.type();
  const bool text = IsUtf8(value.data()) && value.data().find('\0') == std::string::npos;
  object[text ? "data" : "data_base64"] = text ? value.data() : ToBase64(value.data());
  if (value.has_ttl() && (value.ttl() != kDefaultTtl || value.ttl_absolute())) {
    object[value.ttl_absolute() ? "expires" : "ttl"] = value.ttl();
  }
  if (value.has_permissions() && value.permissions() != kDefaultPermissions) {
    object["permissions"] = value.permissions();
  }
  if (value.references_size() > 0) {
    json::array references;
    for (const v1::Reference& reference : value.references()) {
      references.push_back({{"handle", reference.handle()}, {"index", reference.index()}});
    }
    object["references"] = std::move(references);
  }
  if (times) object["timestamp"] = FormatUtc(value.timestamp());
  return object;
}

json::array ValuesJson(const google::protobuf::RepeatedPtrField<v1::Value>& values, bool times) {
  json::array array;
  for (const v1::Value& value : values) array.push_back(ValueJson(value, times));
  return array;
}

// The member's number; absent: nothing. False: it is something else.
bool ReadNumber(const json::object& object, std::string_view name, std::optional<uint32_t>& out) {
  const json::value* member = object.if_contains(name);
  if (member == nullptr) return true;
  boost::system::error_code error;
  out = member->to_number<uint32_t>(error);
  return !error;
}

const json::string* TextOf(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains(name);
  return member == nullptr ? nullptr : member->if_string();
}

Status ReadData(const json::object& object, v1::Value& value) {
  if (const json::string* text = TextOf(object, "data")) {
    value.set_data(text->data(), text->size());
    return {};
  }
  const json::string* base64 = TextOf(object, "data_base64");
  if (base64 == nullptr) return Error{Errc::kMalformed, "values: data or data_base64, a string"};
  Result<std::string> octets = FromBase64(*base64);
  if (!octets) return Error{Errc::kMalformed, "values: data_base64 is no Base64"};
  value.set_data(std::move(*octets));
  return {};
}

Status ReadReferences(const json::object& object, v1::Value& value) {
  const json::value* member = object.if_contains("references");
  if (member == nullptr) return {};
  const json::array* references = member->if_array();
  if (references == nullptr) return Error{Errc::kMalformed, "values: references, an array"};
  for (const json::value& each : *references) {
    const json::object* reference = each.if_object();
    const json::string* handle = reference == nullptr ? nullptr : TextOf(*reference, "handle");
    std::optional<uint32_t> index;
    if (handle == nullptr || !ReadNumber(*reference, "index", index)) {
      return Error{Errc::kMalformed, "values: a reference has a handle and an index"};
    }
    v1::Reference& out = *value.add_references();
    out.set_handle(handle->data(), handle->size());
    out.set_index(index.value_or(0));
  }
  return {};
}

Status ReadValue(const json::value& element, v1::Value& value) {
  const json::object* object = element.if_object();
  if (object == nullptr) return Error{Errc::kMalformed, "values: an array of objects"};
  std::optional<uint32_t> index, ttl, expires, permissions;
  if (!ReadNumber(*object, "index", index) || !ReadNumber(*object, "ttl", ttl) ||
      !ReadNumber(*object, "expires", expires) ||
      !ReadNumber(*object, "permissions", permissions) || !index || (ttl && expires)) {
    return Error{Errc::kMalformed, "values: index, ttl or expires, permissions are numbers"};
  }
  const json::string* type = TextOf(*object, "type");
  if (type == nullptr) return Error{Errc::kMalformed, "values: type, a string"};
  value.set_index(*index);
  value.set_type(type->data(), type->size());
  if (ttl || expires) value.set_ttl(ttl ? *ttl : *expires);
  value.set_ttl_absolute(expires.has_value());
  if (permissions) value.set_permissions(*permissions);
  if (const Status read = ReadData(*object, value); !read) return read;
  return ReadReferences(*object, value);
}

}  // namespace

void PrintValues(const json::object& record) {
  RowPrinter rows(OutputFormat::kTable, {{"index", "INDEX"}, {"type", "TYPE"}, {"data", "DATA"}});
  for (const json::value& value : record.at("values").as_array()) {
    json::object row = value.as_object();
    row["index"] = std::to_string(row.at("index").to_number<uint32_t>());  // A name, no quantity.
    rows.Add(std::move(row));
  }
  rows.Finish();
}

Status ReadValuesJson(std::string_view text,
                      google::protobuf::RepeatedPtrField<v1::Value>& values) {
  boost::system::error_code error;
  json::parse_options limits;
  limits.max_depth = limits::kJsonDepthMax;
  const json::value parsed = json::parse(text, error, {}, limits);
  const json::array* array = error ? nullptr : parsed.if_array();
  if (array == nullptr) return Error{Errc::kMalformed, "values: an array of objects"};
  for (const json::value& element : *array) {
    if (const Status read = ReadValue(element, *values.Add()); !read) return read;
  }
  return {};
}

json::object RecordJson(const v1::Record& record, bool times) {
  json::object object;
  object["identifier"] = record.identifier();
  object["enterprise"] = record.enterprise();
  object["values"] = ValuesJson(record.values(), times);
  if (times) {
    object["created"] = FormatUtc(record.created());
    object["modified"] = FormatUtc(record.modified());
    object["version"] = record.version();
  }
  return object;
}

json::object RangeJson(const v1::Range& range, bool times) {
  json::object object;
  object["range"] = range.range();
  object["enterprise"] = range.enterprise();
  object["values"] = ValuesJson(range.values(), times);
  if (times) {
    object["created"] = FormatUtc(range.created());
    object["version"] = range.version();
  }
  return object;
}

}  // namespace idnode
