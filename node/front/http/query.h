#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/base/result.h"

namespace idnode {

// The parameters of a request, decoded: of a query (index=1&type=URL), or of a JSON object.
class Query {
 public:
  // kMalformed: a '%' without two hexadecimal digits. '+' is kept: it occurs in identifiers.
  static Result<Query> Parse(std::string_view text);

  void Add(std::string name, std::string value) {
    parameters_.emplace_back(std::move(name), std::move(value));
  }
  bool Has(std::string_view name) const { return Find(name) != nullptr; }
  // The first of that name; null: there is none.
  const std::string* Find(std::string_view name) const;
  std::vector<std::string_view> All(std::string_view name) const;

  // Present and empty, "yes" or "true" in any case; everything else is false
  // (spec/handle-protocol.md 6.3).
  bool IsTrue(std::string_view name) const;
  bool empty() const { return parameters_.empty(); }

 private:
  std::vector<std::pair<std::string, std::string>> parameters_;
};

// The parameters of a JSON object in a body: texts, numbers, true and false, or arrays of them,
// which are repeated parameters. kMalformed, kTooDeep, kNotUtf8.
Result<Query> QueryOfObject(std::string_view body);

}  // namespace idnode
