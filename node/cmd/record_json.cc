#include "node/cmd/record_json.h"

#include <boost/json/array.hpp>
#include <string>

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

}  // namespace

json::object RecordJson(const v1::Record& record, bool times) {
  json::object object;
  object["identifier"] = record.identifier();
  object["enterprise"] = record.enterprise();
  json::array values;
  for (const v1::Value& value : record.values()) values.push_back(ValueJson(value, times));
  object["values"] = std::move(values);
  if (times) {
    object["created"] = FormatUtc(record.created());
    object["modified"] = FormatUtc(record.modified());
    object["version"] = record.version();
  }
  return object;
}

}  // namespace idnode
