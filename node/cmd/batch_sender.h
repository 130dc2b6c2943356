#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "node/client/node_client.h"

namespace idnode {

// Keeps a few batches under way to a node on one stream. When the stream breaks, or the node says
// it is busy, what was not answered is sent again with the same idempotency keys, so that nothing
// is registered twice and no outcome is guessed; it gives up after a time without any answer.
// Threads: Send and Finish from one; answers are handed out on a thread of its own.
class BatchSender {
 public:
  struct Options {
    size_t in_flight_max = 6;
    uint64_t patience_seconds = 60;
  };
  // `answered` gets the request and its final answer, in order.
  using Answered = std::function<void(const v1::RegisterRequest&, const v1::RegisterResponse&)>;

  BatchSender(NodeClient& node, const Options& options, Answered answered);
  ~BatchSender();

  // Waits while too many are under way. False: given up; Finish() says why.
  bool Send(std::unique_ptr<v1::RegisterRequest> request);
  // Waits until everything sent so far was answered. False: given up.
  bool Settle();
  // Whether a stream broke, and with it what a node remembers of a dry run. Threads: any.
  bool was_broken() const { return was_broken_; }
  // Waits for all answers; nothing may be sent any more.
  NodeReply<bool> Finish();

 private:
  void Run();
  // One life of a stream. True: everything was answered and no more will come.
  bool Converse();
  bool WriteOutstanding(NodeClient::RegisterStream& stream);
  bool MayRetry(const RemoteProblem& problem) const;

  NodeClient& node_;
  const Options options_;
  const Answered answered_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<v1::RegisterRequest>> outstanding_;
  size_t written_ = 0;  // Of outstanding_, on the present stream.
  bool closing_ = false, broken_ = false, gave_up_ = false;
  uint64_t last_answer_micros_;
  RemoteProblem problem_;
  std::atomic<bool> was_broken_{false};
  std::thread thread_;
};

}  // namespace idnode
