#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include "node/front/grpc/grpc_front.h"
#include "node/security/caller.h"
#include "node/security/networks.h"
#include "proto/base/result.h"
#include "proto/rpc/values.pb.h"

namespace idnode {

// What every call has in common: who is asking, from where, and how it is told no.

// Code, detail and both languages.
void FillProblem(const Error& error, v1::Problem& problem);

// The status of the error's row, with the problem in the binary trailer `idnode-problem-bin`.
grpc::Status Refuse(grpc::ServerContextBase& context, const Error& error);

// The caller by the `authorization` metadata. None: over the local socket, which only those can
// open who may read the data directory, Authenticator::Local(); anonymous else.
Result<Caller> CallerOf(const grpc::ServerContextBase& context, const Authenticator& authenticator);

// Where the caller is; over the local socket: on this machine.
Address SourceOf(const grpc::ServerContextBase& context);

// External, unless the peer's network or, from this machine, `x-idnode-traffic: load-test` says
// otherwise.
TrafficClass ClassOf(const grpc::ServerContextBase& context, const GrpcServices& services);

}  // namespace idnode
