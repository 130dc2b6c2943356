#include "node/front/grpc/supervision_service.h"

#include <string>
#include <utility>

#include "node/front/grpc/call.h"
#include "node/runtime/clock.h"
#include "node/service/supervision.h"
#include "proto/base/limits.h"
#include "proto/rpc/supervision.grpc.pb.h"

namespace idnode {
namespace {

constexpr size_t kPageSize = 100;

class SupervisionService : public v1::Supervision::Service {
 public:
  SupervisionService(Supervision& supervision, const Authenticator& authenticator)
      : supervision_(supervision), authenticator_(authenticator) {}

  grpc::Status GetMonitoredDays(grpc::ServerContext* context,
                                const v1::GetMonitoredDaysRequest* request,
                                v1::SupervisionDocument* answer) override {
    return Answer(
        *context,
        [&](const Caller& caller) {
          return supervision_.Days(request->from(), request->until(), request->child(), caller);
        },
        *answer->mutable_json());
  }

  grpc::Status ListIncidents(grpc::ServerContext* context, const v1::ListIncidentsRequest* request,
                             v1::SupervisionDocument* answer) override {
    const auto list = [&](const Caller& caller) -> Result<std::string> {
      if (request->page_size() > limits::kListPageMax) {
        return Error{Errc::kTooLarge, "a page has at most 1000 incidents"};
      }
      return supervision_.incidents().List(
          {.open_only = request->open_only(),
           .after = request->page_token(),
           .count = request->page_size() == 0 ? kPageSize : request->page_size()},
          caller);
    };
    return Answer(*context, list, *answer->mutable_json());
  }

  grpc::Status OpenIncident(grpc::ServerContext* context, const v1::OpenIncidentRequest* request,
                            v1::PutIncidentResponse* answer) override {
    const auto open = [&](const Caller& caller) -> Result<std::string> {
      auto cause = IncidentCause::kOther;
      if (!request->cause().empty()) {
        const auto named = ParseIncidentCause(request->cause());
        if (!named) return named.error();
        cause = *named;
      }
      return supervision_.incidents().Open({.cause = cause,
                                            .planned = request->planned(),
                                            .detail = request->detail(),
                                            .at = request->at()},
                                           caller, Now());
    };
    return Answer(*context, open, *answer->mutable_number());
  }

  grpc::Status CloseIncident(grpc::ServerContext* context, const v1::CloseIncidentRequest* request,
                             v1::PutIncidentResponse* answer) override {
    return Answer(
        *context,
        [&](const Caller& caller) {
          return supervision_.incidents().Close(request->number(), request->detail(), request->at(),
                                                caller, Now());
        },
        *answer->mutable_number());
  }

 private:
  template <class Ask>
  grpc::Status Answer(grpc::ServerContext& context, const Ask& ask, std::string& into) {
    const auto caller = CallerOf(context, authenticator_);
    if (!caller) return Refuse(context, caller.error());
    auto answer = ask(*caller);
    if (!answer) return Refuse(context, answer.error());
    into = *std::move(answer);
    return grpc::Status::OK;
  }

  Supervision& supervision_;
  const Authenticator& authenticator_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeSupervisionService(Supervision& supervision,
                                                      const Authenticator& authenticator) {
  return std::make_unique<SupervisionService>(supervision, authenticator);
}

}  // namespace idnode
