#pragma once

#include <string>

#include "node/cmd/site_records.h"
#include "node/config/config.h"
#include "node/runtime/log.h"
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

}  // namespace idnode
