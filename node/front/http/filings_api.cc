#include "node/front/http/query.h"
#include "node/front/http/routes.h"
#include "node/service/filing_document.h"
#include "proto/base/limits.h"
#include "proto/base/text.h"

// What nodes below have filed: GET /api/v1/filings (docs/api/http.md).
namespace idnode {
namespace {

Result<FilingDesk::ListRequest> RequestOf(const Query& query) {
  FilingDesk::ListRequest asked;
  if (const std::string* node = query.Find("node")) asked.node_id = *node;
  if (const std::string* after = query.Find("cursor")) asked.after = *after;
  if (const std::string* text = query.Find("table")) {
    const auto number = ParseDecimal(*text, UINT8_MAX);
    if (!number) return Error{Errc::kMalformed, "table: a number"};
    const auto table = ParseFilingTable(static_cast<uint32_t>(*number));
    if (!table) return table.error();
    asked.table = *table;
  }
  if (const std::string* text = query.Find("count")) {
    const auto number = ParseDecimal(*text, limits::kListPageMax);
    if (!number || *number == 0) return Error{Errc::kMalformed, "count: 1 to 1000"};
    asked.count = *number;
  }
  return asked;
}

}  // namespace

void ListFilings(const Request& request, Desk& desk, Response& out) {
  if (desk.services.filings == nullptr) {
    return Refuse({Errc::kUnsupported, "no node files with this one"}, 0, request, {}, out);
  }
  const auto caller = CallerOf(request, desk.services.authenticator);
  if (!caller) return Refuse(caller.error(), 0, request, {}, out);
  const auto query = Query::Parse(request.query);
  if (!query) return Refuse(query.error(), 0, request, {}, out);
  const auto asked = RequestOf(*query);
  if (!asked) return Refuse(asked.error(), 0, request, {}, out);
  const auto page = desk.services.filings->List(*asked, *caller);
  if (!page) return Refuse(page.error(), 0, request, {}, out);
  out.body = DocumentOf(*page);
}

}  // namespace idnode
