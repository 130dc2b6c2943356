#pragma once

#include <string>
#include <string_view>

#include "node/cmd/asked_nodes.h"
#include "node/config/config.h"
#include "node/service/forwarding.h"
#include "proto/base/result.h"

namespace idnode {

// Nodes below, asked over the Handle protocol at the addresses that they filed, as far as
// forward.networks allows it.
class AskedBelow : public NodesBelow {
 public:
  // kMalformed: forward.networks.
  static Result<AskedBelow> Of(const Config& config);
  Result<ForwardedAnswer> Resolve(std::string_view text, const std::string& address,
                                  uint32_t millis) override;

 private:
  explicit AskedBelow(std::optional<Networks> networks) : networks_(std::move(networks)) {}

  const std::optional<Networks> networks_;
};

}  // namespace idnode
