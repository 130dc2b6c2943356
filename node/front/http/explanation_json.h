#pragma once

#include <string>
#include <string_view>

#include "node/service/explain.h"
#include "node/service/trace.h"

namespace idnode {

// What the search box and a trace say, as every door says it: /api/v1/resolve, /api/v1/trace, gRPC
// and the command line (docs/api/http.md).
std::string ExplanationJson(const Explanation& told);
std::string TraceJson(const Trace& trace);

// `root`: where Digital Links of the node begin.
Result<std::string> ExplanationOf(const Resolver& resolver, std::string_view text,
                                  const Caller& caller, std::string root);
Result<std::string> TraceDocumentOf(const Result<Trace>& trace);

}  // namespace idnode
