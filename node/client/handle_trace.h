#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/handle/requests.h"
#include "proto/web/trace_document.h"

namespace idnode {

// What a record refers to, asked for over the Handle protocol: from one server on, wherever
// referrals lead, but only to servers that `may_ask` allows ("192.0.2.1:2641"), and over TCP.
struct HandleTrace {
  std::string_view text;
  std::string start;
  std::function<bool(std::string_view server)> may_ask;
  std::function<std::string(size_t octets)> random;
  size_t octets_max = 0;  // Of the answer.
  uint32_t millis = 0;    // For all questions together.
};
struct HandleTraceAnswer {
  std::string server;  // Who answered.
  TraceDocument told;  // What the record refers to is elsewhere in it: the protocol says no more.
  size_t octets = 0;
};
// kUnavailable, kTimeout, kDenied, kTooLarge, kMalformed; kUnsupported: nobody who was asked
// answers for it.
Result<HandleTraceAnswer> TraceOverHandle(const HandleTrace& asked);

// The trace of one record by the values that were answered. Values that are no references, or whose
// data is no identifier, say nothing. kMalformed: `text` is no identifier.
Result<TraceDocument> TraceOfValues(std::string_view text, const std::vector<Value>& values);

}  // namespace idnode
