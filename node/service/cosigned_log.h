#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "proto/base/guarded.h"
#include "storage/commit_log.h"
#include "storage/engine/engine.h"
#include "storage/ledger.h"

namespace idnode {

// A checkpoint of the node's log under which the node above has signed, too.
struct CosignedCheckpoint {
  uint64_t size = 0;
  std::string note;
  std::vector<std::string> keys;  // Verifier keys of the witness, as it named them itself.
};

// The last one. It is no record, or the log would grow by itself; it is kept beside the log, and a
// crash may bring back an older one.
// Threads: any.
class CosignedLog {
 public:
  // What is kept is forgotten where it is not of this log: of another name, or another tree.
  CosignedLog(Ledger& ledger, const Rows& rows, const CommitLog& log, const std::string& origin);

  void Keep(CosignedCheckpoint cosigned);
  // Null: the node above has signed none.
  std::shared_ptr<const CosignedCheckpoint> Last() const;

 private:
  Ledger& ledger_;
  Guarded<std::shared_ptr<const CosignedCheckpoint>> last_;
};

}  // namespace idnode
