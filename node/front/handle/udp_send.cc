#include "node/front/handle/udp_listener.h"

#include <utility>

// How answers leave: cut into datagrams, all of them in few calls.
namespace idnode {

void UdpListener::SendAnswers(uint64_t received_micros) {
  pieces_.clear();
  fragments_.clear();
  outgoing_.clear();
  send_micros_ = MonotonicMicros();
  for (size_t i = 0; i < answers_.size(); ++i) Cut(i);
  for (const Piece& piece : pieces_) {
    const std::string_view all = piece.is_fragment ? fragments_ : loop_->out;
    outgoing_.push_back({answers_[piece.answer].peer, all.substr(piece.begin, piece.octets)});
  }
  sender_.Send(socket_.native_handle(), outgoing_);
  CountSent(MonotonicMicros() - received_micros);
}

// Most batches are all of one kind, and are counted at once.
void UdpListener::CountSent(uint64_t micros) {
  const ResolutionNote* kind = nullptr;
  uint32_t times = 0;
  for (size_t i = 0; i < pieces_.size(); ++i) {
    const ResolutionNote* note = answers_[pieces_[i].answer].note;
    if (note == nullptr || !pieces_[i].last || !outgoing_[i].taken) continue;
    if (kind != nullptr && *note != *kind) {
      loop_->tally.Count(Protocol::kHandleUdp, *kind, micros, std::exchange(times, 0));
    }
    kind = note;
    ++times;
  }
  if (kind == nullptr) return;
  loop_->tally.Count(Protocol::kHandleUdp, *kind, micros, times);
  for (size_t i = 0; i < pieces_.size(); ++i) {
    const Answer& answer = answers_[pieces_[i].answer];
    if (answer.note == nullptr || !pieces_[i].last || !outgoing_[i].taken) continue;
    loop_->tally.AskedBy(answer.peer->source, *answer.note);
    loop_->tally.Resolved(*answer.note);
  }
}

// An answer that fits is sent as it stands. One that needs too many datagrams, or is more than its
// source may be sent, is not: the client comes again over TCP (3.6).
void UdpListener::Cut(size_t i) {
  const Answer& answer = answers_[i];
  const size_t octets = answer.end - answer.begin;
  if (!loop_->limiter.MaySend(answer.peer->source, octets, send_micros_)) return;
  if (octets <= kDatagramOctetsMax) {
    pieces_.push_back({false, answer.begin, octets, i, true});
    return;
  }
  const std::string_view whole = std::string_view(loop_->out).substr(answer.begin, octets);
  const Envelope envelope = DecodeEnvelope(whole);
  const std::string_view message = whole.substr(kEnvelopeOctets);
  const size_t count = FragmentCount(message.size());
  if (count > loop_->shared->options.udp_fragments_max) return;
  for (size_t n = 0; n < count; ++n) {
    const size_t begin = fragments_.size();
    EncodeFragment(envelope, message, n, fragments_);
    pieces_.push_back({true, begin, fragments_.size() - begin, i, n + 1 == count});
  }
}

}  // namespace idnode
