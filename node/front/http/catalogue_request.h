#pragma once

#include <string>
#include <string_view>

#include "node/front/http/preconditions.h"
#include "node/front/http/query.h"
#include "node/front/http/routes.h"
#include "proto/base/result.h"

namespace idnode {

// What the routes of templates and applications have in common.
struct CatalogueAsked {
  Caller caller;
  Query query;
  std::string handle;  // Of the path; empty: it has none.
  size_t count = 100;

  std::string_view Text(std::string_view name) const {
    const std::string* text = query.Find(name);
    return text == nullptr ? std::string_view() : std::string_view(*text);
  }
};
// `is_kept`: whether this node keeps such things at all.
Result<CatalogueAsked> ReadCatalogueAsked(const Request& request, const Desk& desk, bool is_kept);

// 412: what the caller made a condition does not hold (RFC 9110 section 13). 0: that of the error.
uint16_t StatusForCatalogue(Errc code, const Preconditions& conditions);

// What became of a template or an application, or every fault of it.
template <class Outcome>
void AnswerWith(const Outcome& outcome, const Preconditions& conditions, const Request& request,
                Response& out) {
  if (!outcome.status) {
    const Error& error = outcome.status.error();
    Refuse(error, StatusForCatalogue(error.code, conditions), request, {}, out);
    if (!outcome.faults.empty()) out.body = ProblemOf(error, outcome.faults, request.path);
    return;
  }
  AddEntityTag(outcome.shown->row.position.value, out);
  out.body = DocumentOf(*outcome.shown);
}

}  // namespace idnode
