#pragma once

#include <grpcpp/client_context.h>

#include <chrono>
#include <functional>
#include <string>
#include <utility>

#include "node/client/node_client.h"
#include "proto/rpc/values.pb.h"

namespace idnode {

// What the clients of a node's gRPC services share; no other room includes it.

// Why a call failed: in the node's words, where it said some.
RemoteProblem ProblemOf(const grpc::Status& status, const grpc::ClientContext& context);

// A call's context with the caller's token and, for short calls, a deadline.
class Call {
 public:
  Call(const std::string& authorization, uint32_t timeout_seconds) {
    if (!authorization.empty()) context_.AddMetadata("authorization", authorization);
    if (timeout_seconds > 0) {
      context_.set_deadline(std::chrono::system_clock::now() +
                            std::chrono::seconds(timeout_seconds));
    }
  }
  grpc::ClientContext* context() { return &context_; }

  template <class T>
  NodeReply<T> End(const grpc::Status& status, T answer) {
    if (!status.ok()) return ProblemOf(status, context_);
    return answer;
  }

 private:
  grpc::ClientContext context_;
};

// Tells `each` of every message until it returns false; false then.
template <class Message, class Stream>
NodeReply<bool> Drain(Call& call, Stream stream, const std::function<bool(const Message&)>& each) {
  Message message;
  bool wanted = true;
  while (stream->Read(&message)) {
    if (wanted && !each(message)) {
      wanted = false;
      call.context()->TryCancel();
    }
  }
  const grpc::Status status = stream->Finish();
  if (!wanted) return false;  // We broke it off ourselves.
  return call.End(status, true);
}

}  // namespace idnode
