#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "node/client/catalogue_client.h"
#include "node/cmd/command.h"

namespace idnode {

// What `idnode template` and `idnode application` have in common.

// Opens the node that the options name. What went wrong is printed; null then, with the exit code.
std::unique_ptr<CatalogueClient> OpenCatalogue(const GlobalOptions& global, int& exit_code);

// Prints the document, or why there is none, with its faults. Returns the exit code.
int PrintReply(const GlobalOptions& global, std::string_view what, Errc when_refused,
               const std::string& language, CatalogueClient::Reply reply);

}  // namespace idnode
