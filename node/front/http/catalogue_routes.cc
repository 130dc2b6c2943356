#include "node/front/http/catalogue_routes.h"

#include <array>

#include "proto/business/application.h"
#include "proto/business/template.h"

namespace idnode {
namespace {

constexpr auto kPutParameters = std::to_array<Parameter>({
    {"If-Match", "header", "string", "The ETag that it must have; *: any."},
    {"If-None-Match", "header", "string", "*: there must be none."},
});
constexpr auto kTemplatesParameters = std::to_array<Parameter>({
    {"handle", "query", "string", "Versions of this template; default all."},
    {"state", "query", "string", "draft, published or withdrawn; default any."},
    {"cursor", "query", "string", "next of the page before."},
    {"count", "query", "integer", "At most 1,000; default 100."},
});
constexpr auto kTemplateParameters = std::to_array<Parameter>({
    {"handle", "path", "string", "The handle of a template, as 88.118.8/META_kettle."},
    {"version", "query", "string", "Default: the one that was published last."},
});
constexpr auto kStateParameters = std::to_array<Parameter>({
    {"handle", "path", "string", "The handle of a template."},
    {"version", "query", "string", "Its version."},
    {"state", "query", "string", "published or withdrawn."},
});
constexpr auto kApplicationsParameters = std::to_array<Parameter>({
    {"cursor", "query", "string", "next of the page before."},
    {"count", "query", "integer", "At most 1,000; default 100."},
});
constexpr auto kApplicationParameters = std::to_array<Parameter>({
    {"handle", "path", "string", "The handle of an application, as 88.118.8/App_shop."},
});

constexpr auto kRoutes = std::to_array<Route>({
    {Method::kGet, "/api/v1/templates", Needs::kWork, ListTemplates, nullptr, 0, "templates",
     "List data templates (数据模板列表).", kJsonMediaType, kTemplatesParameters},
    {Method::kPut, "/api/v1/templates", Needs::kWork, PutTemplate, nullptr,
     kTemplateDocumentOctetsMax, "putTemplate", "Put a draft of a template (编制数据模板).",
     kJsonMediaType, kPutParameters, kJsonMediaType, true},
    {Method::kGet, "/api/v1/templates/{handle}", Needs::kWork, GetTemplate, nullptr, 0, "template",
     "A version of a template (查看数据模板).", kJsonMediaType, kTemplateParameters},
    {Method::kPost,
     "/api/v1/templates/{handle}",
     Needs::kWork,
     PostTemplateState,
     nullptr,
     1'024,
     "setTemplateState",
     "Publish or withdraw a version of a template (发布、撤销数据模板).",
     kJsonMediaType,
     kStateParameters,
     {},
     true},
    {Method::kGet, "/api/v1/applications", Needs::kWork, ListApplications, nullptr, 0,
     "applications", "List applications (应用列表).", kJsonMediaType, kApplicationsParameters},
    {Method::kPut, "/api/v1/applications", Needs::kWork, PutApplication, nullptr,
     kApplicationDocumentOctetsMax, "putApplication", "Put an application (登记应用).",
     kJsonMediaType, kPutParameters, kJsonMediaType, true},
    {Method::kGet, "/api/v1/applications/{handle}", Needs::kWork, GetApplication, nullptr, 0,
     "application", "An application (查看应用).", kJsonMediaType, kApplicationParameters},
    {Method::kDelete,
     "/api/v1/applications/{handle}",
     Needs::kWork,
     DeleteApplication,
     nullptr,
     0,
     "removeApplication",
     "Remove an application (移除应用).",
     kJsonMediaType,
     kApplicationParameters,
     {},
     true},
});

}  // namespace

std::span<const Route> CatalogueRoutes() { return kRoutes; }

}  // namespace idnode
