#pragma once

#include <grpcpp/impl/service_type.h>

#include <memory>

#include "node/front/grpc/grpc_front.h"

namespace idnode {

// idnode.v1.Admin. Its methods wait for ledger and disk, each on a thread of gRPC's own.
std::unique_ptr<grpc::Service> MakeAdminService(const GrpcServices& services);

}  // namespace idnode
