#include "node/cmd/open_supervision.h"

#include <utility>

#include "node/cmd/client_options.h"
#include "node/cmd/session.h"

namespace idnode {

std::unique_ptr<SupervisionClient> OpenSupervision(const GlobalOptions& global, int& exit_code) {
  ClientOptions options;
  if (!ClientOptionsFor(global, options, exit_code)) return nullptr;
  auto node = SupervisionClient::Open(options, global.timeout_seconds);
  if (!node) {
    exit_code = Refused(options.address, node.error());
    return nullptr;
  }
  return *std::move(node);
}

}  // namespace idnode
