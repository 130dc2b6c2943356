#include "node/front/http/catalogue_request.h"

#include "proto/base/limits.h"
#include "proto/base/text.h"

namespace idnode {

Result<CatalogueAsked> ReadCatalogueAsked(const Request& request, const Desk& desk, bool is_kept) {
  if (!is_kept) return Error{Errc::kUnsupported, "this node keeps no templates and applications"};
  auto caller = CallerOf(request, desk.services.authenticator);
  if (!caller) return caller.error();
  auto query = Query::Parse(request.query);
  if (!query) return query.error();
  auto handle = PercentDecode(request.rest);
  if (!handle) return handle.error();
  CatalogueAsked asked{*std::move(caller), *std::move(query), *std::move(handle)};
  if (const std::string_view text = asked.Text("count"); !text.empty()) {
    const auto number = ParseDecimal(text, limits::kListPageMax);
    if (!number || *number == 0) return Error{Errc::kMalformed, "count: 1 to 1000"};
    asked.count = *number;
  }
  return asked;
}

uint16_t StatusForCatalogue(Errc code, const Preconditions& conditions) {
  const bool is_condition = code == Errc::kConflict || code == Errc::kExists ||
                            code == Errc::kNoTemplate || code == Errc::kNoApplication;
  return conditions.any && is_condition ? 412 : 0;
}

}  // namespace idnode
