#include <fmt/format.h>

#include "bench/load/drive.h"
#include "bench/load/load.h"
#include "node/client/node_client.h"

namespace idnode::load {

Result Resolve(const Options& options) {
  ClientOptions client;
  client.address = options.node;
  client.token = options.token;
  const auto node = NodeClient::Open(client, options.seconds_max);
  if (!node) return Result{};
  return Drive(options, [&](uint64_t first, uint32_t count) -> uint64_t {
    v1::ResolveBatchRequest request;
    for (uint64_t n = first; n < first + count; ++n) {
      request.add_requests()->set_identifier(fmt::format("{}/SN-{:012}", options.prefix, n));
    }
    auto reply = (*node)->ResolveBatch(request);
    if (!reply) return 0;
    uint64_t found = 0;
    for (const v1::ResolveResponse& response : reply->responses()) found += response.has_record();
    return found;
  });
}

}  // namespace idnode::load
