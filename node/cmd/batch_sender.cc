#include "node/cmd/batch_sender.h"

#include <chrono>

#include "node/cmd/session.h"
#include "node/runtime/clock.h"

namespace idnode {
namespace {

constexpr auto kRetryPause = std::chrono::milliseconds(200);

}  // namespace

BatchSender::BatchSender(NodeClient& node, const Options& options, Answered answered)
    : node_(node),
      options_(options),
      answered_(std::move(answered)),
      last_answer_micros_(MonotonicMicros()),
      thread_([this] { Run(); }) {}

BatchSender::~BatchSender() {
  {
    std::scoped_lock lock(mutex_);
    closing_ = gave_up_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool BatchSender::Send(std::unique_ptr<v1::RegisterRequest> request) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return gave_up_ || outstanding_.size() < options_.in_flight_max; });
  if (gave_up_) return false;
  outstanding_.push_back(std::move(request));
  changed_.notify_all();
  return true;
}

bool BatchSender::Settle() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return gave_up_ || outstanding_.empty(); });
  return !gave_up_;
}

NodeReply<bool> BatchSender::Finish() {
  {
    std::scoped_lock lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  thread_.join();
  if (gave_up_) return problem_;
  return true;
}

bool BatchSender::MayRetry(const RemoteProblem& problem) const {
  switch (problem.code) {
    case Errc::kUnavailable:
    case Errc::kTimeout:
    case Errc::kBusy:
    case Errc::kNotLeader:
    case Errc::kUnknownOutcome:
    case Errc::kShuttingDown:
      return MonotonicMicros() - last_answer_micros_ < options_.patience_seconds * 1'000'000;
    default:
      return false;
  }
}

void BatchSender::Run() {
  while (!Converse()) {
    was_broken_ = true;
    std::unique_lock lock(mutex_);
    if (gave_up_) break;
    if (!MayRetry(problem_)) {
      gave_up_ = true;
      break;
    }
    changed_.wait_for(lock, kRetryPause, [&] { return gave_up_; });
  }
  changed_.notify_all();
}

// Writes what has not been written on this stream, while there is any; waits for more. False: the
// stream is broken, or this one is to end.
bool BatchSender::WriteOutstanding(NodeClient::RegisterStream& stream) {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] {
      return broken_ || gave_up_ || written_ < outstanding_.size() ||
             (closing_ && outstanding_.empty());
    });
    if (broken_ || gave_up_) return false;
    if (written_ >= outstanding_.size()) return true;  // Closing, and everything was answered.
    const v1::RegisterRequest& request = *outstanding_[written_++];
    lock.unlock();  // The reader pops a request only after its answer, so it stays where it is.
    const bool written = stream.Write(request);
    lock.lock();
    if (!written) return false;
  }
}

bool BatchSender::Converse() {
  const std::unique_ptr<NodeClient::RegisterStream> stream = node_.OpenRegisterStream();
  {
    std::scoped_lock lock(mutex_);
    written_ = 0;
    broken_ = false;
  }
  bool asked_to_retry = false;
  bool left_early = false;  // The reader heard enough while the node was still talking.
  std::thread reader([&] {
    v1::RegisterResponse response;
    while (stream->Read(response)) {
      std::unique_lock lock(mutex_);
      last_answer_micros_ = response.has_problem() ? last_answer_micros_ : MonotonicMicros();
      left_early = true;
      if (outstanding_.empty() || outstanding_.front()->id() != response.id()) break;
      if (response.has_problem()) {
        problem_ = ProblemOf(response.problem());
        asked_to_retry = true;
        break;
      }
      left_early = false;
      const std::unique_ptr<v1::RegisterRequest> request = std::move(outstanding_.front());
      outstanding_.pop_front();
      if (written_ > 0) --written_;
      lock.unlock();
      answered_(*request, response);
      changed_.notify_all();
    }
    std::scoped_lock lock(mutex_);
    broken_ = true;
    changed_.notify_all();
  });
  const bool complete = WriteOutstanding(*stream);
  // A stream that broke says itself why; cancelled, it would say that we did.
  const auto must_cancel = [&] {
    std::scoped_lock lock(mutex_);
    return left_early || gave_up_;
  };
  if (complete) {
    stream->WritesDone();
  } else if (must_cancel()) {
    stream->Cancel();
  }
  reader.join();
  if (left_early) stream->Cancel();
  const NodeReply<bool> end = stream->Finish();
  if (complete) return true;
  std::scoped_lock lock(mutex_);
  if (!asked_to_retry && !end) problem_ = end.problem();
  return false;
}

}  // namespace idnode
