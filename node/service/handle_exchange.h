#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/security/networks.h"
#include "node/stats/resolution_counts.h"
#include "proto/handle/identity.h"
#include "proto/handle/message.h"

namespace idnode {

// Where a question came in.
enum class Transport : uint8_t { kUdp, kTcp, kTls, kHttp };

// What is known of one TCP connection, for as long as it lives: Teleinfo's client logs in on a
// connection, with a session number of its own invention (spec/handle-protocol.md 8.4). Guarded,
// since questions are answered on work threads.
struct ConnectionState {
  std::mutex mutex;
  struct Login {
    uint32_t session_id = 0;  // The client's.
    HandleIdentity identity;
    std::string key_record;
    uint64_t key_version = 0;
  };
  std::optional<Login> login;
  // A challenge of that login, or the key of mode 3 (8.6), under way: owned by the dispatcher.
  std::shared_ptr<void> under_way;
};

// A message as it arrived, complete, and where from.
struct Question {
  Transport transport = Transport::kTcp;
  Address source{};
  TrafficClass traffic_class = TrafficClass::kExternal;
  Envelope envelope;
  std::string message;                          // After the envelope.
  std::shared_ptr<ConnectionState> connection;  // Null over UDP.
  uint64_t received_micros = 0;                 // MonotonicMicros().
};

// What goes back: whole messages with their envelopes, in order; over UDP the transport cuts them.
// None: nothing is answered. `note` counts one resolution once it was handed to the kernel.
struct Reply {
  std::vector<std::string> messages;
  std::optional<ResolutionNote> note;
  bool close = false;  // The peer does not speak the protocol.
  // Set: the answer goes on (a long listing is never in memory whole). Called at most once, when
  // these messages have been written, it hands the next part to its argument, as Answer does. No
  // other answer of this connection may come between. Never set over UDP.
  std::function<void(std::function<void(Reply)>)> more;
};

// Answers what the hot path leaves: everything but plain resolutions that are in memory.
// Threads: Answer from any event loop; `done` runs exactly once, on any thread, perhaps before
// Answer returns, and must only hand on.
class Dispatcher {
 public:
  virtual ~Dispatcher() = default;
  virtual void Answer(Question question, std::function<void(Reply)> done) = 0;
};

// Answers plain resolutions at once, for transports that have no other business with the protocol.
// Threads: one.
class LoopAnswers {
 public:
  virtual ~LoopAnswers() = default;
  // Appends the whole answer to a plain resolution of what is in memory, and says how to count it.
  // None: nothing was appended; the dispatcher answers.
  virtual std::optional<ResolutionNote> Answer(const Envelope& envelope, std::string_view message,
                                               TrafficClass traffic_class, uint32_t now_seconds,
                                               std::string& out) = 0;
};

}  // namespace idnode
