#include "node/front/http/connection.h"

#include <boost/asio/post.hpp>

#include "node/runtime/clock.h"

namespace idnode {
namespace {

namespace asio = boost::asio;

// A body may start slowly.
constexpr uint32_t kBodyGraceSeconds = 5;
// How long an ended connection is read on, so that the last answer is not lost in a reset.
constexpr uint32_t kLingerSeconds = 2;
constexpr size_t kDiscardedOctets = 4'096;  // At a time.

}  // namespace

Connection::Connection(std::shared_ptr<Loop> loop, const Peer& peer)
    : loop_(std::move(loop)), session_(loop_->desk, loop_->heads, loop_->spare, peer) {
  place_ = loop_->connections.size();
  loop_->connections.push_back(this);
  ++loop_->open;
  if (loop_->stopping) session_.Wind();
}

Connection::~Connection() {
  loop_->connections[place_] = loop_->connections.back();
  loop_->connections[place_]->place_ = place_;
  loop_->connections.pop_back();
  --loop_->open;
}

void Connection::Close() {
  if (std::exchange(closed_, true)) return;
  CloseSocket();
}

void Connection::OnBegun() {
  begun_ = true;
  StartWaiting();
  Advance();
}

// Everything that can be done now: serve, send, start jobs, read on.
void Connection::Advance() {
  if (closed_ || advancing_) return;
  advancing_ = true;
  bool more = true;
  while (more && !closed_) {
    session_.Serve();
    RunJobs();
    const uint64_t served = session_.requests();
    // Of one writer: an ordinary add.
    loop_->requests.store(
        loop_->requests.load(std::memory_order_relaxed) + served - counted_requests_,
        std::memory_order_relaxed);
    counted_requests_ = served;
    // Once all is sent, requests that waited for room are served.
    more = session_.has_output() && !writing_ && WriteOutput();
  }
  advancing_ = false;
  if (closed_) return;
  if (session_.closing()) {
    if (!writing_ && !session_.has_output()) Linger();
  } else if (session_.wants_input() && !reading_) {
    if (!peer_ended_) return Read();
    if (!writing_) Close();
  }
}

// True: all is sent.
bool Connection::WriteOutput() {
  session_.TakeOutput(output_);
  // Mostly the kernel takes it all at once: no turn through the loop.
  written_ = WriteNow(output_);
  if (closed_) return false;
  if (written_ == output_.size()) {
    session_.OutputWritten(MonotonicMicros(), loop_->tally);
    return true;
  }
  writing_ = true;
  write_waited_ = 0;
  StartWriting(std::string_view(output_).substr(written_));
  return false;
}

void Connection::OnWrote(size_t octets) {
  if (closed_) return;
  written_ += octets;
  write_waited_ = 0;
  if (written_ < output_.size()) return StartWriting(std::string_view(output_).substr(written_));
  OnWritten();
}

void Connection::OnWritten() {
  writing_ = false;
  session_.OutputWritten(MonotonicMicros(), loop_->tally);
  if (output_.capacity() > (64u << 10)) std::string().swap(output_);
  Advance();
}

// Threads that do not own this connection never hold a share of it: the last one to be dropped runs
// the destructor, which is the loop's. The one share travels from here back to the loop.
void Connection::RunJobs() {
  while (!job_running_) {
    Session::Job job = session_.TakeJob();
    if (!job) return;
    job_running_ = true;
    on_job_ = shared_from_this();
    const bool posted = loop_->work.Post([this, job = std::move(job)] {
      job([this](Session::Finish finish) {
        boost::asio::io_context& io = loop_->io;
        asio::post(io, [self = std::move(on_job_), finish = std::move(finish)] {
          self->job_running_ = false;
          finish();
          self->Advance();
        });
      });
    });
    if (posted) return;
    on_job_.reset();
    job_running_ = false;
    session_.JobRefused();
    session_.Serve();
  }
}

void Connection::Read() {
  const std::span<char> room = session_.Room();
  if (room.empty()) return;
  reading_ = true;
  StartReading(room);
}

void Connection::OnRead(size_t octets) {
  reading_ = false;
  if (closed_) return;
  if (lingering_) return Discard();
  session_.Received(octets, MonotonicMicros());
  Advance();
}

void Connection::OnReadEnd() {
  reading_ = false;
  if (closed_) return;
  peer_ended_ = true;
  if (lingering_) {
    if (shut_down_) Close();
    return;
  }
  Advance();
}

// The last answer is out. Closing now could take it back: octets that the peer still sends would
// be answered by a reset (RFC 9112 section 9.6).
void Connection::Linger() {
  if (std::exchange(lingering_, true)) return;
  StartWaiting();
  StartShuttingDown();
}

void Connection::OnShutDown() {
  shut_down_ = true;
  if (closed_) return;
  if (peer_ended_) return Close();
  Discard();
}

void Connection::Discard() {
  if (reading_ || !shut_down_) return;
  reading_ = true;
  output_.resize(kDiscardedOctets);
  StartReading(output_);
}

void Connection::Tick() {
  if (closed_) return;
  const auto self = shared_from_this();
  if (writing_ && ++write_waited_ > loop_->options.idle_seconds) return Close();
  const Session::Wait wait = session_.wait();
  const bool went_on = wait != last_wait_ || session_.requests() != last_requests_;
  if (went_on) StartWaiting();
  last_wait_ = wait;
  last_requests_ = session_.requests();
  ++waited_;
  if (lingering_) {
    if (waited_ > kLingerSeconds) Close();
    return;
  }
  // A handshake has the time of a request's head.
  if (!begun_) {
    if (waited_ > loop_->options.header_seconds) Close();
    return;
  }
  if (wait == Session::Wait::kIdle && !writing_ && waited_ > loop_->options.idle_seconds) {
    return Close();
  }
  if (!TooSlow()) return;
  session_.TimeOut();
  Advance();
}

void Connection::StartWaiting() {
  waited_ = 0;
  octets_before_ = session_.body_octets();
}

bool Connection::TooSlow() {
  if (last_wait_ == Session::Wait::kHead) return waited_ > loop_->options.header_seconds;
  if (last_wait_ != Session::Wait::kBody || waited_ <= kBodyGraceSeconds) return false;
  const uint64_t rate = loop_->options.body_octets_per_second_min;
  const uint64_t octets = session_.body_octets() - octets_before_;
  if (octets < (waited_ - kBodyGraceSeconds) * rate) return true;
  // What came quickly earlier does not pay for a stall now.
  if (octets >= waited_ * rate) StartWaiting();
  return false;
}

void Connection::Wind() {
  const auto self = shared_from_this();
  session_.Wind();
  if (!begun_ || (session_.wait() == Session::Wait::kIdle && !writing_)) Close();
}

}  // namespace idnode
