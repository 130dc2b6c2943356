#include "node/client/supervision_client.h"

#include <grpcpp/channel.h>

#include <string>
#include <utility>

#include "node/client/call.h"
#include "proto/rpc/supervision.grpc.pb.h"

namespace idnode {
namespace {

class GrpcSupervisionClient : public SupervisionClient {
 public:
  GrpcSupervisionClient(const std::shared_ptr<grpc::ChannelInterface>& channel,
                        const std::string& token, uint32_t timeout_seconds)
      : authorization_(token.empty() ? "" : "Bearer " + token),
        timeout_seconds_(timeout_seconds),
        stub_(v1::Supervision::NewStub(channel)) {}

  NodeReply<v1::SupervisionDocument> GetMonitoredDays(
      const v1::GetMonitoredDaysRequest& request) override {
    return Ask<v1::SupervisionDocument>(&v1::Supervision::Stub::GetMonitoredDays, request);
  }
  NodeReply<v1::SupervisionDocument> ListIncidents(
      const v1::ListIncidentsRequest& request) override {
    return Ask<v1::SupervisionDocument>(&v1::Supervision::Stub::ListIncidents, request);
  }
  NodeReply<v1::PutIncidentResponse> OpenIncident(const v1::OpenIncidentRequest& request) override {
    return Ask<v1::PutIncidentResponse>(&v1::Supervision::Stub::OpenIncident, request);
  }
  NodeReply<v1::PutIncidentResponse> CloseIncident(
      const v1::CloseIncidentRequest& request) override {
    return Ask<v1::PutIncidentResponse>(&v1::Supervision::Stub::CloseIncident, request);
  }

 private:
  template <class Answer, class Method, class Request>
  NodeReply<Answer> Ask(Method method, const Request& request) {
    Call call(authorization_, timeout_seconds_);
    Answer answer;
    const grpc::Status status = (stub_.get()->*method)(call.context(), request, &answer);
    return call.End(status, std::move(answer));
  }

  const std::string authorization_;
  const uint32_t timeout_seconds_;
  std::unique_ptr<v1::Supervision::Stub> stub_;
};

}  // namespace

Result<std::unique_ptr<SupervisionClient>> SupervisionClient::Open(const ClientOptions& options,
                                                                   uint32_t timeout_seconds) {
  const auto channel = Connect(options);
  if (!channel) return channel.error();
  return std::unique_ptr<SupervisionClient>(
      std::make_unique<GrpcSupervisionClient>(*channel, options.token, timeout_seconds));
}

}  // namespace idnode
