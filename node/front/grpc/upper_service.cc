#include "node/front/grpc/upper_service.h"

#include "node/front/grpc/call.h"
#include "node/runtime/clock.h"
#include "node/service/directive_desk.h"
#include "proto/rpc/upper.grpc.pb.h"

namespace idnode {
namespace {

class UpperService : public v1::Upper::Service {
 public:
  UpperService(DirectiveDesk& directives, const Authenticator& authenticator)
      : directives_(directives), authenticator_(authenticator) {}

  grpc::Status GiveDirective(grpc::ServerContext* context, const v1::GiveDirectiveRequest* request,
                             v1::DirectivesDocument* answer) override {
    const auto caller = CallerOf(*context, authenticator_);
    if (!caller) return Refuse(*context, caller.error());
    const auto given = directives_.Give({.node = request->node(),
                                         .kind = request->kind(),
                                         .subject = request->subject(),
                                         .detail = request->detail(),
                                         .id = request->id()},
                                        *caller, Now());
    if (!given) return Refuse(*context, given.error());
    answer->set_json(DocumentOf({*given}));
    return grpc::Status::OK;
  }

  grpc::Status ListDirectives(grpc::ServerContext* context,
                              const v1::ListDirectivesRequest* request,
                              v1::DirectivesDocument* answer) override {
    const auto caller = CallerOf(*context, authenticator_);
    if (!caller) return Refuse(*context, caller.error());
    const auto listed = directives_.List(request->node(), *caller);
    if (!listed) return Refuse(*context, listed.error());
    answer->set_json(DocumentOf(*listed));
    return grpc::Status::OK;
  }

 private:
  DirectiveDesk& directives_;
  const Authenticator& authenticator_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeUpperService(DirectiveDesk& directives,
                                                const Authenticator& authenticator) {
  return std::make_unique<UpperService>(directives, authenticator);
}

}  // namespace idnode
