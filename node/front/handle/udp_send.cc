#include <algorithm>
#include <cerrno>

#include "node/front/handle/udp_listener.h"

// How answers leave: cut into datagrams, many in one call.
namespace idnode {
namespace {

constexpr size_t kPerCallMax = 256;

}  // namespace

void UdpListener::SendAnswers(uint64_t received_micros) {
  datagrams_.clear();
  fragments_.clear();
  send_micros_ = MonotonicMicros();
  for (size_t i = 0; i < answers_.size(); ++i) Cut(i);
  PointAtDatagrams();
  const size_t sent = Send();
  if (sent == 0) return;
  const uint64_t now = MonotonicMicros();
  for (size_t i = 0; i < datagrams_.size(); ++i) {
    const ResolutionNote* note = answers_[datagrams_[i].answer].note;
    // The kernel wrote how much it took.
    if (note == nullptr || !datagrams_[i].last || send_headers_[i].msg_len == 0) continue;
    loop_->tally.Count(Protocol::kHandleUdp, *note, now - received_micros);
  }
}

// An answer that fits is sent as it stands. One that needs too many datagrams, or is more than its
// source may be sent, is not: the client comes again over TCP (3.6).
void UdpListener::Cut(size_t i) {
  const Answer& answer = answers_[i];
  const size_t octets = answer.end - answer.begin;
  if (!loop_->limiter.MaySend(answer.peer->source, octets, send_micros_)) return;
  if (octets <= kDatagramOctetsMax) {
    datagrams_.push_back({false, answer.begin, octets, i, true});
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
    datagrams_.push_back({true, begin, fragments_.size() - begin, i, n + 1 == count});
  }
}

void UdpListener::PointAtDatagrams() {
  send_headers_.resize(std::max(send_headers_.size(), datagrams_.size()));
  send_pieces_.resize(send_headers_.size());
  for (size_t i = 0; i < datagrams_.size(); ++i) {
    const Datagram& datagram = datagrams_[i];
    const Peer& peer = *answers_[datagram.answer].peer;
    std::string& octets = datagram.is_fragment ? fragments_ : loop_->out;
    send_pieces_[i] = {octets.data() + datagram.begin, datagram.octets};
    send_headers_[i] = {};
    msghdr& header = send_headers_[i].msg_hdr;
    header.msg_name = const_cast<sockaddr_in6*>(&peer.address);
    header.msg_namelen = peer.address_octets;
    header.msg_iov = &send_pieces_[i];
    header.msg_iovlen = 1;
    if (!any_address_) continue;
    header.msg_control = const_cast<char*>(peer.control.data());
    header.msg_controllen = peer.control_octets;
  }
}

// How many were taken. Those for which there is no room now are lost, as datagrams may be: the
// client asks again.
size_t UdpListener::Send() {
  size_t first = 0, sent = 0;
  while (first < datagrams_.size()) {
    const size_t count = std::min(datagrams_.size() - first, kPerCallMax);
    const int taken = sendmmsg(socket_.native_handle(), send_headers_.data() + first,
                               static_cast<unsigned int>(count), MSG_DONTWAIT);
    if (taken > 0) {
      first += static_cast<size_t>(taken);
      sent += static_cast<size_t>(taken);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return sent;
    } else if (errno != EINTR) {
      ++first;  // This one cannot be sent; the others can.
    }
  }
  return sent;
}

}  // namespace idnode
