#include "node/front/http/catalogue_request.h"
#include "node/front/http/catalogue_routes.h"
#include "node/runtime/clock.h"
#include "node/service/applications.h"
#include "node/service/templates.h"

// Applications: /api/v1/applications (docs/api/templates.md).
namespace idnode {

void ListApplications(const Request& request, Desk& desk, Response& out) {
  Applications* applications = desk.services.applications;
  const auto asked = ReadCatalogueAsked(request, desk, applications != nullptr);
  if (!asked) return Refuse(asked.error(), 0, request, {}, out);
  const auto page = applications->List(asked->Text("cursor"), asked->count);
  if (!page) return Refuse(page.error(), 0, request, {}, out);
  out.body = DocumentOf(*page);
}

void PutApplication(const Request& request, Desk& desk, Response& out) {
  Applications* applications = desk.services.applications;
  const auto asked = ReadCatalogueAsked(request, desk, applications != nullptr);
  if (!asked) return Refuse(asked.error(), 0, request, {}, out);
  const auto conditions = PreconditionsOf(request);
  if (!conditions) return Refuse(conditions.error(), 0, request, {}, out);
  const auto outcome = applications->Put({.document = request.body,
                                          .expected_version = conditions->version,
                                          .must_be_there = conditions->must_be_there,
                                          .must_be_absent = conditions->must_be_absent},
                                         asked->caller, Now());
  AnswerWith(outcome, *conditions, request, out);
}

void GetApplication(const Request& request, Desk& desk, Response& out) {
  Applications* applications = desk.services.applications;
  const auto asked = ReadCatalogueAsked(request, desk, applications != nullptr);
  if (!asked) return Refuse(asked.error(), 0, request, {}, out);
  const auto shown = applications->Show(asked->handle);
  if (!shown) return Refuse(shown.error(), 0, request, {}, out);
  AddEntityTag(shown->row.position.value, out);
  out.body = DocumentOf(*shown);
}

void DeleteApplication(const Request& request, Desk& desk, Response& out) {
  Applications* applications = desk.services.applications;
  const auto asked = ReadCatalogueAsked(request, desk, applications != nullptr);
  if (!asked) return Refuse(asked.error(), 0, request, {}, out);
  AnswerWith(applications->Remove(asked->handle, asked->caller, Now()), {}, request, out);
}

}  // namespace idnode
