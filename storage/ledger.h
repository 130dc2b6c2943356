#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "proto/base/result.h"
#include "proto/tlog/tree.h"
#include "storage/change.h"
#include "storage/commit_log.h"
#include "storage/engine/engine.h"
#include "storage/outcome.h"
#include "storage/position.h"

namespace idnode {

struct LedgerOptions {
  size_t queue_items_max = 65'536;
  size_t queue_octets_max = 256u << 20;
  size_t group_items_max = 8'192;
  size_t group_octets_max = 8u << 20;
  // How often the durability watermark follows the log, in milliseconds.
  uint32_t watermark_ms = 5;
};

// The one door for writes. It puts changes in order, holds their conditions against the state in
// that order, makes them durable in groups, applies them, and answers.
//
// Acknowledged means on disk. A full queue answers kBusy; it does not grow. One thread decides,
// persists and applies; completions run on it, so they must only hand on.
//
// Threads: any method from any thread.
class Ledger {
 public:
  using Completion = std::function<void(const Outcome&)>;

  // Told on the ledger's thread, in order. OnApplied before anybody is answered: what is cached
  // about the change must be forgotten there. OnCommitted once per group, after the answers.
  class Observer {
   public:
    virtual ~Observer() = default;
    virtual void OnApplied(const Change& change, std::span<const uint8_t> done,
                           Position position) = 0;
    virtual void OnCommitted(Position head) = 0;
  };

  // `watermark_file` may be empty: none is kept (memory engines). kShortLog: the store came back
  // shorter than the watermark. kCorrupt.
  static Result<std::unique_ptr<Ledger>> Open(Engine& engine, CommitLog& log,
                                              const std::string& watermark_file,
                                              const LedgerOptions& options);
  virtual ~Ledger() = default;

  virtual void AddObserver(Observer* observer) = 0;  // Before Start().
  virtual void Start() = 0;

  // `change` is sealed. `completion` is called exactly once, perhaps before Submit returns. A
  // change over the limits of proto/base/limits.h or of the options is kRefused (kTooLarge), an
  // empty one kRefused (kMissingField).
  virtual void Submit(std::shared_ptr<const Change> change, Completion completion) = 0;
  // Submit and wait. Never on an event loop.
  Outcome Commit(std::shared_ptr<const Change> change);

  // Every change is kReadOnly from here on, for this reason; what was queued is decided still.
  // Allow() lifts it. What the ledger found itself (an unknown outcome, another writer) nobody
  // lifts: the store must be opened again.
  virtual void Refuse(Errc why) = 0;
  virtual void Allow() = 0;

  // Keeps a row of Table::kLocal, soon and unsynced: a crash may bring back an older one. Rows of
  // one key may be skipped for a later one.
  virtual void PutLocal(std::string_view key, std::string_view row) = 0;

  // Decides everything that was queued, answers, and stops. Later changes are kReadOnly
  // (kShuttingDown). Not from a completion. The destructor stops, too.
  virtual void Stop() = 0;

  virtual Position head() const = 0;
  // Size and root of the Merkle tree over all records up to the head.
  virtual TreeHead tree_head() const = 0;

  struct Figures {
    uint64_t groups = 0, changes = 0, items = 0, refused = 0, busy = 0;
    size_t queued_items = 0;
    bool writable = true;  // Changes are taken; else they are kReadOnly or kNotLeader.
  };
  virtual Figures figures() const = 0;
};

}  // namespace idnode
