#pragma once

#include "node/cmd/child_prober.h"
#include "node/config/config.h"
#include "node/front/grpc/grpc_front.h"
#include "node/front/handle/handle_front.h"
#include "node/front/http/http_front.h"
#include "node/runtime/log.h"
#include "node/service/handle_operations.h"
#include "proto/base/result.h"
#include "storage/store.h"
#include "sync/downstream/downstream.h"
#include "sync/upstream/upstream.h"

namespace idnode {

// What the configuration says to each part of a node that serves.
StoreOptions StoreOptionsOf(const Config& config);
// Reads the token's file: kIo. Without an address there is no node above, and nothing is read.
Result<UpstreamOptions> UpstreamOptionsOf(const Config& config);
DownstreamOptions DownstreamOptionsOf(const Config& config);
ProbeSettings ProbeSettingsOf(const Config& config);
GrpcOptions GrpcOptionsOf(const Config& config);
HttpOptions HttpOptionsOf(const Config& config);
DigitalLinkSettings DigitalLinkSettingsOf(const Config& config);
// `salt`: random. kMalformed: limits.unlimited_networks.
Result<HandleOptions> HandleOptionsOf(const Config& config, uint64_t salt);
HandleAdministration HandleAdministrationOf(const Config& config);
Log LogOf(const Config& config);

}  // namespace idnode
