#include "node/client/log_client.h"

#include <grpcpp/channel.h>

#include <string>

#include "node/client/call.h"
#include "proto/rpc/log.grpc.pb.h"

namespace idnode {
namespace {

class GrpcLogClient : public LogClient {
 public:
  GrpcLogClient(const std::shared_ptr<grpc::ChannelInterface>& channel, const std::string& token,
                uint32_t timeout_seconds)
      : authorization_(token.empty() ? "" : "Bearer " + token),
        timeout_seconds_(timeout_seconds),
        stub_(v1::Log::NewStub(channel)) {}

  NodeReply<v1::SignedCheckpoint> GetCheckpoint() override {
    Call call(authorization_, timeout_seconds_);
    v1::SignedCheckpoint answer;
    const grpc::Status status = stub_->GetCheckpoint(call.context(), {}, &answer);
    return call.End(status, std::move(answer));
  }

  NodeReply<bool> Read(const v1::ReadLogRequest& request,
                       const std::function<bool(const v1::ReadLogResponse&)>& each) override {
    Call call(authorization_, 0);
    return Drain<v1::ReadLogResponse>(call, stub_->Read(call.context(), request), each);
  }

 private:
  const std::string authorization_;
  const uint32_t timeout_seconds_;
  std::unique_ptr<v1::Log::Stub> stub_;
};

}  // namespace

Result<std::unique_ptr<LogClient>> LogClient::Open(const ClientOptions& options,
                                                   uint32_t timeout_seconds) {
  const auto channel = Connect(options);
  if (!channel) return channel.error();
  return std::unique_ptr<LogClient>(
      std::make_unique<GrpcLogClient>(*channel, options.token, timeout_seconds));
}

}  // namespace idnode
