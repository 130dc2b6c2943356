#pragma once

#include <string>
#include <string_view>

#include "node/cmd/site_records.h"
#include "node/config/config.h"
#include "node/front/handle/costly_work.h"
#include "node/front/handle/dispatcher.h"
#include "node/front/http/http_front.h"
#include "node/runtime/clock.h"
#include "node/runtime/log.h"
#include "node/runtime/random.h"
#include "node/security/node_keys.h"
#include "node/security/site.h"
#include "proto/base/result.h"

namespace idnode {

// What serving the Handle protocol needs beside its front and its dispatcher.

// The node's keys; of a node that has none yet, new ones.
Result<NodeKeys> LoadOrMakeKeys(const std::string& directory, Log& log);

// The site record that clients are told; none where no address is known that they could reach.
SiteRecords SiteRecordsOf(const Config& config, const NodeKeys& keys, const ServedPorts& ports,
                          Log& log);

// What sources may cost over HTTP, beside what the dispatcher lets them over other transports.
class HttpAllowance {
 public:
  HandleAccess Grant(HandleAccess access) {
    access.may_verify = [this](const Address& source, std::string_view answer) {
      const uint32_t cost = answer.empty() ? kSignatureCost : CostOfSecretAnswer(answer);
      return work_.Take(source, cost, MonotonicMicros());
    };
    access.may_guess = [this](const Address& source) {
      return guesses_.Allows(source, 1, MonotonicMicros());
    };
    access.on_wrong_secret = [this](const Address& source) {
      (void)guesses_.Take(source, 1, MonotonicMicros());
    };
    return access;
  }

 private:
  SourceAllowance work_{DispatcherOptions{}.costly_work, RandomNumber()};
  SourceAllowance guesses_{DispatcherOptions{}.secret_guesses, RandomNumber()};
};

}  // namespace idnode
