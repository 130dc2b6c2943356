#include <string>
#include <utility>

#include "sync/downstream/conversation.h"

// What a conversation does beside records, and what goes wrong in it on purpose.
namespace idnode {

// Whether a change of it is under way, or the stream is ending.
bool Conversation::RunErrand() {
  if (in_ledger_ || taken_busy_) return in_ledger_;
  if (const uint64_t given = host_.directives_given(); given != directives_seen_) {
    directives_seen_ = given;
    if (auto looked = errands_->Look(); !looked) EndErrandWith(looked.error());
  }
  if (ended()) return true;
  auto change = errands_->Next(*inbox_, waiting_.empty(), host_.now());
  if (!change) {
    EndErrandWith(change.error());
  } else if (*change) {
    Submit(*std::move(change));
  }
  return in_ledger_ || ended();
}

void Conversation::EndErrandWith(const Error& why) { EndWith(why, errands_->evidence()); }

void Conversation::OnErrandDone(const Outcome& outcome) {
  const Status kept = errands_->OnOutcome(outcome);
  if (auto id = errands_->TakeForgedProof()) {
    host_.Tell({.kind = DownstreamEvent::Kind::kForgedProof,
                .node_id = hello_.node_id(),
                .error = {Errc::kForged, "directive: its proof does not hold"},
                .evidence = *std::move(id)});
  }
  if (kept || ended()) return;
  if (kept.error().code == Errc::kBusy) {
    taken_busy_ = true;
  } else {
    EndErrandWith(kept.error());
  }
}

// False: something was injected in its place, or holds it back.
bool Conversation::MayAcknowledge() {
  if (late_ticks_ > 0) return false;
  if (stage_ == Stage::kTalking && !std::exchange(drawn_, true)) {
    const auto fault = host_.faults().Draw();
    if (fault && !Injects(*fault)) return false;
  }
  drawn_ = false;
  return true;
}

// Whether the acknowledgement goes out all the same.
bool Conversation::Injects(Fault fault) {
  host_.Tell({.kind = DownstreamEvent::Kind::kInjected,
              .node_id = hello_.node_id(),
              .error = {Errc::kUnsupported, NameOf(fault)}});
  ack_due_ = fault == Fault::kLate;
  doubled_ = fault == Fault::kDoubled;
  switch (fault) {
    case Fault::kLate:
      late_ticks_ = host_.faults().LateTicks();
      return false;
    case Fault::kLost:
      cancelled_by_us_ = true;
      context_.TryCancel();
      return false;
    case Fault::kRefused:
      EndWith({Errc::kBusy, "downstream: refused for rehearsal"});
      return false;
    case Fault::kGarbled:
      WriteGarbled();
      return false;
    case Fault::kDoubled:
    case Fault::kSlow:
      break;
  }
  return true;
}

void Conversation::WriteGarbled() {
  writing_now_ = true;
  const grpc::Slice octets(std::string("\xff\xff\xff\xff no message", 15));
  write_octets_ = grpc::ByteBuffer(&octets, 1);
  StartWrite(&write_octets_);
}

}  // namespace idnode
