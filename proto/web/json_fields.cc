#include "proto/web/json_fields.h"

#include "proto/base/text.h"

namespace idnode {

namespace json = boost::json;

void JsonFields::Fail(Errc code, std::string_view what) {
  if (status_.ok()) status_ = Error{code, what};
}

const json::value* JsonFields::Member(const json::value& object, std::string_view name) {
  const json::object* members = object.if_object();
  return members == nullptr ? nullptr : members->if_contains(name);
}

std::string_view JsonFields::Text(const json::value* value, std::string_view what) {
  if (value == nullptr) {
    Fail(Errc::kMissingField, what);
    return {};
  }
  const json::string* text = value->if_string();
  if (text == nullptr) {
    Fail(Errc::kInvalidValue, what);
    return {};
  }
  return {text->data(), text->size()};
}

std::string JsonFields::Spelled(const json::value* value, std::string_view what) {
  if (value != nullptr) {
    if (const int64_t* number = value->if_int64()) return std::to_string(*number);
    if (const uint64_t* number = value->if_uint64()) return std::to_string(*number);
    if (const bool* flag = value->if_bool()) return *flag ? "true" : "false";
  }
  return std::string(Text(value, what));
}

uint32_t JsonFields::Number(const json::value* value, uint32_t max, std::string_view what) {
  if (value != nullptr && value->is_int64() && value->get_int64() >= 0 &&
      value->get_int64() <= max) {
    return static_cast<uint32_t>(value->get_int64());
  }
  if (value != nullptr && value->is_string()) {
    if (const auto number = ParseDecimal(Text(value, what), max)) {
      return static_cast<uint32_t>(*number);
    }
  }
  Fail(value == nullptr ? Errc::kMissingField : Errc::kInvalidValue, what);
  return 0;
}

bool JsonFields::Flag(const json::value* value, std::string_view what) {
  if (value != nullptr && value->is_bool()) return value->get_bool();
  return EqualFolded(Text(value, what), "true");
}

std::span<const json::value> JsonFields::List(const json::value* value, std::string_view what) {
  const json::array* list = value == nullptr ? nullptr : value->if_array();
  if (list == nullptr) {
    Fail(value == nullptr ? Errc::kMissingField : Errc::kInvalidValue, what);
    return {};
  }
  return {list->data(), list->size()};
}

}  // namespace idnode
