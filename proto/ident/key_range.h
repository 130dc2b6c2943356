#pragma once

#include <string>

#include "proto/ident/identifier.h"

namespace idnode {

// All keys that begin with `beginning`, which is a scheme octet and more.
KeyRange KeysThatBeginWith(std::string beginning);

}  // namespace idnode
