#pragma once

#include <string_view>

#include "proto/base/result.h"
#include "proto/crypto/digest.h"
#include "proto/tlog/tree.h"
#include "storage/log_record.h"
#include "storage/position.h"

namespace idnode {

// Holds the records of a log, from the first on, against each other, and grows the tree over them.
class LogCheck {
 public:
  // The record that follows; views point into `thin`. kForged: its checksum, or it follows another
  // record; kGap: another position; and what DecodeThin says. Nothing was taken then.
  Result<LogRecord> Take(std::string_view thin);

  Position head() const { return Position{tree_.size()}; }
  const Digest& tip() const { return tip_; }  // Leaf hash of the last record.
  TreeHead tree() const { return {tree_.size(), tree_.Root()}; }

 private:
  Digest tip_{};
  Frontier tree_;
};

}  // namespace idnode
