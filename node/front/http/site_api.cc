#include "node/front/http/handle_request.h"
#include "proto/web/handle_answers.h"

// GET /api/site (spec/handle-protocol.md 6.2, 6.4).
namespace idnode {

void GetSite(const Request& request, Desk& desk, Response& out) {
  const auto query = Query::Parse(request.query);
  if (!query) return Refuse(query.error(), 0, request, {}, out);
  const HandleAccess* handles = desk.services.handles;
  bool written = false;
  if (handles != nullptr) {
    const auto site = handles->site.Read();
    written = WriteSiteAnswer(site->ipv4.empty() ? site->ipv6 : site->ipv4, out.body);
  }
  if (written) {
    out.media_type = kHandleJsonMediaType;
  } else {
    Refuse({Errc::kUnsupported, "this node has no site record"}, 0, request, {}, out);
  }
  Present(*query, out);
}

}  // namespace idnode
