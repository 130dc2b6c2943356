#pragma once

#include <string>

#include "node/front/http/query.h"
#include "node/front/http/routes.h"
#include "proto/ident/identifier.h"

namespace idnode {

// What a write to /api/handles/{id} says outside its body.
struct HandleRequest {
  std::string identifier;  // Percent-decoded once; '+' is kept.
  Query query;
  Caller caller;
  std::string_view idempotency_key;
};
Result<HandleRequest> ReadHandleRequest(const Request& request, const Authenticator& authenticator);

}  // namespace idnode
