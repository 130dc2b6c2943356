#pragma once

#include <algorithm>
#include <cstdint>

#include "storage/position.h"

namespace idnode {

struct PumpOptions {
  uint64_t records_per_send_max = 1'024;
  uint64_t in_flight_octets_max = 16u << 20;
};

// Decides which log records to send to the node above next. It owns no socket, timer or clock: a
// link performs what it says. Loss, doubling, reordering and a year of outages are unit tests.
//
// Between two events at most one Send is outstanding; the link reports it done with OnSent, so that
// one write is in flight per stream.
class Pump {
 public:
  explicit Pump(const PumpOptions& options) : options_(options) {}

  // Records after `from`, up to and including `through`, of at most `octets_max` together (but at
  // least one). from == through: nothing to send now.
  struct Send {
    Position from, through;
    uint64_t octets_max = 0;
    bool any() const { return from < through; }
    friend bool operator==(const Send&, const Send&) = default;
  };

  // The peer says what it holds. False: it claims a position that we never reached, or less than it
  // had acknowledged; it must not be talked to.
  bool OnConnected(Position peer_holds, uint64_t credit_octets);
  Send OnCommitted(Position head);
  // The link wrote what it was told, up to `through`, which may be less (octets_max).
  Send OnSent(Position through, uint64_t octets);
  // False in `ok`: an acknowledgement of what was never sent.
  struct Acked {
    bool ok = true;
    Send send;
  };
  Acked OnAcked(Position through, uint64_t credit_octets);
  void OnDisconnected();
  // What to send after OnConnected.
  Send Next();

  Position acked() const { return acked_; }
  Position head() const { return head_; }
  uint64_t lag() const { return head_.value - std::min(head_.value, acked_.value); }

 private:
  PumpOptions options_;
  bool up_ = false;
  bool sending_ = false;
  uint64_t credit_ = 0;
  Position head_, sent_, acked_;
};

}  // namespace idnode
