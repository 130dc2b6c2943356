#include <algorithm>
#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>

#include "node/front/http/batch_group.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

namespace json = boost::json;

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

Status ReadAction(const json::object& members, BatchLine& line) {
  const json::value* action = members.if_contains("action");
  if (action == nullptr) return {};
  const json::string* name = action->if_string();
  const auto row = name == nullptr
                       ? kActionRows.end()
                       : std::ranges::find(kActionRows, std::string_view(*name), &ActionRow::name);
  if (row == kActionRows.end()) {
    return Error{Errc::kMalformed, "action: create, put, replace or remove"};
  }
  line.action = row->action;
  return {};
}

Status ReadIdentifier(const json::object& members, BatchLine& line) {
  const json::value* identifier = members.if_contains("identifier");
  if (identifier == nullptr) return Error{Errc::kMissingField, "identifier"};
  if (!identifier->is_string()) return Error{Errc::kMalformed, "identifier: a string"};
  line.identifier.assign(identifier->get_string());
  return {};
}

Status ReadVersion(const json::object& members, BatchLine& line) {
  const json::value* version = members.if_contains("expected_version");
  if (version == nullptr) return {};
  json::error_code error;
  line.expected_version = version->to_number<uint64_t>(error);
  if (error) return Error{Errc::kMalformed, "expected_version: a number"};
  return {};
}

Error ErrorOf(const json::error_code& error) {
  if (error == json::error::too_deep) return {Errc::kTooDeep, "the line"};
  return {Errc::kMalformed, "the line is no JSON"};
}

}  // namespace

Result<BatchLine> ParseBatchLine(std::string_view text) {
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

  BatchLine line;
  if (const Status read = ReadAction(*members, line); !read) return read.error();
  if (const Status read = ReadIdentifier(*members, line); !read) return read.error();
  if (const Status read = ReadVersion(*members, line); !read) return read.error();
  if (members->if_contains("values") == nullptr) {
    if (line.action == RegisterAction::kRemove) return line;
    return Error{Errc::kMissingField, "values"};
  }
  auto values = ParseValuesBody(text);
  if (!values) return values.error();
  line.values = std::move(*values);
  return line;
}

}  // namespace idnode
