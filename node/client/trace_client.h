#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "node/client/http_get.h"
#include "proto/base/result.h"
#include "proto/web/trace_document.h"

namespace idnode {

// Asks another node for its part of a trace: over HTTP, as /api/v1/trace has it; where that node
// has no such thing, over the Handle protocol, by the values that say what a record refers to
// (forward only).
//
// Addresses come from records, so anybody who has one may name any: only those are asked that
// `may_ask` allows, whoever leads there; no name is looked up; no redirect is followed.
//
// Threads: any. Blocks.
class TraceClient {
 public:
  struct Settings {
    std::function<bool(std::string_view address)> may_ask;  // "192.0.2.1", "2001:db8::1".
    std::function<std::string(size_t octets)> random;
    std::string user_agent;
    TlsTrust trust;
  };
  explicit TraceClient(Settings settings) : settings_(std::move(settings)) {}

  struct Answer {
    std::string address;
    TraceDocument told;
    size_t octets = 0;
  };
  // kMissingField: no address that can be asked; kDenied: none that may be asked; kUnavailable,
  // kTimeout, kForged (of the certificate), kTooLarge; kMalformed, kUnsupported: it answers, but no
  // trace; kBusy: it refuses.
  Result<Answer> Ask(const TraceInquiry& inquiry) const;

 private:
  Result<Answer> AskOverHttp(const HttpServer& server, const TraceInquiry& inquiry,
                             uint32_t millis) const;
  Result<Answer> AskOverHandle(std::string_view server, const TraceInquiry& inquiry,
                               uint32_t millis) const;

  const Settings settings_;
};

}  // namespace idnode
