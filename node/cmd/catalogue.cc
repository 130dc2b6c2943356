#include "node/cmd/catalogue.h"

#include <boost/json/parse.hpp>
#include <utility>

#include "node/cmd/client_options.h"
#include "node/cmd/document.h"
#include "node/cmd/output.h"
#include "node/cmd/session.h"

namespace idnode {

std::unique_ptr<CatalogueClient> OpenCatalogue(const GlobalOptions& global, int& exit_code) {
  ClientOptions options;
  if (!ClientOptionsFor(global, options, exit_code)) return nullptr;
  auto node = CatalogueClient::Open(options, global.timeout_seconds);
  if (!node) {
    exit_code = Refused(options.address, node.error());
    return nullptr;
  }
  return *std::move(node);
}

int PrintReply(const GlobalOptions& global, std::string_view what, Errc when_refused,
               const std::string& language, CatalogueClient::Reply reply) {
  if (!reply) return Refused(what, reply.problem());
  if (reply->refused()) {
    PrintFaults(boost::json::parse(reply->json()).as_object(), "faults", LanguageOf(language));
    return Refused(what, Error{when_refused});
  }
  PrintDocument(global, reply->json());
  return kExitOk;
}

}  // namespace idnode
