#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node/client/trace_client.h"
#include "node/config/config.h"
#include "node/security/networks.h"
#include "node/service/trace_elsewhere.h"
#include "proto/base/result.h"

namespace idnode {

// Whether a trace may ask at an address that a record names (docs/adr/0015): in one of `networks`;
// null: at any but those of this machine, its links, groups, and what stands for others of them.
bool MayBeAsked(std::string_view address, const std::optional<Networks>& networks);

// The networks of an option; nothing: it is empty. kMalformed.
Result<std::optional<Networks>> NetworksToAsk(const Config& config, Option option);

// The nodes that a trace goes on at, asked over the network as trace.networks and trace.ca_file
// say.
class AskedNodes : public OtherNodes {
 public:
  // kMalformed: trace.networks or trace.above; kIo: trace.ca_file.
  static Result<AskedNodes> Of(const Config& config);
  std::vector<std::string> above() const override { return above_; }
  Reply Ask(const TraceInquiry& inquiry) override;

 private:
  AskedNodes(TraceClient client, std::vector<std::string> above)
      : client_(std::move(client)), above_(std::move(above)) {}

  const TraceClient client_;
  const std::vector<std::string> above_;
};

}  // namespace idnode
