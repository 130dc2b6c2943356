#include "node/front/grpc/values.h"

namespace idnode {

Result<Value> ValueOf(const v1::Value& message) {
  Value value;
  value.index = message.index();
  value.type = message.type();
  value.data = message.data();
  if (message.has_ttl()) value.ttl = message.ttl();
  value.ttl_absolute = message.ttl_absolute();
  if (message.has_permissions()) {
    if (message.permissions() > 0x0F) {
      return Error{Errc::kInvalidValue, "permissions: four bits are known"};
    }
    value.permissions = static_cast<uint8_t>(message.permissions());
  }
  for (const v1::Reference& reference : message.references()) {
    value.references.push_back({reference.handle(), reference.index()});
  }
  return value;
}

void FillValue(const Value& value, v1::Value& message) {
  message.set_index(value.index);
  message.set_type(value.type.data(), value.type.size());
  message.set_data(value.data.data(), value.data.size());
  message.set_ttl(value.ttl);
  message.set_ttl_absolute(value.ttl_absolute);
  message.set_permissions(value.permissions);
  message.set_timestamp(value.timestamp);
  for (const ValueReference& each : value.references) {
    v1::Reference& reference = *message.add_references();
    reference.set_handle(each.handle.data(), each.handle.size());
    reference.set_index(each.index);
  }
}

void FillRecordHead(std::string_view text, std::string_view key, uint64_t version,
                    const RecordView& record, v1::Record& message) {
  message.set_identifier(text.data(), text.size());
  message.set_key(key.data(), key.size());
  message.set_enterprise(record.enterprise());
  message.set_version(version);
  message.set_created(record.created());
  message.set_modified(record.modified());
}

Status FillAllValues(const RecordView& record, v1::Record& message) {
  const auto values = record.DecodeAll();
  if (!values) return values.error();
  for (const Value& value : *values) FillValue(value, *message.add_values());
  return {};
}

}  // namespace idnode
