#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "node/front/http/preconditions.h"
#include "node/front/http/query.h"
#include "node/front/http/routes.h"
#include "node/service/registrar.h"

namespace idnode {

// What a request to /api/v1/links/{path} says besides its body.
struct LinksRequest {
  std::string identifier;  // The canonical text of the record that is meant.
  Caller caller;
  std::string_view idempotency_key;
  bool dry_run = false;
  bool has_precondition() const { return conditions_.any; }
  // The item that is asked for, without links. Views are this one's.
  RegisterItem ItemOf(RegisterAction action) const;
  LinkSelection selection;  // ?linkType=, hreflang=, context=

 private:
  friend Result<LinksRequest> ReadLinksRequest(const Request& request, Desk& desk);
  Preconditions conditions_;
};
// kMalformed: a precondition or parameter that cannot be read; the errors of ParseGs1Path.
Result<LinksRequest> ReadLinksRequest(const Request& request, Desk& desk);

// The path of a Digital Link, as it was sent, as the canonical text of its record.
Result<std::string> LinkedIdentifier(std::string_view path);

// ?dryRun=true. kMalformed: the query cannot be read.
Result<bool> IsDryRun(const Request& request);

}  // namespace idnode
