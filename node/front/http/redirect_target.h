#pragma once

#include <string>

#include "node/service/explain.h"

namespace idnode {

// Where a browser would be sent with what the records of an identifier say, and no wishes: by the
// default link of a GS1 identifier, else as the proxy does. Empty: nowhere.
std::string RedirectTargetOf(const RedirectQuestion& question);

}  // namespace idnode
