#pragma once

#include <grpcpp/impl/service_type.h>

#include <memory>

#include "node/security/authenticator.h"

namespace idnode {

class DirectiveDesk;

// idnode.v1.Upper. Its methods wait for the disk, each on a thread of gRPC's own. Both outlive it.
std::unique_ptr<grpc::Service> MakeUpperService(DirectiveDesk& directives,
                                                const Authenticator& authenticator);

}  // namespace idnode
