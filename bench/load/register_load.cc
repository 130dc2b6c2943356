#include <fmt/format.h>

#include "bench/load/drive.h"
#include "bench/load/load.h"
#include "node/client/node_client.h"

namespace idnode::load {

Result Register(const Options& options) {
  ClientOptions client;
  client.address = options.node;
  client.token = options.token;
  const auto node = NodeClient::Open(client, options.seconds_max);
  if (!node) return Result{};
  return Drive(options, [&](uint64_t first, uint32_t count) -> uint64_t {
    v1::RegisterRequest request;
    for (uint64_t n = first; n < first + count; ++n) {
      v1::RegisterItem* item = request.add_items();
      item->set_identifier(fmt::format("{}/SN-{:012}", options.prefix, n));
      item->set_action(v1::REGISTER_ACTION_CREATE);
      v1::Value* value = item->add_values();
      value->set_index(1);
      value->set_type("URL");
      value->set_data(fmt::format("https://id.example.cn/p/{:016x}", n * 0x9E3779B97F4A7C15ull));
    }
    auto reply = (*node)->Register(request);
    return reply ? reply->created() + reply->unchanged() : 0;
  });
}

}  // namespace idnode::load
