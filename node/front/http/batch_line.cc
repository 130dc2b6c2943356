#include <algorithm>
#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>

#include "node/front/http/batch_entry.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/web/handle_json.h"

namespace idnode {
namespace {

namespace json = boost::json;

struct IdentifierEntry : BatchEntry {
  ValuesBody values;
};

struct ActionRow {
  RegisterAction action;
  std::string_view name;
};
constexpr auto kActionRows = std::to_array<ActionRow>({
    {RegisterAction::kCreate, "create"},
    {RegisterAction::kPut, "put"},
    {RegisterAction::kReplace, "replace"},
    {RegisterAction::kRemove, "remove"},
});

Status ReadAction(const json::object& members, RegisterItem& item) {
  const json::value* action = members.if_contains("action");
  if (action == nullptr) return {};
  const json::string* name = action->if_string();
  const auto row = name == nullptr
                       ? kActionRows.end()
                       : std::ranges::find(kActionRows, std::string_view(*name), &ActionRow::name);
  if (row == kActionRows.end()) {
    return Error{Errc::kMalformed, "action: create, put, replace or remove"};
  }
  item.action = row->action;
  return {};
}

Status ReadIdentifier(const json::object& members, std::string& text) {
  const json::value* identifier = members.if_contains("identifier");
  if (identifier == nullptr) return Error{Errc::kMissingField, "identifier"};
  if (!identifier->is_string()) return Error{Errc::kMalformed, "identifier: a string"};
  text.assign(identifier->get_string());
  return {};
}

Status ReadVersion(const json::object& members, RegisterItem& item) {
  const json::value* version = members.if_contains("expected_version");
  if (version == nullptr) return {};
  json::error_code error;
  item.expected_version = version->to_number<uint64_t>(error);
  if (error) return Error{Errc::kMalformed, "expected_version: a number"};
  return {};
}

Error ErrorOf(const json::error_code& error) {
  if (error == json::error::too_deep) return {Errc::kTooDeep, "the line"};
  return {Errc::kMalformed, "the line is no JSON"};
}

}  // namespace

Result<std::unique_ptr<BatchEntry>> ReadIdentifierEntry(std::string_view text) {
  if (!IsUtf8(text)) return Error{Errc::kNotUtf8, "the line"};
  std::array<unsigned char, 8192> memory;
  json::monotonic_resource resource(memory.data(), memory.size());
  json::parse_options options;
  options.max_depth = limits::kJsonDepthMax;
  json::error_code error;
  const json::value root = json::parse({text.data(), text.size()}, error, &resource, options);
  if (error) return ErrorOf(error);
  const json::object* members = root.if_object();
  if (members == nullptr) return Error{Errc::kMalformed, "the line is no JSON object"};

  auto entry = std::make_unique<IdentifierEntry>();
  RegisterItem& item = entry->item;
  if (const Status read = ReadAction(*members, item); !read) return read.error();
  if (const Status read = ReadIdentifier(*members, entry->identifier); !read) return read.error();
  if (const Status read = ReadVersion(*members, item); !read) return read.error();
  item.identifier = entry->identifier;
  if (members->if_contains("values") != nullptr) {
    auto values = ParseValuesBody(text);
    if (!values) return values.error();
    entry->values = std::move(*values);
    item.values = entry->values.values();
  } else if (item.action != RegisterAction::kRemove) {
    return Error{Errc::kMissingField, "values"};
  }
  return std::unique_ptr<BatchEntry>(std::move(entry));
}

}  // namespace idnode
