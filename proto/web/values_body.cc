#include "proto/web/handle_json.h"

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <memory>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/web/structured_json.h"

// What a PUT carries (spec/handle-protocol.md 6.3, 6.5).
namespace idnode {

namespace json = boost::json;

// Fills a body from a parsed document.
class BodyReader {
 public:
  Status Read(const json::value& root, ValuesBody& body) {
    const json::value* values = JsonFields::Member(root, "values");
    if (values == nullptr) return root.is_array() ? ReadList(root, body) : ReadSingle(root, body);
    if (const json::value* handle = JsonFields::Member(root, "handle")) {
      body.handle_ = fields_.Text(handle, "handle");
    }
    return ReadList(*values, body);
  }

 private:
  Status ReadList(const json::value& list, ValuesBody& body) {
    const auto items = fields_.List(&list, "values: an array");
    if (items.size() > limits::kValuesPerRecordMax) {
      return Error{Errc::kTooLarge, "a record has at most 2048 values"};
    }
    for (const json::value& item : items) {
      if (fields_.ok()) body.values_.push_back(ReadValue(item, body));
    }
    return fields_.status();
  }

  Status ReadSingle(const json::value& root, ValuesBody& body) {
    if (!root.is_object()) return Error{Errc::kMalformed, "neither an array nor an object"};
    body.values_.push_back(ReadValue(root, body));
    return fields_.status();
  }

  Value ReadValue(const json::value& item, ValuesBody& body) {
    if (!item.is_object()) fields_.Fail(Errc::kMalformed, "a value is an object");
    Value value;
    value.index = fields_.Number(JsonFields::Member(item, "index"), INT32_MAX, "index");
    value.type = Keep(fields_.Spelled(JsonFields::Member(item, "type"), "type"), body);
    std::string data = ReadData(JsonFields::Member(item, "data"), fields_);
    if (data.size() > limits::kValueDataOctetsMax) {
      fields_.Fail(Errc::kTooLarge, "a value's data has at most 262144 octets");
    }
    value.data = Keep(std::move(data), body);
    ReadPermissions(JsonFields::Member(item, "permissions"), value);
    ReadTtl(JsonFields::Member(item, "ttl"), value);
    // A timestamp is the server's to set: whatever the member holds is passed over.
    const json::value* references = JsonFields::Member(item, "references");
    if (references != nullptr && !references->is_null()) ReadReferences(*references, value, body);
    return value;
  }

  // adminRead, adminWrite, publicRead, publicWrite, of which the last ones may stand alone; those
  // that are not given stay at their default. The stock server honours the first of n characters
  // only when n + 1 are given, so that its own "0110" reads back as 1110 and publishes to every
  // administrator what was meant for none. Here each character given counts.
  void ReadPermissions(const json::value* permissions, Value& value) {
    if (permissions == nullptr) return;
    const std::string text = fields_.Spelled(permissions, "permissions");
    if (text == "*") {
      value.permissions = kAdminRead | kAdminWrite | kPublicRead | kPublicWrite;
      return;
    }
    for (size_t bit = 0; bit < 4 && bit < text.size(); ++bit) {
      const auto mask = static_cast<uint8_t>(1u << bit);  // publicWrite is bit 0.
      const bool given = text[text.size() - 1 - bit] == '1';
      value.permissions = static_cast<uint8_t>((value.permissions & ~mask) | (given ? mask : 0));
    }
  }

  // A number is relative; a text is a moment.
  void ReadTtl(const json::value* ttl, Value& value) {
    if (ttl == nullptr) return;
    if (!ttl->is_string()) {
      value.ttl = fields_.Number(ttl, INT32_MAX, "ttl");
      return;
    }
    const auto moment = ParseUtc(fields_.Text(ttl, "ttl"));
    if (!moment || *moment > UINT32_MAX) {
      return fields_.Fail(Errc::kInvalidValue, "ttl is no moment before 2106");
    }
    value.ttl_absolute = true;
    value.ttl = static_cast<uint32_t>(*moment);
  }

  void ReadReferences(const json::value& list, Value& value, ValuesBody& body) {
    const auto items = fields_.List(&list, "references");
    if (items.size() > limits::kReferencesPerValueMax) {
      return fields_.Fail(Errc::kTooLarge, "a value has at most 64 references");
    }
    for (const json::value& item : items) {
      const ValueReference reference = ReadReference(item, fields_);
      value.references.push_back({Keep(std::string(reference.handle), body), reference.index});
    }
  }

  static std::string_view Keep(std::string text, ValuesBody& body) {
    body.kept_.push_back(std::make_unique<std::string>(std::move(text)));
    return *body.kept_.back();
  }

  JsonFields fields_;
};

Result<ValuesBody> ParseValuesBody(std::string_view text) {
  if (text.size() > limits::kHttpBodyOctetsMax) {
    return Error{Errc::kTooLarge, "the body has at most 1048576 octets"};
  }
  if (!IsUtf8(text)) return Error{Errc::kNotUtf8, "JSON is UTF-8 (RFC 8259 section 8.1)"};
  std::array<unsigned char, 4096> first_block;
  json::monotonic_resource memory(first_block.data(), first_block.size());
  json::parse_options options;
  options.max_depth = limits::kJsonDepthMax;
  json::error_code failure;
  const json::value root = json::parse(text, failure, &memory, options);
  if (failure == json::error::too_deep) {
    return Error{Errc::kTooDeep, "JSON is nested at most 64 deep"};
  }
  if (failure) return Error{Errc::kMalformed, "the body is not JSON (RFC 8259)"};

  ValuesBody body;
  if (const Status read = BodyReader().Read(root, body); !read) return read.error();
  return body;
}

}  // namespace idnode
