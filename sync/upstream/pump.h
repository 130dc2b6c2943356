#pragma once

#include <algorithm>
#include <cstdint>

#include "proto/base/limits.h"
#include "storage/position.h"

namespace idnode {

struct PumpOptions {
  uint64_t records_per_send_max = 1'024;
  uint64_t octets_per_send_max = 1u << 20;
  // Credit above this is not used, whatever the peer grants. At least one record always fits.
  uint64_t in_flight_octets_max = 16u << 20;
};

// Decides which log records to send to the node above next. It owns no socket, timer or clock: a
// link performs what it says. Loss, doubling, reordering and a year of outages are unit tests.
//
// At most one Send is outstanding. The link reports first what it took from the log (OnTaken), so
// that an acknowledgement may overtake the report that the write is done, then that it may write
// again (OnSent): one write is in flight per stream.
class Pump {
 public:
  // `acked`: what the peer is known to have acknowledged, in whatever conversation.
  explicit Pump(const PumpOptions& options, Position acked = {});

  // Records after `from`, up to and including `through`, of at most `octets_max` together. The
  // first may be larger, up to `first_octets_max`. from == through: nothing to send now.
  struct Send {
    Position from, through;
    uint64_t octets_max = 0;
    uint64_t first_octets_max = 0;
    bool any() const { return from < through; }
    friend bool operator==(const Send&, const Send&) = default;
  };

  // The peer says what it holds.
  enum class Resumption : uint8_t {
    kOnward,      // As much as it had acknowledged, or more.
    kSetBack,     // Less: it has lost what it acknowledged, and is sent it again.
    kImpossible,  // A position that we never reached; it must not be talked to.
  };
  Resumption OnConnected(Position peer_holds, uint64_t credit_octets);
  Send OnCommitted(Position head);
  // The link took from the log what it was told, up to `through`, which may be less.
  void OnTaken(Position through, uint64_t octets);
  // The link took nothing, since the next record is of `octets`: over the credit that there was
  // when it was told what to send. By now there may be enough.
  Send OnTooLarge(uint64_t octets);
  // What was taken has been written.
  Send OnSent();
  // False in `ok`: an acknowledgement of what was never sent, or less than was acknowledged before.
  struct Acked {
    bool ok = true;
    Send send;
  };
  Acked OnAcked(Position through, uint64_t credit_octets);
  void OnDisconnected() { up_ = sending_ = false; }
  // What to send after OnConnected.
  Send Next();

  Position acked() const { return acked_; }
  Position head() const { return head_; }
  uint64_t credit_octets() const { return credit_; }
  uint64_t lag() const { return head_.value - std::min(head_.value, acked_.value); }

 private:
  PumpOptions options_;
  bool up_ = false;
  bool sending_ = false;
  uint64_t credit_ = 0;
  uint64_t needed_ = 1;  // Credit without which nothing can be sent.
  Position head_, sent_, acked_;
};

}  // namespace idnode
