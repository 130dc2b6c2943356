#include "node/front/http/catalogue_request.h"
#include "node/front/http/catalogue_routes.h"
#include "node/runtime/clock.h"
#include "node/service/templates.h"

// Data templates: /api/v1/templates (docs/api/templates.md).
namespace idnode {

void ListTemplates(const Request& request, Desk& desk, Response& out) {
  Templates* templates = desk.services.templates;
  const auto asked = ReadCatalogueAsked(request, desk, templates != nullptr);
  if (!asked) return Refuse(asked.error(), 0, request, {}, out);
  Templates::ListRequest wanted{.handle = asked->Text("handle"),
                                .state = {},
                                .after = asked->Text("cursor"),
                                .count = asked->count};
  if (const std::string_view name = asked->Text("state"); !name.empty()) {
    const auto state = ParseTemplateState(name);
    if (!state) return Refuse(state.error(), 0, request, {}, out);
    wanted.state = *state;
  }
  const auto page = templates->List(wanted, asked->caller);
  if (!page) return Refuse(page.error(), 0, request, {}, out);
  out.body = DocumentOf(*page);
}

void PutTemplate(const Request& request, Desk& desk, Response& out) {
  Templates* templates = desk.services.templates;
  const auto asked = ReadCatalogueAsked(request, desk, templates != nullptr);
  if (!asked) return Refuse(asked.error(), 0, request, {}, out);
  const auto conditions = PreconditionsOf(request);
  if (!conditions) return Refuse(conditions.error(), 0, request, {}, out);
  const auto outcome = templates->Put({.document = request.body,
                                       .expected_version = conditions->version,
                                       .must_be_there = conditions->must_be_there,
                                       .must_be_absent = conditions->must_be_absent},
                                      asked->caller, Now());
  AnswerWith(outcome, *conditions, request, out);
}

void GetTemplate(const Request& request, Desk& desk, Response& out) {
  Templates* templates = desk.services.templates;
  const auto asked = ReadCatalogueAsked(request, desk, templates != nullptr);
  if (!asked) return Refuse(asked.error(), 0, request, {}, out);
  const auto shown = templates->Show(asked->handle, asked->Text("version"), asked->caller);
  if (!shown) return Refuse(shown.error(), 0, request, {}, out);
  AddEntityTag(shown->row.position.value, out);
  out.body = DocumentOf(*shown);
}

void PostTemplateState(const Request& request, Desk& desk, Response& out) {
  Templates* templates = desk.services.templates;
  const auto asked = ReadCatalogueAsked(request, desk, templates != nullptr);
  if (!asked) return Refuse(asked.error(), 0, request, {}, out);
  const auto state = ParseTemplateState(asked->Text("state"));
  if (!state) return Refuse(state.error(), 0, request, {}, out);
  const auto outcome =
      templates->SetState(asked->handle, asked->Text("version"), *state, asked->caller, Now());
  AnswerWith(outcome, {}, request, out);
}

}  // namespace idnode
