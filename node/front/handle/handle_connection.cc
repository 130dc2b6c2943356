#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "node/front/handle/tcp_connection.h"

namespace idnode {
namespace {

namespace asio = boost::asio;

// How long an ended connection is read on, so that the last answer is not lost in a reset.
constexpr uint32_t kLingerSeconds = 2;
// A connection that has nothing under way keeps no more than this for the next time.
constexpr size_t kKeptOctets = 4u << 10;

void Release(std::string& buffer) {
  buffer.clear();
  if (buffer.capacity() > kKeptOctets) std::string().swap(buffer);
}

}  // namespace

HandleConnection::HandleConnection(std::shared_ptr<HandleLoop> loop, Transport transport,
                                   const Address& source)
    : loop_(std::move(loop)),
      transport_(transport),
      source_(source),
      session_(*this, loop_->resolutions, loop_->batch, loop_->limiter, transport, source,
               loop_->ClassOf(source)) {}

void HandleConnection::Open() {
  place_ = loop_->connections.size();
  loop_->connections.push_back(shared_from_this());
  ++loop_->open;
  opened_ = true;
  Begin();
}

void HandleConnection::Close() {
  if (std::exchange(closed_, true)) return;
  CloseSocket();
  if (!opened_) return;
  auto& all = loop_->connections;
  const auto self = all[place_];  // Alive to the end of this.
  all.back()->place_ = place_;
  all[place_] = all.back();
  all.pop_back();
  loop_->held_octets -= std::exchange(held_, 0);
  loop_->Leaves(source_);
  --loop_->open;
}

void HandleConnection::OnBegun() {
  begun_ = true;
  message_waited_ = 0;
  Advance({});
}

void HandleConnection::OnRead(std::string_view octets) {
  reading_ = false;
  if (closed_) return;
  if (!lingering_) return Advance(octets);
  reading_ = true;
  StartReading();
}

void HandleConnection::OnReadKept(std::string_view octets) {
  const bool joins = !closed_ && !lingering_ && !writing_ && in_.empty() && session_.idle();
  if (!joins) return OnRead(octets);
  reading_ = false;
  in_turn_ = true;
  loop_->ready.Add(shared_from_this(), octets);
}

size_t HandleConnection::JoinBatch(std::string_view octets, uint64_t now_micros,
                                   FrameBatch& batch) {
  return closed_ ? 0 : session_.JoinBatch(octets, now_micros, batch);
}

void HandleConnection::TakeAnswers(std::span<BatchItem> items, std::string_view answers,
                                   uint64_t now_micros) {
  if (closed_ || items.empty()) return;
  std::string waited;  // Not the loop's buffer, which the answers of others stand in.
  const bool all = session_.Settle(items, answers, now_micros, waited);
  CountMessages(now_micros);
  Deliver(all ? answers.substr(items.front().begin, items.back().end - items.front().begin)
              : waited);
}

void HandleConnection::GoOn(std::string_view rest) {
  in_turn_ = false;
  Advance(rest);
}

void HandleConnection::OnReadEnd() {
  reading_ = false;
  if (closed_) return;
  if (lingering_) return Close();
  peer_ended_ = true;
  Advance({});
}

// Everything that can be done now. `fresh` follows what is kept in in_.
void HandleConnection::Advance(std::string_view fresh) {
  if (closed_) return;
  if (in_begin_ < in_.size()) {
    in_.append(fresh);
    fresh = {};
  }
  const bool kept = in_begin_ < in_.size();
  std::string_view rest = kept ? std::string_view(in_).substr(in_begin_) : fresh;
  if (!rest.empty() || peer_ended_) ServeAll(rest);
  if (closed_) return;
  if (rest.empty()) {
    Release(in_);
    in_begin_ = 0;
  } else if (kept) {
    in_begin_ = in_.size() - rest.size();
    if (in_begin_ > in_.size() / 2) in_.erase(0, std::exchange(in_begin_, 0));
  } else {
    in_.assign(rest);
    in_begin_ = 0;
  }
  Continue();
  Account();
}

// Tells the loop what is kept here now. Last, since it may close this connection.
void HandleConnection::Account() {
  if (closed_) return;
  const size_t held =
      HeapOctets(in_) + HeapOctets(out_) + HeapOctets(next_) + session_.held_octets();
  if (held == held_) return;
  loop_->held_octets -= std::exchange(held_, held);
  loop_->held_octets += held;
  loop_->MakeRoom();
}

// Serves until more input, an answer or the kernel is needed.
void HandleConnection::ServeAll(std::string_view& rest) {
  const uint64_t now_micros = MonotonicMicros();
  const uint32_t now_seconds = Now().seconds();
  for (bool more = true; more && !closed_;) {
    std::string& out = Output();
    const size_t taken = session_.Serve(rest, now_micros, now_seconds, out);
    rest.remove_prefix(taken);
    const bool complete =
        peer_ended_ && session_.takes_more() && out.size() < FrameSession::kOutputOctetsMax;
    if (complete) {
      session_.End(rest, now_seconds, out);
      rest = {};
    }
    CountMessages(now_micros);
    Deliver(out);
    more = taken > 0 && !writing_;
  }
}

// Before the answers leave, so that whoever has one finds its question counted, and may ask over
// UDP from the address that it has proven.
void HandleConnection::CountMessages(uint64_t now_micros) {
  const uint64_t messages = session_.messages();
  if (messages == counted_messages_) return;
  loop_->shared->proven->Prove(source_, now_micros);
  loop_->messages.fetch_add(messages - counted_messages_, std::memory_order_relaxed);
  counted_messages_ = messages;
  loop_->PublishCounts();
}

// Where answers are put: the loop's buffer, unless others wait to be sent.
std::string& HandleConnection::Output() {
  if (writing_) return next_;
  loop_->out.clear();
  return loop_->out;
}

void HandleConnection::Deliver(std::string_view out) {
  if (writing_ || out.empty()) return;
  const size_t taken = WriteNow(out);
  if (closed_) return;
  if (taken == out.size()) {
    session_.HandedOver(session_.notes(), MonotonicMicros(), loop_->tally);
    return;
  }
  out_.assign(out.substr(taken));
  WriteOut();
}

void HandleConnection::WriteOut() {
  writing_ = true;
  written_ = 0;
  write_waited_ = 0;
  notes_written_ = session_.notes();
  StartWriting(out_);
}

void HandleConnection::OnWritten(size_t octets) {
  if (closed_) return;
  written_ += octets;
  write_waited_ = 0;
  if (written_ < out_.size()) return StartWriting(std::string_view(out_).substr(written_));
  session_.HandedOver(notes_written_, MonotonicMicros(), loop_->tally);
  out_.clear();
  writing_ = false;
  if (!next_.empty()) {
    out_.swap(next_);
    WriteOut();
  } else {
    Release(out_);
    Release(next_);
  }
  Advance({});
}

void HandleConnection::Continue() {
  if (!writing_) session_.GoOn();
  if (session_.closing() || (winding_ && !session_.waiting())) {
    if (!writing_) Linger();
    return;
  }
  const bool takes_more = session_.takes_more() && !winding_ && !peer_ended_ &&
                          next_.size() < FrameSession::kOutputOctetsMax;
  if (takes_more && !reading_) {
    reading_ = true;
    StartReading();
  }
}

// The last answer is out. Closing now could take it back: octets that the peer still sends would be
// answered by a reset.
void HandleConnection::Linger() {
  if (std::exchange(lingering_, true)) return;
  ShutDownSending();
  if (peer_ended_) return Close();
  if (!reading_) {
    reading_ = true;
    StartReading();
  }
}

bool HandleConnection::IsMidMessage() const { return in_begin_ < in_.size() || session_.joining(); }

void HandleConnection::Tick() {
  if (closed_) return;
  const auto self = shared_from_this();
  const HandleOptions& options = loop_->shared->options;
  if (!begun_) {
    if (++message_waited_ > options.message_seconds) Close();
    return;
  }
  if (lingering_) {
    if (++linger_waited_ > kLingerSeconds) Close();
    return;
  }
  if (writing_ && ++write_waited_ > options.write_seconds) return Close();
  const bool went_on = std::exchange(messages_before_, session_.messages()) != session_.messages();
  const bool for_the_peer = reading_ && !session_.waiting() && !writing_;
  if (went_on || !for_the_peer) {
    idle_waited_ = message_waited_ = 0;
    return;
  }
  if (!IsMidMessage()) {
    message_waited_ = 0;
    if (++idle_waited_ > options.idle_seconds) Close();
  } else if (++message_waited_ > options.message_seconds) {
    peer_ended_ = true;  // For us it has: what came is no message.
    Advance({});
  }
}

void HandleConnection::Wind() {
  if (closed_) return;
  const auto self = shared_from_this();
  winding_ = true;
  if (!lingering_ && !writing_ && !in_turn_ && !session_.waiting()) Close();
}

bool HandleConnection::HasRoomFor(size_t octets) const { return loop_->HasRoomFor(octets); }

// Threads that do not own this connection never hold a share of it.
bool HandleConnection::AskDisk(uint64_t number, std::string_view handle) {
  return loop_->work.Post([weak = weak_from_this(), &io = loop_->io,
                           &resolver = loop_->shared->services.resolver, number,
                           handle = std::string(handle)] {
    auto fetched = Resolutions::Fetch(resolver, handle);
    asio::post(io, [weak, number, fetched = std::move(fetched)] {
      const auto self = weak.lock();
      if (self == nullptr || self->closed_) return;
      std::string& out = self->Output();
      self->session_.OnFetched(number, fetched, Now().seconds(), out);
      self->Deliver(out);
      self->Advance({});
    });
  });
}

std::function<void(Reply)> HandleConnection::Taker(uint64_t number, size_t question_octets) {
  loop_->asked_octets += question_octets;
  return [weak = weak_from_this(), weak_loop = std::weak_ptr(loop_), &io = loop_->io, number,
          question_octets](Reply reply) {
    asio::post(io, [weak, weak_loop, number, question_octets, reply = std::move(reply)] {
      if (const auto loop = weak_loop.lock()) loop->asked_octets -= question_octets;
      const auto self = weak.lock();
      if (self == nullptr || self->closed_) return;
      std::string& out = self->Output();
      self->session_.OnReply(number, reply, out);
      self->Deliver(out);
      self->Advance({});
    });
  };
}

void HandleConnection::AskDispatcher(uint64_t number, Question question) {
  const auto taker = Taker(number, question.message.size());
  loop_->shared->services.dispatcher.Answer(std::move(question), taker);
}

void HandleConnection::AskFurther(uint64_t number, const FrameSession::Rest& rest) {
  rest(Taker(number, 0));
}

}  // namespace idnode
