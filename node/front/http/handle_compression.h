#pragma once

#include "node/front/http/routes.h"

namespace idnode {

// Answers of the REST interface are compressed for who asks for it by Accept-Encoding (spec/
// handle-protocol.md 6.4). Short ones are not, nor is what somebody's proof or token made visible:
// the length of what is compressed tells of its content. On an event loop a long answer asks for a
// work thread instead.
void Compress(const Request& request, Reach reach, Response& out);

}  // namespace idnode
