#include "node/front/http/explanation_json.h"
#include "node/front/http/query.h"
#include "node/front/http/routes.h"
#include "node/service/trace.h"
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
  return question;
}

}  // namespace

void GetTrace(const Request& request, Desk& desk, Response& out) {
  const auto caller = CallerOf(request, desk.services.authenticator);
  if (!caller) return Refuse(caller.error(), 0, request, {}, out);
  const auto query = Query::Parse(request.query);
  if (!query) return Refuse(query.error(), 0, request, {}, out);
  const auto question = QuestionOf(*query);
  if (!question) return Refuse(question.error(), 0, request, {}, out);
  auto document = TraceDocumentOf(desk.services.resolver, *question, *caller);
  if (!document) return Refuse(document.error(), 0, request, {}, out);
  out.body = *std::move(document);
}

}  // namespace idnode
