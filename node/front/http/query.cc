#include "node/front/http/query.h"

#include <boost/json/parse.hpp>

#include "proto/base/limits.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

// One parameter of a JSON object: a text, a number, true or false, or an array of them.
Status AddParameter(std::string_view name, const boost::json::value& value, Query& query) {
  if (value.is_array()) {
    for (const auto& each : value.get_array()) {
      if (each.is_array()) return Error{Errc::kMalformed, "a parameter in the body"};
      if (const Status added = AddParameter(name, each, query); !added) return added;
    }
    return {};
  }
  std::string text;
  if (value.is_string()) {
    text = std::string_view(value.get_string());
  } else if (value.is_int64() && value.get_int64() >= 0) {
    text = std::to_string(value.get_int64());
  } else if (value.is_bool()) {
    text = value.get_bool() ? "true" : "false";
  } else {
    return Error{Errc::kMalformed, "a parameter in the body"};
  }
  query.Add(std::string(name), std::move(text));
  return {};
}

}  // namespace

Result<Query> Query::Parse(std::string_view text) {
  Query query;
  while (!text.empty()) {
    const size_t end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (pair.empty()) continue;
    const size_t equals = pair.find('=');
    auto name = PercentDecode(pair.substr(0, equals));
    if (!name) return Error{name.error().code, "a query parameter's name"};
    auto value = PercentDecode(equals == std::string_view::npos ? std::string_view()
                                                                : pair.substr(equals + 1));
    if (!value) return Error{value.error().code, "a query parameter's value"};
    query.Add(std::move(*name), std::move(*value));
  }
  return query;
}

const std::string* Query::Find(std::string_view name) const {
  for (const auto& [each, value] : parameters_) {
    if (each == name) return &value;
  }
  return nullptr;
}

std::vector<std::string_view> Query::All(std::string_view name) const {
  std::vector<std::string_view> all;
  for (const auto& [each, value] : parameters_) {
    if (each == name) all.push_back(value);
  }
  return all;
}

bool Query::IsTrue(std::string_view name) const {
  const std::string* value = Find(name);
  return value != nullptr &&
         (value->empty() || EqualFolded(*value, "yes") || EqualFolded(*value, "true"));
}

Result<Query> QueryOfObject(std::string_view body) {
  if (!IsUtf8(body)) return Error{Errc::kNotUtf8, "the request body"};
  boost::json::parse_options options;
  options.max_depth = limits::kJsonDepthMax;
  boost::json::error_code error;
  const auto root = boost::json::parse({body.data(), body.size()}, error, {}, options);
  if (error == boost::json::error::too_deep) return Error{Errc::kTooDeep, "the request body"};
  if (error || !root.is_object()) {
    return Error{Errc::kMalformed, "the request body is no JSON object"};
  }
  Query query;
  for (const auto& member : root.get_object()) {
    const std::string_view name(member.key().data(), member.key().size());
    if (const Status added = AddParameter(name, member.value(), query); !added) {
      return added.error();
    }
  }
  return query;
}

}  // namespace idnode
