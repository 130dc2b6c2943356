#pragma once

#include <grpcpp/impl/service_type.h>

#include <memory>

#include "node/front/grpc/grpc_front.h"
#include "node/runtime/work_pool.h"

namespace idnode {

// idnode.v1.Resolver. Counts what it answers once gRPC has taken the answer.
std::unique_ptr<grpc::Service> MakeResolverService(const GrpcServices& services, WorkPool& work);

}  // namespace idnode
