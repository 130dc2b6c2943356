#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/commit_log.h"
#include "storage/engine/memory_engine.h"
#include "storage/ledger.h"

namespace idnode {

// A node in memory with the real ledger.
class MemoryNode {
 public:
  MemoryNode() {
    ledger_ = *Ledger::Open(*engine_, *log_, "", {});
    ledger_->Start();
  }
  ~MemoryNode() { ledger_->Stop(); }

  Engine& engine() { return *engine_; }
  Ledger& ledger() { return *ledger_; }
  Outcome Commit(std::shared_ptr<const Change> change) {
    return ledger_->Commit(std::move(change));
  }
  std::vector<std::string> Log() const { return *log_->Read(Position{1}, 10'000, 64u << 20); }

 private:
  std::unique_ptr<MemoryEngine> engine_ = OpenMemoryEngine();
  std::unique_ptr<CommitLog> log_ = OpenLocalCommitLog(*engine_);
  std::unique_ptr<Ledger> ledger_;
};

}  // namespace idnode
