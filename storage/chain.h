#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/crypto/digest.h"
#include "proto/tlog/tree.h"
#include "storage/change.h"
#include "storage/engine/batch.h"
#include "storage/engine/engine.h"
#include "storage/position.h"
#include "storage/tree_tiles.h"

namespace idnode {

// How far an engine has come: row `applied` of Table::kMeta, written with every group.
struct Applied {
  Position position;
  Digest tip{};             // Leaf hash of the record at `position`; zero before the first.
  uint16_t latest_day = 0;  // The latest day of any change; operations are trimmed by it.
  Frontier tree;            // Over all records up to `position`.
};
std::string EncodeApplied(const Applied& applied);
Result<Applied> DecodeApplied(std::string_view row);
// An engine without the row has applied nothing. kCorrupt.
Result<Applied> ReadApplied(const Rows& rows);

// The rows that follow from the log itself: log, tree, operations and `applied`. It is fed the
// records in order, when they are decided and when they are replayed, and makes the same rows of
// them both times, however they are grouped.
// One thread.
class Chain {
 public:
  // kCorrupt: rows that contradict each other: a record or tile is missing, another tip, another
  // root.
  static Result<Chain> Open(const Rows& rows);

  Position head() const { return applied_.position; }
  const Digest& tip() const { return applied_.tip; }
  const Frontier& tree() const { return applied_.tree; }
  uint16_t latest_day() const { return applied_.latest_day; }

  // What a record says about the operation that made it.
  struct Operation {
    Time time;
    const OperationId& id;
    uint32_t items;             // Of the change.
    std::string_view outcomes;  // As in Outcome::items.
  };
  // The record at head() + 1, whose predecessor is tip().
  void Append(std::string_view thin, const Operation& operation, Batch& rows);
  // Once a batch, after its last record.
  void PutApplied(Batch& rows) const;

 private:
  Applied applied_;
  TreeTiles tiles_;
};

}  // namespace idnode
