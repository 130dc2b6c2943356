// A body that is accepted is written as JSON that reads back as the same values; what is refused is
// refused for a reason of the input, never of ours. The same octets as a stored record's data are
// always written as JSON.
// rooms: proto/web proto/record proto/base
// mutations: 5000

#include <boost/json/parse.hpp>
#include <cstdint>
#include <string>

#include "proto/web/handle_json.h"
#include "proto/web/json_writer.h"

namespace {

using idnode::Require;

bool IsJson(std::string_view text) {
  boost::json::error_code failure;
  boost::json::parse(text, failure);
  return !failure;
}

void CheckBody(std::string_view input) {
  const auto body = idnode::ParseValuesBody(input);
  if (!body) return Require(idnode::RowOf(body.error().code).http < 500);
  for (const idnode::Value& value : body->values()) {
    std::string json;
    idnode::WriteValue(value, json);
    const auto again = idnode::ParseValuesBody(json);
    Require(again && again->values().size() == 1);
    std::string twice;
    idnode::WriteValue(again->values()[0], twice);
    Require(twice == json);
  }
}

void CheckStoredData(std::string_view input) {
  for (const std::string_view type : {"DESC", "HS_ADMIN", "HS_VLIST", "HS_SITE", "HS_PUBKEY"}) {
    idnode::Value value;
    value.index = 1;
    value.type = type;
    value.data = input;
    value.references = {{input, 1}};
    std::string json;
    idnode::WriteValue(value, json);
    Require(IsJson(json));
    std::string indented;
    idnode::IndentJson(json, indented);
    Require(IsJson(indented));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  CheckBody(input);
  CheckStoredData(input);
  return 0;
}
