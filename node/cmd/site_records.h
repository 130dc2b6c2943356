#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "node/config/config.h"
#include "node/security/node_keys.h"
#include "node/security/site.h"
#include "proto/base/result.h"

namespace idnode {

// Where the keys of a node lie: keys/ in its data directory.
std::string KeyDirectoryOf(const Config& config);

// Where the node listens; 0: it does not.
struct ServedPorts {
  uint16_t handle_udp = 0, handle_tcp = 0, http = 0, https = 0;
};
// As the options say it; a port 0 stays one, since nobody knows it before the node serves.
ServedPorts ServedPortsOf(const Config& config);

// What the site record says, for each address that clients are told: those of
// handle.public_addresses, else of handle.listen. kMissingField: there is none, or it means every
// address of the machine ("0.0.0.0"), which tells a client nothing.
Result<std::vector<SiteDescription>> SitesOf(const Config& config, const NodeKeys& keys,
                                             const ServedPorts& ports);

}  // namespace idnode
