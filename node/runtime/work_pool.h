#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace idnode {

// Threads for what may wait for the disk. Bounded: a full queue refuses.
class WorkPool {
 public:
  WorkPool(size_t threads, size_t queue_max);
  ~WorkPool();  // Runs what was queued, then joins.

  // False: the queue is full or the pool is stopping; `work` will not run.
  bool Post(std::function<void()> work);
  void Stop();
  size_t queued() const;

 private:
  void Run();

  const size_t queue_max_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace idnode
