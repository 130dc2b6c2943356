#include "node/service/supervision.h"

#include "node/security/permissions.h"
#include "node/service/monitoring_document.h"
#include "storage/children.h"

namespace idnode {

Result<std::string> Supervision::Days(std::string_view from, std::string_view until, uint32_t child,
                                      const Caller& caller) const {
  if (const Status begun = acts_.Begin(caller, Act::kReadFigures, from); !begun) {
    return begun.error();
  }
  std::string prefix = node_prefix_;
  if (child != 0) {
    const auto known = ReadChild(engine_, child);
    if (!known) return known.error();
    prefix = known->prefix;
  }
  return DocumentOfDays(engine_, {.from = from, .until = until, .child = child, .prefix = prefix});
}

}  // namespace idnode
