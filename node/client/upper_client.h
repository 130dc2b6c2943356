#pragma once

#include <cstdint>
#include <memory>

#include "node/client/client.h"
#include "node/client/node_client.h"
#include "proto/base/result.h"
#include "proto/rpc/upper.pb.h"

namespace idnode {

// What a node asks of those below it, over gRPC: plain calls that wait.
// Threads: any.
class UpperClient {
 public:
  static Result<std::unique_ptr<UpperClient>> Open(const ClientOptions& options,
                                                   uint32_t timeout_seconds);
  virtual ~UpperClient() = default;

  virtual NodeReply<v1::DirectivesDocument> Give(const v1::GiveDirectiveRequest& request) = 0;
  virtual NodeReply<v1::DirectivesDocument> List(const v1::ListDirectivesRequest& request) = 0;
};

}  // namespace idnode
