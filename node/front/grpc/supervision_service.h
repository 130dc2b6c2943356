#pragma once

#include <grpcpp/impl/service_type.h>

#include <memory>

#include "node/security/authenticator.h"

namespace idnode {

class Supervision;

// idnode.v1.Supervision. Its methods wait for disk and ledger, each on a thread of gRPC's own. Both
// outlive it.
std::unique_ptr<grpc::Service> MakeSupervisionService(Supervision& supervision,
                                                      const Authenticator& authenticator);

}  // namespace idnode
