#pragma once

#include <memory>
#include <optional>
#include <string>

#include "storage/chain.h"
#include "storage/commit_log.h"
#include "storage/decider.h"
#include "storage/engine/memory_engine.h"

namespace idnode::sim {

// A node's memory without its thread: the ledger's own parts (decide, log, apply), called in turn.
class SimNode {
 public:
  SimNode() : engine_(OpenMemoryEngine()) { Open(); }

  // Decides `change` and makes it durable, as the ledger does with a group of one.
  Outcome Commit(const Change& change);
  // A row of Table::kLocal, unsynced.
  void PutLocal(std::string_view key, std::string_view row);
  // What was not on disk is gone; everything in memory is made anew.
  void CutPower();
  // A copy of every row, to be restored from; the node as it was when the copy was made.
  void BackUp();
  void Restore();

  const Rows& rows() const { return *engine_; }
  const CommitLog& log() const { return *log_; }
  Position head() const { return chain_->head(); }
  TreeHead tree_head() const { return {chain_->tree().size(), chain_->tree().Root()}; }

 private:
  void Open();

  std::unique_ptr<MemoryEngine> engine_, backup_;
  std::unique_ptr<CommitLog> log_;
  std::unique_ptr<Decider> decider_;
  std::optional<Chain> chain_;
  uint64_t epoch_ = 0;
};

// Any number from a seed (splitmix64): the same everywhere.
class Chance {
 public:
  explicit Chance(uint64_t seed) : state_(seed) {}
  uint64_t Next() {
    uint64_t z = state_ += 0x9E37'79B9'7F4A'7C15;
    z = (z ^ z >> 30) * 0xBF58'476D'1CE4'E5B9;
    z = (z ^ z >> 27) * 0x94D0'49BB'1331'11EB;
    return z ^ z >> 31;
  }
  uint64_t Below(uint64_t limit) { return Next() % limit; }
  bool OneIn(uint64_t n) { return Below(n) == 0; }

 private:
  uint64_t state_;
};

}  // namespace idnode::sim
