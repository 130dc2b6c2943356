#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include "node/security/caller.h"
#include "node/service/serial_ranges.h"
#include "proto/rpc/registry.pb.h"

namespace idnode {

// What a range is in a message. kCorrupt.
Status FillRange(const SerialRanges::Found& found, v1::Range& range);

// A batch of ranges: each is allocated, or refused, by itself. `response` is filled.
void AllocateRanges(const v1::RegisterRequest& request, RangeBook& ranges, const Caller& caller,
                    v1::RegisterResponse& response);

// The calls of idnode.v1.Registry that are about ranges of serials. They wait for ledger and disk.
grpc::Status AllocateRange(grpc::ServerContextBase& context,
                           const v1::AllocateRangeRequest& request, RangeBook& ranges,
                           const Caller& caller, v1::RangeResponse& response);
grpc::Status WithdrawRange(grpc::ServerContextBase& context,
                           const v1::WithdrawRangeRequest& request, RangeBook& ranges,
                           const Caller& caller, v1::RangeResponse& response);
grpc::Status ListRanges(grpc::ServerContextBase& context, const v1::ListRangesRequest& request,
                        const RangeBook& ranges, const Caller& caller,
                        v1::ListRangesResponse& response);

}  // namespace idnode
