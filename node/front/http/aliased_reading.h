#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/front/http/handle_reading.h"
#include "node/front/http/routes.h"

namespace idnode {

// The values that `read` lets be seen. Views into the desk's scratch, or into `read`.
Result<std::vector<Value>> SeenValues(const ReadRecord& read);

// The record at the end of the way along HS_ALIAS (node/service/alias.h). Where the way ends too
// early, because an alias is not answered for here, leads in a circle or is one too many, it is the
// last record before, and `alias` says why.
struct AliasedRecord {
  ReadRecord read;
  std::vector<Value> values;          // That may be seen.
  std::vector<std::string> followed;  // The names on the way; the first is the one asked for.
  Status alias;
};
// The errors of Read() for the name that was asked for. `note` counts one resolution: that of the
// record which is answered.
Result<AliasedRecord> ReadThroughAliases(std::string_view identifier, const Query& query,
                                         const Request& request, Desk& desk, ResolutionNote& note);

}  // namespace idnode
