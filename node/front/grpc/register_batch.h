#pragma once

#include <functional>
#include <memory>

#include "node/front/grpc/grpc_front.h"
#include "node/runtime/work_pool.h"
#include "proto/rpc/registry.pb.h"

namespace idnode {

class RehearsedDefaults;

// Registers one batch: read on a work thread, answered from the ledger's. `request`, `response` and
// `rehearsed` (of a stream's dry runs; null: of none) last until `done`, which is called exactly
// once, from any thread.
void RegisterBatch(const v1::RegisterRequest& request, v1::RegisterResponse& response,
                   const Caller& caller, const GrpcServices& services, WorkPool& work,
                   RehearsedDefaults* rehearsed, std::function<void()> done);

}  // namespace idnode
