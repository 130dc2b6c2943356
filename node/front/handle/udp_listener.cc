#include "node/front/handle/udp_listener.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cstring>

namespace idnode {
namespace {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

// A datagram has at most 512 octets by the protocol; one that fills this is cut short.
constexpr size_t kDatagramRoom = 2'048;
// After so many batches others on the loop have their turn.
constexpr int kRoundsMax = 8;
// What the kernel may keep for us while we are busy.
constexpr int kSocketOctets = 4 << 20;

// What arrived says to which address it went; what is sent says from which it comes.
void AnswerFromWhereItCame(msghdr& header) {
  for (cmsghdr* each = CMSG_FIRSTHDR(&header); each != nullptr; each = CMSG_NXTHDR(&header, each)) {
    if (each->cmsg_level == IPPROTO_IP && each->cmsg_type == IP_PKTINFO) {
      in_pktinfo info;
      std::memcpy(&info, CMSG_DATA(each), sizeof info);
      info.ipi_ifindex = 0;  // The routes decide.
      std::memcpy(CMSG_DATA(each), &info, sizeof info);
    } else if (each->cmsg_level == IPPROTO_IPV6 && each->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info;
      std::memcpy(&info, CMSG_DATA(each), sizeof info);
      if (!IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr)) info.ipi6_ifindex = 0;
      std::memcpy(CMSG_DATA(each), &info, sizeof info);
    }
  }
}

}  // namespace

// A question that is answered later: everything about it, since its buffers are used again.
struct UdpListener::Waiting {
  UdpPeer peer;
  Envelope envelope;
  std::string message;
  TrafficClass traffic_class;
  uint64_t hash, stamp;
  uint64_t received_micros;
  size_t octets;  // Of the message.
};

UdpListener::UdpListener(std::shared_ptr<HandleLoop> loop)
    : loop_(std::move(loop)), socket_(loop_->io), rooms_(kBatch * kDatagramRoom), sender_(kBatch) {
  joined_.reserve(kBatch);  // Views point into them.
  answers_.reserve(kBatch);
  pieces_.reserve(kBatch);
  outgoing_.reserve(kBatch);
}

