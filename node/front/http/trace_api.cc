#include "node/front/http/explanation_json.h"
#include "node/front/http/query.h"
#include "node/front/http/routes.h"
#include "node/service/trace.h"
#include "node/service/traces.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"

// GET /api/v1/trace: where goods come from and where they went. Nothing is counted.
namespace idnode {
namespace {

Result<TraceQuestion> QuestionOf(const Query& query) {
  TraceQuestion question;
  const std::string* text = query.Find("id");
  if (text == nullptr) return Error{Errc::kMissingField, "id"};
  question.text = *text;
  if (const std::string* depth = query.Find("depth")) {
    const auto number = ParseDecimal(*depth, limits::kTraceDepthMax);
    if (!number || depth->empty()) return Error{Errc::kMalformed, "depth: 0 to 16"};
    question.depth = static_cast<uint32_t>(*number);
  }
  if (const std::string* name = query.Find("direction")) {
    const auto direction = ParseDirection(*name);
    if (!direction) return direction.error();
    question.direction = *direction;
  }
  if (const std::string* remote = query.Find("remote")) {
    if (*remote != "true" && *remote != "false") {
      return Error{Errc::kMalformed, "remote: true or false"};
    }
    question.remote = *remote == "true";
  }
  return question;
}

Response AnswerTo(const Request& request, const Result<Trace>& trace) {
  Response out;
  auto document = TraceDocumentOf(trace);
  if (document) {
    out.body = *std::move(document);
  } else {
    Refuse(document.error(), 0, request, {}, out);
  }
  return out;
}

}  // namespace

void GetTrace(const Request& request, Desk& desk, Done done) {
  const auto refuse = [&](const Error& error) { done(AnswerTo(request, error)); };
  const auto caller = CallerOf(request, desk.services.authenticator);
  if (!caller) return refuse(caller.error());
  const auto query = Query::Parse(request.query);
  if (!query) return refuse(query.error());
  const auto question = QuestionOf(*query);
  if (!question) return refuse(question.error());
  if (desk.services.traces == nullptr) {
    return done(AnswerTo(request, TraceOf(desk.services.resolver, *question, *caller)));
  }
  desk.services.traces->Ask(*question, *caller, request.peer->address,
                            [&request, done = std::move(done)](const Result<Trace>& trace) {
                              done(AnswerTo(request, trace));
                            });
}

}  // namespace idnode
