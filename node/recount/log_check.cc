#include "node/recount/log_check.h"

namespace idnode {

Result<LogRecord> LogCheck::Take(std::string_view thin) {
  auto record = DecodeThin(thin);
  if (!record) return record.error();
  if (record->position.value != tree_.size() + 1) {
    return Error{Errc::kGap, "it says another position"};
  }
  if (record->predecessor != tip_) {
    return Error{Errc::kForged, "it follows another record than the one before it"};
  }
  tip_ = LeafHash(thin);
  tree_.Append(tip_);
  return record;
}

}  // namespace idnode
