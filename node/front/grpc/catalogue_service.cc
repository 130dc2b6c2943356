#include "node/front/grpc/catalogue_service.h"

#include <algorithm>

#include "node/front/grpc/call.h"
#include "node/runtime/clock.h"
#include "node/service/applications.h"
#include "node/service/templates.h"
#include "proto/base/limits.h"
#include "proto/rpc/catalogue.grpc.pb.h"

namespace idnode {
namespace {

size_t CountOf(uint32_t page_size) {
  return page_size == 0 ? limits::kListPageMax : std::min<size_t>(page_size, limits::kListPageMax);
}

// Of an outcome: with faults it is an answer, so that they are told.
template <class Outcome>
Status Fill(const Outcome& outcome, v1::CatalogueDocument& answer) {
  if (outcome.status) {
    answer.set_json(DocumentOf(*outcome.shown));
    return {};
  }
  if (outcome.faults.empty()) return outcome.status;
  answer.set_refused(true);
  answer.set_json(ProblemOf(outcome.status.error(), outcome.faults, {}));
  return {};
}

// Of what was found.
template <class Found>
Status FillFound(const Result<Found>& found, v1::CatalogueDocument& answer) {
  if (!found) return found.error();
  answer.set_json(DocumentOf(*found));
  return {};
}

class CatalogueService : public v1::Catalogue::Service {
 public:
  CatalogueService(Templates& templates, Applications& applications,
                   const Authenticator& authenticator)
      : templates_(templates), applications_(applications), authenticator_(authenticator) {}

  grpc::Status PutTemplate(grpc::ServerContext* context, const v1::PutCatalogueRequest* request,
                           v1::CatalogueDocument* answer) override {
    return As(*context, [&](const Caller& caller) {
      return Fill(templates_.Put({.document = request->document(),
                                  .expected_version = request->expected_version()},
                                 caller, Now()),
                  *answer);
    });
  }

  grpc::Status SetTemplateState(grpc::ServerContext* context,
                                const v1::SetTemplateStateRequest* request,
                                v1::CatalogueDocument* answer) override {
    return As(*context, [&](const Caller& caller) -> Status {
      const auto state = ParseTemplateState(request->state());
      if (!state) return state.error();
      return Fill(templates_.SetState(request->handle(), request->version(), *state, caller, Now()),
                  *answer);
    });
  }

  grpc::Status GetTemplate(grpc::ServerContext* context, const v1::GetTemplateRequest* request,
                           v1::CatalogueDocument* answer) override {
    return As(*context, [&](const Caller& caller) {
      return FillFound(templates_.Show(request->handle(), request->version(), caller), *answer);
    });
  }

  grpc::Status ListTemplates(grpc::ServerContext* context, const v1::ListTemplatesRequest* request,
                             v1::CatalogueDocument* answer) override {
    return As(*context, [&](const Caller& caller) -> Status {
      Templates::ListRequest asked{.handle = request->handle(),
                                   .state = {},
                                   .after = request->page_token(),
                                   .count = CountOf(request->page_size())};
      if (!request->state().empty()) {
        const auto state = ParseTemplateState(request->state());
        if (!state) return state.error();
        asked.state = *state;
      }
      return FillFound(templates_.List(asked, caller), *answer);
    });
  }

  grpc::Status PutApplication(grpc::ServerContext* context, const v1::PutCatalogueRequest* request,
                              v1::CatalogueDocument* answer) override {
    return As(*context, [&](const Caller& caller) {
      return Fill(applications_.Put({.document = request->document(),
                                     .expected_version = request->expected_version()},
                                    caller, Now()),
                  *answer);
    });
  }

  grpc::Status RemoveApplication(grpc::ServerContext* context,
                                 const v1::ApplicationRequest* request,
                                 v1::CatalogueDocument* answer) override {
    return As(*context, [&](const Caller& caller) {
      return Fill(applications_.Remove(request->handle(), caller, Now()), *answer);
    });
  }

  grpc::Status GetApplication(grpc::ServerContext* context, const v1::ApplicationRequest* request,
                              v1::CatalogueDocument* answer) override {
    return As(*context, [&](const Caller&) {
      return FillFound(applications_.Show(request->handle()), *answer);
    });
  }

  grpc::Status ListApplications(grpc::ServerContext* context,
                                const v1::ListApplicationsRequest* request,
                                v1::CatalogueDocument* answer) override {
    return As(*context, [&](const Caller&) {
      return FillFound(applications_.List(request->page_token(), CountOf(request->page_size())),
                       *answer);
    });
  }

 private:
  template <class F>
  grpc::Status As(grpc::ServerContext& context, F&& act) const {
    const auto caller = CallerOf(context, authenticator_);
    if (!caller) return Refuse(context, caller.error());
    const Status done = act(*caller);
    return done ? grpc::Status::OK : Refuse(context, done.error());
  }

  Templates& templates_;
  Applications& applications_;
  const Authenticator& authenticator_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeCatalogueService(Templates& templates,
                                                    Applications& applications,
                                                    const Authenticator& authenticator) {
  return std::make_unique<CatalogueService>(templates, applications, authenticator);
}

}  // namespace idnode
