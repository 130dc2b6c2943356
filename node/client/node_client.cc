#include "node/client/node_client.h"

#include <grpcpp/channel.h>

#include "node/client/call.h"
#include "proto/rpc/admin.grpc.pb.h"
#include "proto/rpc/registry.grpc.pb.h"
#include "proto/rpc/resolver.grpc.pb.h"

namespace idnode {
namespace {

class GrpcRegisterStream : public NodeClient::RegisterStream {
 public:
  GrpcRegisterStream(v1::Registry::Stub& stub, const std::string& authorization)
      : call_(authorization, 0), stream_(stub.RegisterStream(call_.context())) {}
  ~GrpcRegisterStream() override { call_.context()->TryCancel(); }

  bool Write(const v1::RegisterRequest& request) override { return stream_->Write(request); }
  bool Read(v1::RegisterResponse& response) override { return stream_->Read(&response); }
  void WritesDone() override { stream_->WritesDone(); }
  NodeReply<bool> Finish() override { return call_.End(stream_->Finish(), true); }
  void Cancel() override { call_.context()->TryCancel(); }

 private:
  Call call_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::RegisterRequest, v1::RegisterResponse>> stream_;
};

class GrpcNodeClient : public NodeClient {
 public:
  GrpcNodeClient(const std::shared_ptr<grpc::ChannelInterface>& channel, const std::string& token,
                 uint32_t timeout_seconds)
      : authorization_(token.empty() ? "" : "Bearer " + token),
        timeout_seconds_(timeout_seconds),
        registry_(v1::Registry::NewStub(channel)),
        resolver_(v1::Resolver::NewStub(channel)),
        admin_(v1::Admin::NewStub(channel)) {}

  NodeReply<v1::RegisterResponse> Register(const v1::RegisterRequest& request) override {
    return Unary<v1::RegisterResponse>(*registry_, &v1::Registry::Stub::Register, request);
  }
  NodeReply<v1::ResolveResponse> Resolve(const v1::ResolveRequest& request) override {
    return Unary<v1::ResolveResponse>(*resolver_, &v1::Resolver::Stub::Resolve, request);
  }
  NodeReply<v1::ResolveBatchResponse> ResolveBatch(
      const v1::ResolveBatchRequest& request) override {
    return Unary<v1::ResolveBatchResponse>(*resolver_, &v1::Resolver::Stub::ResolveBatch, request);
  }
  NodeReply<v1::Document> Explain(const v1::ExplainRequest& request) override {
    return Unary<v1::Document>(*resolver_, &v1::Resolver::Stub::Explain, request);
  }
  NodeReply<v1::Document> Trace(const v1::TraceRequest& request) override {
    return Unary<v1::Document>(*resolver_, &v1::Resolver::Stub::Trace, request);
  }
  NodeReply<v1::RangeResponse> AllocateRange(const v1::AllocateRangeRequest& request) override {
    return Unary<v1::RangeResponse>(*registry_, &v1::Registry::Stub::AllocateRange, request);
  }
  NodeReply<v1::RangeResponse> WithdrawRange(const v1::WithdrawRangeRequest& request) override {
    return Unary<v1::RangeResponse>(*registry_, &v1::Registry::Stub::WithdrawRange, request);
  }
  NodeReply<v1::ListRangesResponse> ListRanges(const v1::ListRangesRequest& request) override {
    return Unary<v1::ListRangesResponse>(*registry_, &v1::Registry::Stub::ListRanges, request);
  }
  NodeReply<v1::Enterprise> PutEnterprise(const v1::PutEnterpriseRequest& request) override {
    return Unary<v1::Enterprise>(*admin_, &v1::Admin::Stub::PutEnterprise, request);
  }
  NodeReply<v1::ListEnterprisesResponse> ListEnterprises(const v1::ListRequest& request) override {
    return Unary<v1::ListEnterprisesResponse>(*admin_, &v1::Admin::Stub::ListEnterprises, request);
  }
  NodeReply<v1::Prefix> PutPrefix(const v1::PutPrefixRequest& request) override {
    return Unary<v1::Prefix>(*admin_, &v1::Admin::Stub::PutPrefix, request);
  }
  NodeReply<v1::ListPrefixesResponse> ListPrefixes(const v1::ListRequest& request) override {
    return Unary<v1::ListPrefixesResponse>(*admin_, &v1::Admin::Stub::ListPrefixes, request);
  }
  NodeReply<v1::CreateTokenResponse> CreateToken(const v1::CreateTokenRequest& request) override {
    return Unary<v1::CreateTokenResponse>(*admin_, &v1::Admin::Stub::CreateToken, request);
  }
  NodeReply<v1::Token> RevokeToken(const v1::RevokeTokenRequest& request) override {
    return Unary<v1::Token>(*admin_, &v1::Admin::Stub::RevokeToken, request);
  }
  NodeReply<v1::ListTokensResponse> ListTokens(const v1::ListRequest& request) override {
    return Unary<v1::ListTokensResponse>(*admin_, &v1::Admin::Stub::ListTokens, request);
  }
  NodeReply<v1::ListActsResponse> ListActs(const v1::ListActsRequest& request) override {
    return Unary<v1::ListActsResponse>(*admin_, &v1::Admin::Stub::ListActs, request);
  }
  NodeReply<v1::SubjectDocument> PutSubject(const v1::PutSubjectRequest& request) override {
    return Unary<v1::SubjectDocument>(*admin_, &v1::Admin::Stub::PutSubject, request);
  }
  NodeReply<v1::SubjectDocument> GetSubject(const v1::GetSubjectRequest& request) override {
    return Unary<v1::SubjectDocument>(*admin_, &v1::Admin::Stub::GetSubject, request);
  }
  NodeReply<v1::SubjectDocument> ListSubjects(const v1::ListRequest& request) override {
    return Unary<v1::SubjectDocument>(*admin_, &v1::Admin::Stub::ListSubjects, request);
  }
  NodeReply<v1::FilingsDocument> ListFilings(const v1::ListFilingsRequest& request) override {
    return Unary<v1::FilingsDocument>(*admin_, &v1::Admin::Stub::ListFilings, request);
  }
  NodeReply<v1::FilingsDocument> ReconcileFilings(
      const v1::ReconcileFilingsRequest& request) override {
    return Unary<v1::FilingsDocument>(*admin_, &v1::Admin::Stub::ReconcileFilings, request);
  }
  NodeReply<v1::DayDocument> GetDay(const v1::GetDayRequest& request) override {
    return Unary<v1::DayDocument>(*admin_, &v1::Admin::Stub::GetDay, request);
  }
  NodeReply<v1::Stats> GetStats(const v1::GetStatsRequest& request) override {
    return Unary<v1::Stats>(*admin_, &v1::Admin::Stub::GetStats, request);
  }

