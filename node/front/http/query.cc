#include "node/front/http/query.h"

#include "proto/base/text.h"

namespace idnode {

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

}  // namespace idnode
