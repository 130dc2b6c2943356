#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "node/front/handle/frame_session.h"

namespace idnode {

class HandleConnection;
struct HandleLoop;

// The connections that became readable in one turn of the loop. Their questions are served as one
// batch, so that what one needs is on its way from memory while another is decoded, and their
// answers leave one behind the other: a client that the first has woken finds the rest, where it
// had to be woken for each (a tenth of the time of questions that are asked one at a time).
//
// Threads: that of the loop.
class ReadyConnections {
 public:
  explicit ReadyConnections(HandleLoop& loop);
  ReadyConnections(const ReadyConnections&) = delete;

  // `octets` stay until the connection reads again. It is served when all that are readable now
  // were added.
  void Add(std::shared_ptr<HandleConnection> connection, std::string_view octets);

 private:
  struct Ready {
    std::shared_ptr<HandleConnection> connection;
    std::string_view octets;
  };
  // The part of a batch that one connection has.
  struct Share {
    Ready* ready;
    size_t first, count;
    size_t octets;
  };

  void ServeAll();
  size_t FillBatch(size_t next, uint64_t now_micros);
  void ServeBatch(uint64_t now_micros, uint32_t now_seconds);

  HandleLoop& loop_;
  std::vector<Ready> ready_, serving_;
  FrameBatch batch_;
  std::vector<Share> shares_;
};

}  // namespace idnode
