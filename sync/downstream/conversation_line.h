#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace idnode {

class Conversation;

// Where conversations that have something to do wait for the one thread that does it. A
// conversation stands in line at most once (it sees to that itself), so that the line is bounded.
// The passing of time is counted in ticks by a thread that sleeps: no clock is read. Threads: Wake,
// Stop from any; Next from one. After Stop() a conversation that is woken is ignored: the ledger
// may answer long after.
class ConversationLine {
 public:
  static constexpr uint32_t kTickMs = 100;

  ConversationLine() : ticker_([this] { Tick(); }) {}
  ConversationLine(const ConversationLine&) = delete;
  ~ConversationLine() {
    Stop();
    ticker_.join();
  }

  struct News {
    bool stop = false;
    uint32_t ticks = 0;                               // Since the last Next().
    std::deque<std::shared_ptr<Conversation>> woken;  // In the order in which they woke.
  };
  // Until there is something to do.
  News Next() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] { return !line_.empty() || ticks_ > 0 || stop_; });
    return {stop_, std::exchange(ticks_, 0), std::exchange(line_, {})};
  }
  void Wake(std::shared_ptr<Conversation> conversation) {
    std::scoped_lock lock(mutex_);
    if (stop_) return;
    line_.push_back(std::move(conversation));
    wake_.notify_one();
  }
  void Stop() {
    std::scoped_lock lock(mutex_);
    stop_ = true;
    wake_.notify_all();
    stopped_.notify_all();
  }

 private:
  void Tick() {
    std::unique_lock lock(mutex_);
    while (!stopped_.wait_for(lock, std::chrono::milliseconds(kTickMs), [&] { return stop_; })) {
      ++ticks_;
      wake_.notify_one();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_, stopped_;
  std::deque<std::shared_ptr<Conversation>> line_;
  uint32_t ticks_ = 0;
  bool stop_ = false;
  std::thread ticker_;
};

}  // namespace idnode
