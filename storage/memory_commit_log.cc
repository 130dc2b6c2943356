#include <optional>
#include <utility>

#include "proto/base/guarded.h"
#include "storage/chain.h"
#include "storage/commit_log.h"
#include "storage/replay.h"

namespace idnode {
namespace {

class WholeCommitLog : public MemoryCommitLog {
 public:
  explicit WholeCommitLog(Engine& engine) : engine_(engine) {}

  Result<Tail> Open() override {
    const auto entries = Entries();
    const auto applied = ReadApplied(engine_);
    if (!applied) return applied.error();
    if (applied->position.value > entries.size()) {
      return Error{Errc::kShortLog, "memory log: the engine is ahead of it"};
    }
    const auto missing = std::span(entries).subspan(applied->position.value);
    if (auto replayed = Replay(missing, engine_); !replayed) return replayed.error();
    return state_.With([&](State& state) {
      ++state.epoch;
      return Tail{state.epoch, Position{state.entries.size()}};
    });
  }

  Outcome Append(uint64_t epoch, Position expected, std::span<const LogEntry> entries,
                 Batch& rows) override {
    const auto failure = state_.With([&](State& state) -> std::optional<Outcome> {
      if (epoch != state.epoch || expected.value != state.entries.size()) return Outcome::kFenced;
      const auto failing = std::exchange(state.failing, std::nullopt);
      if (!failing || failing->appended) {
        state.entries.insert(state.entries.end(), entries.begin(), entries.end());
      }
      if (failing) return failing->outcome;
      return std::nullopt;
    });
    if (failure) return *failure;
    if (!engine_.Write(rows, Engine::Durability::kBuffered)) return Outcome::kUnknown;
    return Outcome::kDurable;
  }

  bool wants_effects() const override { return true; }

  Result<std::vector<std::string>> Read(Position from, size_t count,
                                        size_t octets_max) const override {
    return state_.With([&](const State& state) {
      std::vector<std::string> records;
      size_t octets = 0;
      for (uint64_t i = from.value == 0 ? 0 : from.value - 1;
           i < state.entries.size() && records.size() < count; ++i) {
        octets += state.entries[i].thin.size();
        if (octets > octets_max && !records.empty()) break;
        records.push_back(state.entries[i].thin);
      }
      return records;
    });
  }

  std::vector<LogEntry> Entries() const override {
    return state_.With([](const State& state) { return state.entries; });
  }

  void FailNext(Outcome outcome, bool appended) override {
    state_.With([&](State& state) { state.failing = Failing{outcome, appended}; });
  }

 private:
  struct Failing {
    Outcome outcome;
    bool appended;
  };
  struct State {
    uint64_t epoch = 0;
    std::vector<LogEntry> entries;
    std::optional<Failing> failing;
  };

  Engine& engine_;
  Guarded<State> state_;
};

}  // namespace

std::unique_ptr<MemoryCommitLog> OpenMemoryCommitLog(Engine& engine) {
  return std::make_unique<WholeCommitLog>(engine);
}

}  // namespace idnode
