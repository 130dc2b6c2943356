#include "node/client/catalogue_client.h"

#include <grpcpp/channel.h>

#include <string>
#include <utility>

#include "node/client/call.h"
#include "proto/rpc/catalogue.grpc.pb.h"

namespace idnode {
namespace {

class GrpcCatalogueClient : public CatalogueClient {
 public:
  GrpcCatalogueClient(const std::shared_ptr<grpc::ChannelInterface>& channel,
                      const std::string& token, uint32_t timeout_seconds)
      : authorization_(token.empty() ? "" : "Bearer " + token),
        timeout_seconds_(timeout_seconds),
        stub_(v1::Catalogue::NewStub(channel)) {}

  Reply PutTemplate(const v1::PutCatalogueRequest& request) override {
    return Ask(&v1::Catalogue::Stub::PutTemplate, request);
  }
  Reply SetTemplateState(const v1::SetTemplateStateRequest& request) override {
    return Ask(&v1::Catalogue::Stub::SetTemplateState, request);
  }
  Reply GetTemplate(const v1::GetTemplateRequest& request) override {
    return Ask(&v1::Catalogue::Stub::GetTemplate, request);
  }
  Reply ListTemplates(const v1::ListTemplatesRequest& request) override {
    return Ask(&v1::Catalogue::Stub::ListTemplates, request);
  }
  Reply PutApplication(const v1::PutCatalogueRequest& request) override {
    return Ask(&v1::Catalogue::Stub::PutApplication, request);
  }
  Reply RemoveApplication(const v1::ApplicationRequest& request) override {
    return Ask(&v1::Catalogue::Stub::RemoveApplication, request);
  }
  Reply GetApplication(const v1::ApplicationRequest& request) override {
    return Ask(&v1::Catalogue::Stub::GetApplication, request);
  }
  Reply ListApplications(const v1::ListApplicationsRequest& request) override {
    return Ask(&v1::Catalogue::Stub::ListApplications, request);
  }

 private:
  template <class Request>
  Reply Ask(grpc::Status (v1::Catalogue::Stub::*method)(grpc::ClientContext*, const Request&,
                                                        v1::CatalogueDocument*),
            const Request& request) {
    Call call(authorization_, timeout_seconds_);
    v1::CatalogueDocument answer;
    const grpc::Status status = ((*stub_).*method)(call.context(), request, &answer);
    return call.End(status, std::move(answer));
  }

  const std::string authorization_;
  const uint32_t timeout_seconds_;
  std::unique_ptr<v1::Catalogue::Stub> stub_;
};

}  // namespace

Result<std::unique_ptr<CatalogueClient>> CatalogueClient::Open(const ClientOptions& options,
                                                               uint32_t timeout_seconds) {
  const auto channel = Connect(options);
  if (!channel) return channel.error();
  return std::unique_ptr<CatalogueClient>(
      std::make_unique<GrpcCatalogueClient>(*channel, options.token, timeout_seconds));
}

}  // namespace idnode
