#include "node/runtime/event_loops.h"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>

namespace idnode {

EventLoops::EventLoops(size_t count) {
  count = std::max<size_t>(count, 1);
  loops_.reserve(count);
  // One thread runs each loop, but others post to it: the hint must not be "unsafe".
  for (size_t i = 0; i < count; ++i) loops_.push_back(std::make_unique<boost::asio::io_context>(1));
}

EventLoops::~EventLoops() { Stop(); }

void EventLoops::Start() {
  for (const auto& loop : loops_) {
    threads_.emplace_back([&io = *loop] {
      const auto guard = boost::asio::make_work_guard(io);
      io.run();
    });
  }
}

void EventLoops::Stop() {
  for (const auto& loop : loops_) loop->stop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace idnode
