#pragma once

#include <string>
#include <vector>

#include "proto/base/reader.h"
#include "proto/record/value.h"

namespace idnode {

// A count, and so many values back to back (spec/handle-protocol.md 4.1, 4.4). A spoiled `in` says
// it was none.
std::vector<Value> ReadValues(Reader& in);
void AppendValues(const std::vector<Value>& values, std::string& out);

}  // namespace idnode
