#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "node/client/client.h"
#include "proto/base/result.h"
#include "proto/rpc/admin.pb.h"
#include "proto/rpc/registry.pb.h"
#include "proto/rpc/resolver.pb.h"

namespace idnode {

// Why a node said no, in its own words.
struct RemoteProblem {
  Errc code = Errc::kInternal;
  std::string detail;
};

// An answer, or why there is none.
template <class T>
class NodeReply {
 public:
  // Both are implicit so that a call returns its answer, or the problem, as it is.
  // NOLINTBEGIN(google-explicit-constructor)
  NodeReply(T answer) : state_(std::move(answer)) {}
  NodeReply(RemoteProblem problem) : state_(std::move(problem)) {}
  // NOLINTEND(google-explicit-constructor)
  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() { return std::get<0>(state_); }
  T* operator->() { return &std::get<0>(state_); }
  const RemoteProblem& problem() const { return std::get<1>(state_); }

 private:
  std::variant<T, RemoteProblem> state_;
};

// A node, as its customers and operators see it over gRPC: plain calls that wait. Nothing of gRPC
// shows in this header, so that its users compile fast.
// Threads: any; each RegisterStream belongs to one writer and one reader.
class NodeClient {
 public:
  static Result<std::unique_ptr<NodeClient>> Open(const ClientOptions& options,
                                                  uint32_t timeout_seconds);
  virtual ~NodeClient() = default;

  virtual NodeReply<v1::RegisterResponse> Register(const v1::RegisterRequest& request) = 0;
  virtual NodeReply<v1::ResolveResponse> Resolve(const v1::ResolveRequest& request) = 0;
  virtual NodeReply<v1::ResolveBatchResponse> ResolveBatch(
      const v1::ResolveBatchRequest& request) = 0;
  virtual NodeReply<v1::Document> Explain(const v1::ExplainRequest& request) = 0;
  virtual NodeReply<v1::Document> Trace(const v1::TraceRequest& request) = 0;

  virtual NodeReply<v1::RangeResponse> AllocateRange(const v1::AllocateRangeRequest& request) = 0;
  virtual NodeReply<v1::RangeResponse> WithdrawRange(const v1::WithdrawRangeRequest& request) = 0;
  virtual NodeReply<v1::ListRangesResponse> ListRanges(const v1::ListRangesRequest& request) = 0;

  virtual NodeReply<v1::Enterprise> PutEnterprise(const v1::PutEnterpriseRequest& request) = 0;
  virtual NodeReply<v1::ListEnterprisesResponse> ListEnterprises(
      const v1::ListRequest& request) = 0;
  virtual NodeReply<v1::Prefix> PutPrefix(const v1::PutPrefixRequest& request) = 0;
  virtual NodeReply<v1::ListPrefixesResponse> ListPrefixes(const v1::ListRequest& request) = 0;
  virtual NodeReply<v1::CreateTokenResponse> CreateToken(const v1::CreateTokenRequest& request) = 0;
  virtual NodeReply<v1::Token> RevokeToken(const v1::RevokeTokenRequest& request) = 0;
  virtual NodeReply<v1::ListTokensResponse> ListTokens(const v1::ListRequest& request) = 0;
  virtual NodeReply<v1::ListActsResponse> ListActs(const v1::ListActsRequest& request) = 0;
  virtual NodeReply<v1::SubjectDocument> PutSubject(const v1::PutSubjectRequest& request) = 0;
  virtual NodeReply<v1::SubjectDocument> GetSubject(const v1::GetSubjectRequest& request) = 0;
  virtual NodeReply<v1::SubjectDocument> ListSubjects(const v1::ListRequest& request) = 0;
  virtual NodeReply<v1::FilingsDocument> ListFilings(const v1::ListFilingsRequest& request) = 0;
  virtual NodeReply<v1::FilingsDocument> ReconcileFilings(
      const v1::ReconcileFilingsRequest& request) = 0;
  virtual NodeReply<v1::Stats> GetStats(const v1::GetStatsRequest& request) = 0;
  virtual NodeReply<v1::DayDocument> GetDay(const v1::GetDayRequest& request) = 0;

  // Each calls `each` for every message until it returns false; no deadline but that of silence.
  virtual NodeReply<bool> Export(const v1::ExportRequest& request,
                                 const std::function<bool(const v1::ExportResponse&)>& each) = 0;
  virtual NodeReply<bool> Recount(const v1::RecountRequest& request,
                                  const std::function<bool(const v1::RecountResponse&)>& each) = 0;
  virtual NodeReply<bool> Backup(const v1::BackupRequest& request,
                                 const std::function<bool(const v1::BackupResponse&)>& each) = 0;

  // Batches on one stream; answers come in the order of the requests.
  class RegisterStream {
   public:
    virtual ~RegisterStream() = default;
    // False: the stream is broken; Finish() says why.
    virtual bool Write(const v1::RegisterRequest& request) = 0;
    virtual bool Read(v1::RegisterResponse& response) = 0;
    virtual void WritesDone() = 0;
    virtual NodeReply<bool> Finish() = 0;
    virtual void Cancel() = 0;
  };
  virtual std::unique_ptr<RegisterStream> OpenRegisterStream() = 0;
};

}  // namespace idnode
