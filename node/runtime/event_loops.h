#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

namespace idnode {

// One event loop per core, each on its own thread. What belongs to a loop (sockets, connections,
// buffers, counters) is touched by its thread only.
class EventLoops {
 public:
  explicit EventLoops(size_t count);
  ~EventLoops();  // Stops and joins.

  size_t size() const { return loops_.size(); }
  boost::asio::io_context& io(size_t i) { return *loops_[i]; }

  void Start();
  // Lets handlers that are running finish, then returns from every loop.
  void Stop();

 private:
  std::vector<std::unique_ptr<boost::asio::io_context>> loops_;
  std::vector<std::thread> threads_;
};

}  // namespace idnode
