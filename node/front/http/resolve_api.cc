#include "node/front/http/explanation_json.h"
#include "node/front/http/query.h"
#include "node/front/http/routes.h"
#include "proto/base/limits.h"

// GET /api/v1/resolve: the search box. A question about a text, and no resolution: nothing is
// counted (docs/counting.md).
namespace idnode {

void GetExplanation(const Request& request, Desk& desk, Response& out) {
  const auto caller = CallerOf(request, desk.services.authenticator);
  if (!caller) return Refuse(caller.error(), 0, request, {}, out);
  const auto query = Query::Parse(request.query);
  if (!query) return Refuse(query.error(), 0, request, {}, out);
  const std::string* text = query->Find("id");
  if (text == nullptr) return Refuse({Errc::kMissingField, "id"}, 0, request, {}, out);
  if (text->size() > limits::kIdentifierQueryOctetsMax) {
    return Refuse({Errc::kTooLarge, "a text has at most 2048 octets"}, 0, request, {}, out);
  }
  const auto root = RootOf(request, desk.services.digital_links);
  if (!root) return Refuse(root.error(), 0, request, {}, out);
  auto document = ExplanationOf(desk.services.resolver, *text, *caller, *root);
  if (!document) return Refuse(document.error(), 0, request, {}, out);
  out.body = *std::move(document);
}

}  // namespace idnode
