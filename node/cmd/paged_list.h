#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "node/cmd/command.h"
#include "node/cmd/output.h"
#include "node/cmd/session.h"

namespace idnode {

// Prints a list that a node gives a page at a time. `fetch(node, request)` gets a page,
// `rows(page)` its rows, `json(row)` one of them as it is printed. Returns the exit code.
template <class Fetch, class RowsOf, class Json>
int PrintPagedList(const GlobalOptions& global, std::string_view what,
                   std::vector<RowPrinter::Column> columns, Fetch fetch, RowsOf rows, Json json) {
  int exit_code = kExitOk;
  const std::unique_ptr<NodeClient> node = OpenNode(global, exit_code);
  if (node == nullptr) return exit_code;
  RowPrinter printer(global.output, std::move(columns));
  v1::ListRequest request;
  do {
    auto page = fetch(*node, request);
    if (!page) return Refused(what, page.problem());
    for (const auto& row : rows(*page)) printer.Add(json(row));
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  printer.Finish();
  return kExitOk;
}

}  // namespace idnode
