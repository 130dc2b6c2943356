#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// Reads members of a parsed document. The first that is missing or of the wrong kind spoils the
// reading for good, so that a decoder reads its members in order and asks once. `what` is static
// text that names the member. Views point into the document.
//
// As lenient as the stock server's JSON library: a number may stand as text, a text as number or
// boolean. A null member counts as present, and as of the wrong kind.
class JsonFields {
 public:
  bool ok() const { return status_.ok(); }
  const Status& status() const { return status_; }
  // The first failure stays.
  void Fail(Errc code, std::string_view what);

  // Null where `object` is no object or has no such member.
  static const boost::json::value* Member(const boost::json::value& object, std::string_view name);

  // kMissingField: no value; kInvalidValue: of another kind, or out of range. Empty or 0 then.
  std::string_view Text(const boost::json::value* value, std::string_view what);
  // A text as it is; a whole number or a boolean as it is spelled.
  std::string Spelled(const boost::json::value* value, std::string_view what);
  uint32_t Number(const boost::json::value* value, uint32_t max, std::string_view what);
  bool Flag(const boost::json::value* value, std::string_view what);
  std::span<const boost::json::value> List(const boost::json::value* value, std::string_view what);

 private:
  Status status_;
};

}  // namespace idnode
