#pragma once

#include <string>
#include <vector>

#include "node/cmd/command.h"
#include "proto/handle/requests.h"

namespace idnode {

// `idnode resolve` over the Handle protocol, from one server on, whoever's it is.
struct HandleResolveOptions {
  std::vector<std::string> identifiers;
  std::vector<uint32_t> indexes;
  std::vector<std::string> types;
  std::string server;  // "192.0.2.1:2641"
  bool trace = false;  // Prints each question on the way.
};
int ResolveOverHandle(const HandleResolveOptions& options, const GlobalOptions& global);

}  // namespace idnode
