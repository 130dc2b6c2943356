#include "node/client/upper_client.h"

#include <grpcpp/channel.h>

#include <string>

#include "node/client/call.h"
#include "proto/rpc/upper.grpc.pb.h"

namespace idnode {
namespace {

class GrpcUpperClient : public UpperClient {
 public:
  GrpcUpperClient(const std::shared_ptr<grpc::ChannelInterface>& channel, const std::string& token,
                  uint32_t timeout_seconds)
      : authorization_(token.empty() ? "" : "Bearer " + token),
        timeout_seconds_(timeout_seconds),
        stub_(v1::Upper::NewStub(channel)) {}

  NodeReply<v1::DirectivesDocument> Give(const v1::GiveDirectiveRequest& request) override {
    Call call(authorization_, timeout_seconds_);
    v1::DirectivesDocument answer;
    const grpc::Status status = stub_->GiveDirective(call.context(), request, &answer);
    return call.End(status, std::move(answer));
  }

  NodeReply<v1::DirectivesDocument> List(const v1::ListDirectivesRequest& request) override {
    Call call(authorization_, timeout_seconds_);
    v1::DirectivesDocument answer;
    const grpc::Status status = stub_->ListDirectives(call.context(), request, &answer);
    return call.End(status, std::move(answer));
  }

 private:
  const std::string authorization_;
  const uint32_t timeout_seconds_;
  std::unique_ptr<v1::Upper::Stub> stub_;
};

}  // namespace

Result<std::unique_ptr<UpperClient>> UpperClient::Open(const ClientOptions& options,
                                                       uint32_t timeout_seconds) {
  const auto channel = Connect(options);
  if (!channel) return channel.error();
  return std::unique_ptr<UpperClient>(
      std::make_unique<GrpcUpperClient>(*channel, options.token, timeout_seconds));
}

}  // namespace idnode
