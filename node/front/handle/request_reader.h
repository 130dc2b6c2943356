#pragma once

#include <optional>

#include "node/front/handle/turn.h"

namespace idnode {

// Turns a question into a request: decrypts it, decodes envelope and header, finds the session or
// login it names and holds its MAC against that (spec/handle-protocol.md 3.3, 3.8, 3.11, 5.7, 8.4).
// `connection` is that of the question, or null. `request.question` is there; the rest is filled
// in, as far as possible when it is refused.
std::optional<Refusal> ReadRequest(const DispatcherParts& parts, Sessions& sessions,
                                   ConnectionState* connection, ReceivedRequest& request);

// What is said of an operation that does not exist (3.8)…
ResponseCode CodeOfUnreadable(const Question& question);
// …and of a body that cannot be read.
Refusal MalformedBody(const Question& question);

}  // namespace idnode
