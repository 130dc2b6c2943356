#pragma once

#include <grpcpp/impl/service_type.h>

#include <memory>

#include "node/security/authenticator.h"

namespace idnode {

class PublishedLog;

// idnode.v1.Log. Its methods wait for the disk, each on a thread of gRPC's own. Both outlive it.
std::unique_ptr<grpc::Service> MakeLogService(PublishedLog& log,
                                              const Authenticator& authenticator);

}  // namespace idnode
