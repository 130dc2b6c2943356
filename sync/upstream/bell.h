#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <utility>

namespace idnode {

// What wakes the one thread of a loop: somebody rang, some time has passed, or it is to stop. The
// passing of time is counted in ticks by a thread that sleeps, so that no clock is read and a clock
// that is set means nothing here.
// Threads: Ring and Stop from any; Wait and Sleep from one.
class Bell {
 public:
  explicit Bell(uint64_t tick_ms) : tick_(tick_ms), ticker_([this] { Tick(); }) {}
  Bell(const Bell&) = delete;
  ~Bell() {
    Stop();
    ticker_.join();
  }

  struct News {
    bool stop = false;
    uint32_t ticks = 0;  // Since the last Wait.
  };
  // Until there is something to look at.
  News Wait() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] { return rung_ || ticks_ > 0 || stop_; });
    rung_ = false;
    return {stop_, std::exchange(ticks_, 0)};
  }
  // Does nothing for so long, or until Stop(). False: stop.
  bool Sleep(uint64_t ms) {
    std::unique_lock lock(mutex_);
    return !stopped_.wait_for(lock, std::chrono::milliseconds(ms), [&] { return stop_; });
  }

  void Ring() {
    {
      std::scoped_lock lock(mutex_);
      if (std::exchange(rung_, true)) return;
    }
    wake_.notify_one();
  }
  void Stop() {
    {
      std::scoped_lock lock(mutex_);
      stop_ = true;
    }
    wake_.notify_one();
    stopped_.notify_all();
  }

 private:
  void Tick() {
    std::unique_lock lock(mutex_);
    while (!stopped_.wait_for(lock, tick_, [&] { return stop_; })) {
      ++ticks_;
      wake_.notify_one();
    }
  }

  const std::chrono::milliseconds tick_;
  std::mutex mutex_;
  std::condition_variable wake_, stopped_;
  bool rung_ = false, stop_ = false;
  uint32_t ticks_ = 0;
  std::thread ticker_;
};

}  // namespace idnode
