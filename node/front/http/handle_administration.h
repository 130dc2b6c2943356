#pragma once

#include "node/front/http/handle_request.h"
#include "node/front/http/routes.h"
#include "proto/web/handle_json.h"

namespace idnode {

// Writes by those who proved who they are by a key in a record: the rules of the Handle protocol
// decide (spec/handle-protocol.md 4.5), and its codes are answered. On a work thread.
void PutByKey(HandleRequest asked, ValuesBody body, const Request& request, Desk& desk, Done done);
void DeleteByKey(HandleRequest asked, const Request& request, Desk& desk, Done done);

// With index=various, or the indexes of the body. kMalformed: they are others than the body's.
Status CheckNamedIndexes(const HandleRequest& asked, const ValuesBody& body);

}  // namespace idnode
