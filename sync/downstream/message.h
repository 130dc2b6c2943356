#pragma once

#include <grpcpp/support/byte_buffer.h>

#include "proto/base/result.h"
#include "proto/rpc/sync.pb.h"

namespace idnode {

// Parses what a child sent into `message`. The fields are counted on the wire before any is given
// memory: an empty record takes two octets there and forty in memory, so that a message of
// limits::kGrpcMessageOctetsMax would take twenty times its size. kTooLarge: more fields than
// limits::kSyncFieldsPerMessageMax. kMalformed: no such message.
Status ParseMessage(grpc::ByteBuffer& octets, v1::FromChild& message);

grpc::ByteBuffer Serialize(const v1::FromParent& message);

}  // namespace idnode
