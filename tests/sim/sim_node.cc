#include "tests/sim/sim_node.h"

#include "storage/apply.h"
#include "storage/log_record.h"

namespace idnode::sim {

void SimNode::Open() {
  log_ = OpenLocalCommitLog(*engine_);
  const auto tail = log_->Open();
  auto chain = Chain::Open(*engine_);
  Require(tail.ok() && chain.ok() && chain->head() == tail->position);
  epoch_ = tail->epoch;
  chain_.emplace(*std::move(chain));
  decider_ = std::make_unique<Decider>(*engine_);
}

void SimNode::CutPower() {
  decider_.reset();
  log_.reset();
  engine_ = engine_->AfterPowerCut();
  Open();
}

void SimNode::PutLocal(std::string_view key, std::string_view row) {
  Batch rows;
  rows.Put(Table::kLocal, key, row);
  Require(engine_->Write(rows, Engine::Durability::kBuffered).ok());
}

// Every write of a node is synced, but for its local rows, which a backup may lack.
void SimNode::BackUp() { backup_ = engine_->AfterPowerCut(); }

void SimNode::Restore() {
  if (!backup_) return;
  decider_.reset();
  log_.reset();
  engine_ = backup_->AfterPowerCut();  // The backup stays what it was.
  Open();
}

Outcome SimNode::Commit(const Change& change) {
  Require(change.sealed() && change.mode() == Change::Mode::kTogether);
  const Position before = head();
  const Position next{before.value + 1};
  Decider::Decision decision;
  decider_->Decide(change, next, chain_->latest_day(), decision);
  if (!decision.writes()) {
    decider_->OnDurable();
    return decision.outcome;
  }
  Batch rows;
  LogEntry entry{.position = next};
  EncodeThin(next, chain_->tip(), change, decision.done, change.root(), entry.thin);
  Apply(next, change, decision.done, rows);
  chain_->Append(entry.thin,
                 {change.time(), change.operation(), static_cast<uint32_t>(change.items().size()),
                  std::string_view()},
                 rows);
  chain_->PutApplied(rows);
  Require(log_->Append(epoch_, before, {&entry, 1}, rows) == CommitLog::Outcome::kDurable);
  decider_->OnDurable();
  return decision.outcome;
}

}  // namespace idnode::sim
