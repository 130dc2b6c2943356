#include "node/front/http/preconditions.h"
#include "node/front/http/query.h"
#include "node/front/http/routes.h"
#include "node/runtime/clock.h"
#include "node/service/subject_document.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/web/problem.h"

// Subject data: GET and PUT /api/v1/enterprises/{code}/subject, those of the operator, and how
// complete all are (docs/api/subject.md).
namespace idnode {
namespace {

// Who asks and whose data; what a node without subject data refuses.
struct Asked {
  Caller caller;
  Query query;
  bool of_operator = false;
  std::string code;

  Subjects::Whose whose() const { return of_operator ? Subjects::Whose() : Subjects::Whose(code); }
};

Result<Asked> ReadAsked(const Request& request, const Desk& desk, bool of_operator) {
  if (desk.services.subjects == nullptr) {
    return Error{Errc::kUnsupported, "this node keeps no subject data"};
  }
  auto caller = CallerOf(request, desk.services.authenticator);
  if (!caller) return caller.error();
  auto query = Query::Parse(request.query);
  if (!query) return query.error();
  Asked asked{*std::move(caller), *std::move(query), of_operator, {}};
  if (of_operator) return asked;
  auto decoded = PercentDecode(request.rest);
  if (!decoded) return decoded.error();
  asked.code = *std::move(decoded);
  return asked;
}

void Show(const Request& request, Desk& desk, bool of_operator, Response& out) {
  const auto asked = ReadAsked(request, desk, of_operator);
  if (!asked) return Refuse(asked.error(), 0, request, {}, out);
  const auto shown = desk.services.subjects->Show(asked->whose(), asked->query.IsTrue("personal"),
                                                  asked->caller, Now());
  if (!shown) return Refuse(shown.error(), 0, request, {}, out);
  AddEntityTag(shown->state.version.value, out);
  out.fields.emplace_back("Cache-Control", "no-store");
  out.body = DocumentOf(*shown);
}

// 412: what the caller made a condition does not hold (RFC 9110 section 13).
uint16_t StatusFor(Errc code, const Preconditions& conditions) {
  const bool is_condition =
      code == Errc::kConflict || code == Errc::kExists || code == Errc::kNoSubject;
  return conditions.any && is_condition ? 412 : 0;
}

void Put(const Request& request, Desk& desk, bool of_operator, Response& out) {
  const auto asked = ReadAsked(request, desk, of_operator);
  if (!asked) return Refuse(asked.error(), 0, request, {}, out);
  const auto conditions = PreconditionsOf(request);
  if (!conditions) return Refuse(conditions.error(), 0, request, {}, out);
  const auto outcome = desk.services.subjects->Put({.whose = asked->whose(),
                                                    .document = request.body,
                                                    .draft = asked->query.IsTrue("draft"),
                                                    .expected_version = conditions->version,
                                                    .must_be_there = conditions->must_be_there,
                                                    .must_be_absent = conditions->must_be_absent},
                                                   asked->caller, Now());
  if (!outcome.status) {
    const Error& error = outcome.status.error();
    Refuse(error, StatusFor(error.code, *conditions), request, {}, out);
    if (!outcome.faults.empty()) out.body = ProblemOf(outcome, request.path);
    return;
  }
  AddEntityTag(outcome.state.version.value, out);
  out.body = DocumentOf(outcome);
}

}  // namespace

void GetEnterpriseSubject(const Request& request, Desk& desk, Response& out) {
  Show(request, desk, /*of_operator=*/false, out);
}
void GetOperatorSubject(const Request& request, Desk& desk, Response& out) {
  Show(request, desk, /*of_operator=*/true, out);
}
void PutEnterpriseSubject(const Request& request, Desk& desk, Response& out) {
  Put(request, desk, /*of_operator=*/false, out);
}
void PutOperatorSubject(const Request& request, Desk& desk, Response& out) {
  Put(request, desk, /*of_operator=*/true, out);
}

void ListSubjects(const Request& request, Desk& desk, Response& out) {
  const auto asked = ReadAsked(request, desk, /*of_operator=*/true);
  if (!asked) return Refuse(asked.error(), 0, request, {}, out);
  size_t count = 100;
  if (const std::string* text = asked->query.Find("count")) {
    const auto number = ParseDecimal(*text, limits::kListPageMax);
    if (!number || *number == 0) {
      return Refuse({Errc::kMalformed, "count: 1 to 1000"}, 0, request, {}, out);
    }
    count = *number;
  }
  const std::string* after = asked->query.Find("cursor");
  const auto page =
      desk.services.subjects->List(after == nullptr ? "" : *after, count, asked->caller);
  if (!page) return Refuse(page.error(), 0, request, {}, out);
  out.body = DocumentOf(*page);
}

}  // namespace idnode
