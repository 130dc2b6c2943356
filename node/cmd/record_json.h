#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "proto/base/result.h"
#include "proto/rpc/registry.pb.h"
#include "proto/rpc/values.pb.h"

namespace idnode {

// A record as `resolve` and `export` print it. Data that is no UTF-8 text is printed as
// "data_base64". Times are left out when `times` is false, so that two stores of the same content
// print the same octets.
boost::json::object RecordJson(const v1::Record& record, bool times);

// The same of a range of serials, with the member "range" in the place of "identifier".
boost::json::object RangeJson(const v1::Range& range, bool times);

// The values of such a record, as a table for people.
void PrintValues(const boost::json::object& record);

// Adds the values that RecordJson printed as the member "values". kMalformed, with which member.
Status ReadValuesJson(std::string_view text, google::protobuf::RepeatedPtrField<v1::Value>& values);

}  // namespace idnode
