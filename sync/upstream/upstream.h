#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "storage/counters.h"
#include "storage/ledger.h"
#include "storage/position.h"
#include "storage/store.h"
#include "sync/upstream/acknowledged.h"
#include "sync/upstream/directive_taker.h"
#include "sync/upstream/filing_feed.h"
#include "sync/upstream/pump.h"
#include "sync/upstream/reconciliation.h"
#include "sync/upstream/shown_tree.h"

namespace idnode {

struct UpstreamOptions {
  std::string address;    // host:port; empty: no node above.
  std::string token;      // What the node above gave us: role "child".
  std::string node_name;  // For people.
  // Mutual TLS; all empty: plain text, allowed towards loopback only.
  std::string ca_file, certificate_file, key_file;
  PumpOptions pump;
  uint64_t backoff_first_ms = 200, backoff_max_ms = 30'000;
  // How often what is filed is compared with what the node above has of it; besides, after each
  // start, and when rows did not fit into a message.
  uint64_t reconcile_ms = 3'600'000;
  uint64_t silence_ms_max = 45'000;  // Without a word from above the stream is taken for dead.
};

// What the caller may log; nothing in this room logs.
struct UpstreamEvent {
  enum class Kind : uint8_t {
    kConnecting,
    kDocked,
    kSetBack,  // Told before kDocked: it resumes from less than it had acknowledged.
    kAcked,
    kReconciled,  // There were differences, which were filed again.
    kLost,
    kRefused
  };
  Kind kind;
  Error error;                          // kLost, kRefused.
  Position position;                    // What it holds.
  Position before = {};                 // kSetBack: what it had acknowledged.
  std::vector<Reconciled> tables = {};  // kReconciled.
};

// What of the node the node above is told, shown and may ask; each may be left out.
struct UpstreamDesk {
  FiledValues values = {};
  CheckpointDesk checkpoints = {};
  CarryOut carry_out = {};
};

// Keeps the node above (上级节点) at our log's head: one bidirectional stream, on its own thread.
// The node above may be slow, down, wrong or hostile: nothing here makes local work wait, and
// memory is bounded.
class Upstream : public Ledger::Observer {
 public:
  using Now = std::function<Time()>;
  using Chance = std::function<uint64_t()>;
  using Listener = std::function<void(const UpstreamEvent&)>;

  // kUnsupported: plain text to another machine. kIo: a TLS file cannot be read. kCorrupt: what the
  // node above had acknowledged cannot be read.
  static Result<std::unique_ptr<Upstream>> Create(Store& store, const UpstreamOptions& options,
                                                  Now now, Chance chance, Listener listener,
                                                  UpstreamDesk desk = {});
  virtual void Start() = 0;
  virtual void Stop() = 0;

  // What was acknowledged before a restart is known from the start.
  struct State {
    bool connected = false;
    Position acknowledged;
    uint64_t lag = 0;
    Time last_acknowledged;
    Evaluation evaluation;  // As the node above counts us.
    bool evaluated = false;
    std::optional<Setback> setback;  // The last one, also of an earlier run.
    uint64_t setbacks = 0;           // Since the start.
    Error problem;                   // Of the last break.
    bool has_problem = false;
    // Of what is filed: how often it was compared, when last, with what result, and the last result
    // that named differences.
    uint64_t reconciliations = 0;
    Time reconciled;
    std::vector<Reconciled> filings, repaired;
  };
  virtual State state() const = 0;
  // Compares what is filed as soon as the node above is at our head.
  virtual void Reconcile() = 0;
};

}  // namespace idnode
