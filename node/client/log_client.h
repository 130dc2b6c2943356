#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "node/client/client.h"
#include "node/client/node_client.h"
#include "proto/base/result.h"
#include "proto/rpc/log.pb.h"

namespace idnode {

// A node's log over gRPC: plain calls that wait.
// Threads: any.
class LogClient {
 public:
  static Result<std::unique_ptr<LogClient>> Open(const ClientOptions& options,
                                                 uint32_t timeout_seconds);
  virtual ~LogClient() = default;

  virtual NodeReply<v1::SignedCheckpoint> GetCheckpoint() = 0;
  // Calls `each` for every message until it returns false; false then.
  virtual NodeReply<bool> Read(const v1::ReadLogRequest& request,
                               const std::function<bool(const v1::ReadLogResponse&)>& each) = 0;
};

}  // namespace idnode
