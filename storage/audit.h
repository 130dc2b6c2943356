#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "proto/base/result.h"
#include "proto/tlog/tree.h"
#include "storage/commit_log.h"
#include "storage/counters.h"
#include "storage/engine/engine.h"
#include "storage/log_record.h"

namespace idnode {

// Evidence: proofs that a record is in the log, that the log only grew, and that the figures are
// what the log says.
// Threads: any.
class Audit {
 public:
  Audit(const Rows& rows, const CommitLog& log) : rows_(rows), log_(log) {}

  // The hash of a complete subtree, from tiles and, at the right edge, from records.
  Result<Digest> HashOfSubtree(uint8_t level, uint64_t index) const;

  struct Inclusion {
    std::string record;  // Thin.
    std::vector<Digest> proof;
  };
  // That the record at `position` is in the tree of `tree_size`. kNotFound.
  Result<Inclusion> Prove(Position position, uint64_t tree_size) const;
  Result<std::vector<Digest>> ProveGrowth(uint64_t old_size, uint64_t tree_size) const;

 private:
  const Rows& rows_;
  const CommitLog& log_;
};

// Recomputes every figure from log and tables and compares. Reads one moment; long.
struct Difference {
  std::string what;  // For people: which figure, or which record.
  int64_t recounted = 0;
  int64_t stored = 0;
};
struct Recount {
  uint64_t log_records = 0, log_items = 0, identifiers = 0;
  TreeHead tree;                        // As recomputed from the records.
  std::vector<Difference> differences;  // Empty: the figures are proved.
};
// `progress` is told (done, of) and may return false to stop (kTimeout).
using Progress = std::function<bool(uint64_t done, uint64_t of)>;
Result<Recount> RecountOwn(const Rows& rows, const Progress& progress);
// The same for what a child has sent: its log must follow, and its figures are what it says.
Result<Recount> RecountChild(const Rows& rows, uint32_t child, const Progress& progress);

// A digest over all counted and shipped tables (everything but `local`), for tests and restores.
Result<Digest> DigestOfTables(const Rows& rows);

}  // namespace idnode
