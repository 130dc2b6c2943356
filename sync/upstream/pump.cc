#include "sync/upstream/pump.h"

#include "proto/base/result.h"

namespace idnode {

Pump::Pump(const PumpOptions& options, Position acked)
    : options_(options), head_(acked), sent_(acked), acked_(acked) {
  options_.records_per_send_max =
      std::clamp<uint64_t>(options_.records_per_send_max, 1, limits::kSyncEventsPerBatchMax);
  options_.octets_per_send_max =
      std::clamp<uint64_t>(options_.octets_per_send_max, 1, limits::kSyncBatchOctetsMax);
  options_.in_flight_octets_max = std::clamp<uint64_t>(
      options_.in_flight_octets_max, limits::kLogRecordOctetsMax, limits::kSyncCreditOctetsMax);
}

Pump::Resumption Pump::OnConnected(Position peer_holds, uint64_t credit_octets) {
  if (peer_holds > head_) return Resumption::kImpossible;
  const bool set_back = peer_holds < acked_;
  up_ = true;
  sending_ = false;
  sent_ = acked_ = peer_holds;
  needed_ = 1;
  credit_ = std::min(credit_octets, options_.in_flight_octets_max);
  return set_back ? Resumption::kSetBack : Resumption::kOnward;
}

Pump::Send Pump::OnCommitted(Position head) {
  head_ = std::max(head_, head);
  return Next();
}

void Pump::OnTaken(Position through, uint64_t octets) {
  Require(sending_ && through > sent_ && through <= head_ && octets <= credit_);
  sent_ = through;
  credit_ -= octets;
}

Pump::Send Pump::OnTooLarge(uint64_t octets) {
  Require(sending_);
  sending_ = false;
  needed_ = std::min(octets, options_.in_flight_octets_max);
  return Next();
}

Pump::Send Pump::OnSent() {
  sending_ = false;
  return Next();
}

Pump::Acked Pump::OnAcked(Position through, uint64_t credit_octets) {
  if (!up_ || through > sent_ || through < acked_) return {.ok = false, .send = {}};
  acked_ = through;
  credit_ += std::min(credit_octets, options_.in_flight_octets_max - credit_);
  return {.ok = true, .send = Next()};
}

Pump::Send Pump::Next() {
  if (!up_ || sending_ || sent_ >= head_ || credit_ < needed_) return {sent_, sent_};
  sending_ = true;
  needed_ = 1;
  const uint64_t records = std::min(head_.value - sent_.value, options_.records_per_send_max);
  return {.from = sent_,
          .through = Position{sent_.value + records},
          .octets_max = std::min(credit_, options_.octets_per_send_max),
          .first_octets_max = credit_};
}

}  // namespace idnode
