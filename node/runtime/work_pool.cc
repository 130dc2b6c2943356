#include "node/runtime/work_pool.h"

#include <algorithm>
#include <utility>

namespace idnode {

WorkPool::WorkPool(size_t threads, size_t queue_max) : queue_max_(queue_max) {
  threads_.reserve(threads);
  for (size_t i = 0; i < std::max<size_t>(threads, 1); ++i) {
    threads_.emplace_back([this] { Run(); });
  }
}

WorkPool::~WorkPool() {
  Stop();
  for (std::thread& thread : threads_) thread.join();
}

bool WorkPool::Post(std::function<void()> work) {
  // Under the lock to the end: the work may be what somebody waits for who then destroys the pool.
  std::scoped_lock lock(mutex_);
  if (stopping_ || queue_.size() >= queue_max_) return false;
  queue_.push_back(std::move(work));
  wake_.notify_one();
  return true;
}

void WorkPool::Stop() {
  {
    std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
}

size_t WorkPool::queued() const {
  std::scoped_lock lock(mutex_);
  return queue_.size();
}

void WorkPool::Run() {
  for (;;) {
    std::function<void()> work;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    work();
  }
}

}  // namespace idnode
