#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "proto/base/result.h"
#include "storage/engine/engine.h"
#include "storage/position.h"

namespace idnode {

// A decided change, encoded. `effects` is filled only for a log that wants it.
struct LogEntry {
  Position position;
  std::string thin;
  std::string effects;
};

// Where decided changes are made durable, in order. The ledger decides, the log persists, Apply()
// makes rows of it. What was decided is known when Append answers, not before: another node may
// have been faster.
//
// Threads: Append from the ledger's own; Read from any.
class CommitLog {
 public:
  enum class Outcome : uint8_t {
    kDurable,
    kFenced,   // Another writer owns the tail. Nothing was appended.
    kUnknown,  // It may or may not be there. Only Open() tells.
  };
  struct Tail {
    uint64_t epoch = 0;
    Position position;
  };

  virtual ~CommitLog() = default;

  // Takes the log for one writer; whoever had it before is fenced. Afterwards the engine holds the
  // rows of everything up to the tail.
  virtual Result<Tail> Open() = 0;

  // Appends `entries`, which follow `expected`, under `epoch`, and writes `rows` to the engine:
  // what the entries mean, the rows of Table::kLog among it (storage/chain.h). kDurable: both are
  // done, and the entries are on disk. The local log does it in one synced batch; a replicating
  // one appends first and writes without a sync of its own.
  virtual Outcome Append(uint64_t epoch, Position expected, std::span<const LogEntry> entries,
                         Batch& rows) = 0;

  // Whether Append needs LogEntry::effects.
  virtual bool wants_effects() const = 0;

  // Thin records from `from` on, at most `count` or `octets_max`; fewer at the tail.
  virtual Result<std::vector<std::string>> Read(Position from, size_t count,
                                                size_t octets_max) const = 0;
};

// The default: the engine is the log. Persist and apply are the same synced batch.
std::unique_ptr<CommitLog> OpenLocalCommitLog(Engine& engine);

// Keeps whole entries in memory, for tests: what a replicating log would give to a new replica. Its
// own rows are written unsynced, so that a power cut takes them and Open() brings them back.
// Threads: any.
class MemoryCommitLog : public CommitLog {
 public:
  virtual std::vector<LogEntry> Entries() const = 0;
  // The next Append answers `outcome` instead of writing rows, having appended or not.
  virtual void FailNext(Outcome outcome, bool appended) = 0;
};
std::unique_ptr<MemoryCommitLog> OpenMemoryCommitLog(Engine& engine);

}  // namespace idnode
