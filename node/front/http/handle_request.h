#pragma once

#include <set>
#include <string>

#include "node/front/http/query.h"
#include "node/front/http/routes.h"
#include "node/service/handle_operations.h"
#include "proto/ident/identifier.h"
#include "proto/web/handle_json.h"

namespace idnode {

// What a write to /api/handles/{id} says outside its body.
struct HandleRequest {
  std::string identifier;  // Percent-decoded once; '+' is kept. With mintNewSuffix: as minted.
  Query query;
  HandleAuthority authority;
  std::string_view idempotency_key;
  std::string minted_suffix;  // Part of the identifier; empty: none was asked for.

  const Caller& caller() const { return authority.caller; }
};
// On a work thread.
Result<HandleRequest> ReadHandleRequest(const Request& request, Desk& desk);

// The parameters index. kMalformed.
Result<std::set<uint32_t>> IndexesOf(const Query& query);

// Parameters pretty and callback (spec/handle-protocol.md 6.3, 6.4) of an answer in Handle JSON.
void Present(const Query& query, Response& out);
// The same of the parameters as they stand in the request; those that cannot be read ask nothing.
Done Presented(const Request& request, Done done);

// A random UUID (RFC 9562, version 4) in lower case.
std::string RandomUuid();

}  // namespace idnode
