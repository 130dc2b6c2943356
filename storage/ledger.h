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
#include "storage/position.h"

namespace idnode {

// What became of a change.
struct Outcome {
  enum class Kind : uint8_t {
    kDone,      // On disk at `position`. With Mode::kEach, `items` says which.
    kRefused,   // A condition did not hold; nothing was changed. `items` says which and why.
    kBusy,      // The queue is full, or the engine is behind; nothing was changed.
    kNotLeader, // Somebody else decides; nothing was changed.
    kReadOnly,  // The node takes no writes (disk nearly full, short log, shutting down).
    kUnknown,   // Ask again with the same operation id.
  };
  Kind kind = Kind::kUnknown;
  Position position;
  // One octet an item, in order: 0 done, else Errc + 1. Empty: all of them were done.
  std::vector<uint8_t> items;
  // The same operation id had been decided before; this is what was decided then.
  bool repeated = false;
  // Why: for kReadOnly and kRefused.
  Errc why = Errc::kInternal;

  bool done() const { return kind == Kind::kDone; }
  // Whether item `i` happened.
  bool done(size_t i) const { return done() && (items.empty() || items[i] == 0); }
  // Why item `i` did not happen.
  Errc error(size_t i) const;
};

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

  // `change` is sealed. `completion` is called exactly once, perhaps before Submit returns.
  virtual void Submit(std::shared_ptr<const Change> change, Completion completion) = 0;
  // Submit and wait. Never on an event loop.
  Outcome Commit(std::shared_ptr<const Change> change);

  // kReadOnly from here on, for this reason; Errc::kInternal lifts nothing: pass no reason to lift.
  virtual void Refuse(Errc why) = 0;
  virtual void Allow() = 0;

  // Decides everything that was queued, answers, and stops. Later changes are kReadOnly.
  virtual void Stop() = 0;

  virtual Position head() const = 0;
  // Size and root of the Merkle tree over all records up to the head.
  virtual TreeHead tree_head() const = 0;

  struct Figures {
    uint64_t groups = 0, changes = 0, items = 0, refused = 0, busy = 0;
    size_t queued_items = 0;
  };
  virtual Figures figures() const = 0;
};

}  // namespace idnode
