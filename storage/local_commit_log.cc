#include <algorithm>

#include "storage/chain.h"
#include "storage/commit_log.h"
#include "storage/keyspace.h"

namespace idnode {
namespace {

class LocalCommitLog : public CommitLog {
 public:
  explicit LocalCommitLog(Engine& engine) : engine_(engine) {}

  Result<Tail> Open() override {
    const auto applied = ReadApplied(engine_);
    if (!applied) return applied.error();
    tail_ = {tail_.epoch + 1, applied->position};
    return tail_;
  }

  Outcome Append(uint64_t epoch, Position expected, std::span<const LogEntry> entries,
                 Batch& rows) override {
    if (epoch != tail_.epoch || expected != tail_.position) return Outcome::kFenced;
    // The rows hold the records already. An engine that says no may have written them all the same:
    // only the next open tells.
    if (!engine_.Write(rows, Engine::Durability::kSynced)) return Outcome::kUnknown;
    tail_.position = entries.back().position;
    return Outcome::kDurable;
  }

  bool wants_effects() const override { return false; }

  Result<std::vector<std::string>> Read(Position from, size_t count,
                                        size_t octets_max) const override {
    std::vector<std::string> records;
    size_t octets = 0;
    uint64_t expected = std::max<uint64_t>(from.value, 1);
    const auto cursor = engine_.Scan(Table::kLog, keyspace::Log(from), {});
    for (; cursor->Valid() && records.size() < count; cursor->Next()) {
      octets += cursor->value().size();
      if (octets > octets_max && !records.empty()) break;
      if (cursor->key() != keyspace::Log(Position{expected++})) {
        return Error{Errc::kCorrupt, "log: a record is missing"};
      }
      records.emplace_back(cursor->value());
      if (octets >= octets_max) break;
    }
    if (auto status = cursor->status(); !status) return status.error();
    return records;
  }

 private:
  Engine& engine_;
  Tail tail_;  // The ledger's thread's.
};

}  // namespace

std::unique_ptr<CommitLog> OpenLocalCommitLog(Engine& engine) {
  return std::make_unique<LocalCommitLog>(engine);
}

}  // namespace idnode