Status UdpListener::Listen(const asio::ip::udp::endpoint& endpoint, bool shared_port) {
  if (const Status listening = ListenOn(socket_, endpoint, shared_port); !listening) {
    return listening;
  }
  ErrorCode ignored;
  socket_.set_option(asio::socket_base::receive_buffer_size(kSocketOctets), ignored);
  socket_.set_option(asio::socket_base::send_buffer_size(kSocketOctets), ignored);
  any_address_ = endpoint.address().is_unspecified();
  if (!any_address_) return {};
  const int on = 1;
  const bool ipv4 = endpoint.address().is_v4();
  const int set =
      ipv4 ? setsockopt(socket_.native_handle(), IPPROTO_IP, IP_PKTINFO, &on, sizeof on)
           : setsockopt(socket_.native_handle(), IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
  if (set != 0) return Error{Errc::kIo, "the address of a datagram cannot be told"};
  return {};
}

void UdpListener::Close() {
  stopping_ = true;
  ErrorCode ignored;
  socket_.close(ignored);
}

void UdpListener::WaitForMore() {
  if (stopping_) return;
  socket_.async_wait(asio::socket_base::wait_read,
                     [self = shared_from_this()](const ErrorCode& error) {
                       if (error || self->stopping_) return;
                       self->OnReadable();
                     });
}

void UdpListener::OnReadable() {
  for (int round = 0; round < kRoundsMax; ++round) {
    if (ServeRound() < kBatch) break;
  }
  loop_->PublishCounts();
  WaitForMore();
}

// How many datagrams it took.
size_t UdpListener::ServeRound() {
  const size_t received = Receive();
  if (received == 0) return 0;
  received_micros_ = MonotonicMicros();
  now_seconds_ = Now().seconds();
  loop_->datagrams.fetch_add(received, std::memory_order_relaxed);
  loop_->out.clear();
  answers_.clear();
  joined_.clear();
  item_count_ = 0;
  for (size_t i = 0; i < received; ++i) Take(i);
  loop_->resolutions.Serve(std::span(items_).first(item_count_), Transport::kUdp, now_seconds_,
                           SIZE_MAX, loop_->out);
  for (size_t i = 0; i < item_count_; ++i) {
    switch (items_[i].fate) {
      case BatchItem::Fate::kAnswered:
        AddAnswer(i);
        break;
      case BatchItem::Fate::kDisk:
      case BatchItem::Fate::kDispatch:
        HandOver(i);
        break;
      case BatchItem::Fate::kIgnored:
        break;
    }
  }
  SendAnswers(received_micros_);
  return received;
}

size_t UdpListener::Receive() {
  for (size_t i = 0; i < kBatch; ++i) {
    places_[i] = {rooms_.data() + i * kDatagramRoom, kDatagramRoom};
    msghdr& header = headers_[i].msg_hdr;
    header = {};
    header.msg_name = &peers_[i].address;
    header.msg_namelen = sizeof peers_[i].address;
    header.msg_iov = &places_[i];
    header.msg_iovlen = 1;
    if (!any_address_) continue;
    header.msg_control = peers_[i].control.data();
    header.msg_controllen = UdpPeer::kControlRoom;
  }
  const int received =
      recvmmsg(socket_.native_handle(), headers_.data(), kBatch, MSG_DONTWAIT, nullptr);
  return received > 0 ? static_cast<size_t>(received) : 0;
}

// One datagram: a message, a piece of one, or neither.
void UdpListener::Take(size_t i) {
  msghdr& header = headers_[i].msg_hdr;
  peers_[i].address_octets = header.msg_namelen;
  peers_[i].control_octets = header.msg_controllen;
  peers_[i].source = AddressOf(reinterpret_cast<const sockaddr&>(peers_[i].address));
  if (any_address_) AnswerFromWhereItCame(header);
  const std::string_view octets(rooms_.data() + i * kDatagramRoom, headers_[i].msg_len);
  const auto verdict = loop_->limiter.OnQuestion(peers_[i].source, octets.size(), received_micros_);
  if (verdict == SourceLimiter::Verdict::kDrop) return;
  if (octets.size() < kEnvelopeOctets) return;  // Nothing of it can be answered.
  const Envelope envelope = DecodeEnvelope(octets);
  if (verdict == SourceLimiter::Verdict::kBusy) {
    return Refuse(i, envelope, ResponseCode::kServerTooBusy);
  }
  const std::string_view piece = octets.substr(kEnvelopeOctets);
  if (envelope.message_octets > kMessageOctetsMax) {
    return Refuse(i, envelope, ResponseCode::kError);
  }
  if (envelope.truncated) {
    auto whole = loop_->reassembly.Add(peers_[i].source, envelope, piece, received_micros_);
    if (!whole) return;
    joined_.push_back(*std::move(whole));
    return AddItem(i, envelope, joined_.back());
  }
  if (piece.size() < envelope.message_octets || (header.msg_flags & MSG_TRUNC) != 0) {
    return Refuse(i, envelope, ResponseCode::kProtocolError);
  }
  AddItem(i, envelope, piece.substr(0, envelope.message_octets));
}

void UdpListener::AddItem(size_t peer, const Envelope& envelope, std::string_view message) {
  BatchItem& item = items_[item_count_];
  item.envelope = envelope;
  item.message = message;
  item.traffic_class = loop_->ClassOf(peers_[peer].source);
  item.over_limit = false;
  peer_of_item_[item_count_++] = peer;
}

void UdpListener::Refuse(size_t peer, const Envelope& envelope, ResponseCode code) {
  const size_t begin = loop_->out.size();
  loop_->resolutions.Refuse(envelope, code, now_seconds_, loop_->out);
  answers_.push_back({&peers_[peer], begin, loop_->out.size(), nullptr});
}

void UdpListener::AddAnswer(size_t i) {
  const BatchItem& item = items_[i];
  answers_.push_back(
      {&peers_[peer_of_item_[i]], item.begin, item.end, item.is_resolution ? &item.note : nullptr});
}

// The item leaves this loop, to come back with its answer.
void UdpListener::HandOver(size_t i) {
  BatchItem& item = items_[i];
  const bool to_disk = item.fate == BatchItem::Fate::kDisk;
  bool taken =
      loop_->waiting < limits::kHandleWaitingDatagramsMax && loop_->HasRoomFor(item.message.size());
  if (taken) {
    const auto waiting = std::make_shared<Waiting>(
        Waiting{peers_[peer_of_item_[i]], item.envelope, std::string(item.message),
                item.traffic_class, item.hash, item.stamp, received_micros_, item.message.size()});
    ++loop_->waiting;
    loop_->asked_octets += waiting->octets;
    if (to_disk) {
      taken = AskDisk(waiting, Resolutions::HandleOf(item));
    } else {
      AskDispatcher(waiting);
    }
  }
  if (taken) return;
  loop_->resolutions.RefuseForLoad(item, loop_->out);
  AddAnswer(i);
}

void UdpListener::Forget(const Waiting& waiting) {
  --loop_->waiting;
  loop_->asked_octets -= waiting.octets;
}

bool UdpListener::AskDisk(const std::shared_ptr<Waiting>& waiting, std::string_view handle) {
  const bool posted = loop_->work.Post([weak = weak_from_this(), &io = loop_->io,
                                        &resolver = loop_->shared->services.resolver, waiting,
                                        handle = std::string(handle)] {
    auto fetched = Resolutions::Fetch(resolver, handle);
    asio::post(io, [weak, waiting, fetched = std::move(fetched)] {
      if (const auto self = weak.lock()) self->OnFetched(*waiting, fetched);
    });
  });
  if (!posted) Forget(*waiting);
  return posted;
}

void UdpListener::AskDispatcher(const std::shared_ptr<Waiting>& waiting) {
  Question question;
  question.transport = Transport::kUdp;
  question.source = waiting->peer.source;
  question.traffic_class = waiting->traffic_class;
  question.envelope = waiting->envelope;
  question.message = std::move(waiting->message);
  question.received_micros = waiting->received_micros;
  loop_->shared->services.dispatcher.Answer(
      std::move(question), [weak = weak_from_this(), &io = loop_->io, waiting](Reply reply) {
        asio::post(io, [weak, waiting, reply = std::move(reply)] {
          if (const auto self = weak.lock()) self->OnReply(*waiting, reply);
        });
      });
}

void UdpListener::OnFetched(Waiting& waiting, const Resolutions::Fetched& fetched) {
  BatchItem item;
  item.envelope = waiting.envelope;
  item.message = waiting.message;
  item.traffic_class = waiting.traffic_class;
  item.hash = waiting.hash;
  item.stamp = waiting.stamp;
  loop_->out.clear();
  answers_.clear();
  loop_->resolutions.Finish(item, fetched, Transport::kUdp, Now().seconds(), loop_->out);
  if (item.fate == BatchItem::Fate::kDispatch) {
    return AskDispatcher(std::make_shared<Waiting>(std::move(waiting)));
  }
  Forget(waiting);
  if (!socket_.is_open()) return;
  answers_.push_back(
      {&waiting.peer, item.begin, item.end, item.is_resolution ? &item.note : nullptr});
  SendAnswers(waiting.received_micros);
}

void UdpListener::OnReply(const Waiting& waiting, const Reply& reply) {
  Forget(waiting);
  if (!socket_.is_open()) return;
  loop_->out.clear();
  answers_.clear();
  for (const std::string& message : reply.messages) {
    const bool last = &message == &reply.messages.back();
    const size_t begin = loop_->out.size();
    loop_->out += message;
    answers_.push_back(
        {&waiting.peer, begin, loop_->out.size(), last && reply.note ? &*reply.note : nullptr});
  }
  SendAnswers(waiting.received_micros);
}

}  // namespace idnode
