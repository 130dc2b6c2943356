#pragma once

#include <span>

#include "node/front/http/routes.h"

namespace idnode {

// Templates and applications (docs/api/templates.md); all under /api/v1/.
std::span<const Route> CatalogueRoutes();

// templates_api.cc
void ListTemplates(const Request& request, Desk& desk, Response& out);
void PutTemplate(const Request& request, Desk& desk, Response& out);
void GetTemplate(const Request& request, Desk& desk, Response& out);
void PostTemplateState(const Request& request, Desk& desk, Response& out);
// applications_api.cc
void ListApplications(const Request& request, Desk& desk, Response& out);
void PutApplication(const Request& request, Desk& desk, Response& out);
void GetApplication(const Request& request, Desk& desk, Response& out);
void DeleteApplication(const Request& request, Desk& desk, Response& out);

}  // namespace idnode