  NodeReply<bool> Export(const v1::ExportRequest& request,
                         const std::function<bool(const v1::ExportResponse&)>& each) override {
    Call call(authorization_, 0);
    return Drain<v1::ExportResponse>(call, registry_->Export(call.context(), request), each);
  }
  NodeReply<bool> Recount(const v1::RecountRequest& request,
                          const std::function<bool(const v1::RecountResponse&)>& each) override {
    Call call(authorization_, 0);
    return Drain<v1::RecountResponse>(call, admin_->Recount(call.context(), request), each);
  }
  NodeReply<bool> Backup(const v1::BackupRequest& request,
                         const std::function<bool(const v1::BackupResponse&)>& each) override {
    Call call(authorization_, 0);
    return Drain<v1::BackupResponse>(call, admin_->Backup(call.context(), request), each);
  }
  std::unique_ptr<RegisterStream> OpenRegisterStream() override {
    return std::make_unique<GrpcRegisterStream>(*registry_, authorization_);
  }

 private:
  template <class Answer, class Stub, class Method, class Request>
  NodeReply<Answer> Unary(Stub& stub, Method method, const Request& request) {
    Call call(authorization_, timeout_seconds_);
    Answer answer;
    const grpc::Status status = (stub.*method)(call.context(), request, &answer);
    return call.End(status, std::move(answer));
  }

  std::string authorization_;
  uint32_t timeout_seconds_;
  std::unique_ptr<v1::Registry::Stub> registry_;
  std::unique_ptr<v1::Resolver::Stub> resolver_;
  std::unique_ptr<v1::Admin::Stub> admin_;
};

}  // namespace

Result<std::unique_ptr<NodeClient>> NodeClient::Open(const ClientOptions& options,
                                                     uint32_t timeout_seconds) {
  const auto channel = Connect(options);
  if (!channel) return channel.error();
  return std::unique_ptr<NodeClient>(
      std::make_unique<GrpcNodeClient>(*channel, options.token, timeout_seconds));
}

}  // namespace idnode
