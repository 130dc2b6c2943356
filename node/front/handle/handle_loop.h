#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "node/front/handle/frame_session.h"
#include "node/front/handle/handle_front.h"
#include "node/front/handle/resolutions.h"
#include "node/runtime/clock.h"
#include "node/runtime/work_pool.h"
#include "proto/handle/fragments.h"

namespace idnode {

class HandleConnection;
struct HandleLoop;

// What all loops read. It lives as long as any connection, since an answer may outlast the front.
struct HandleShared {
  HandleOptions options;
  HandleServices services;
  size_t cache_octets_per_loop = 0;
  size_t connections_per_loop_max = 0;
  std::vector<std::weak_ptr<HandleLoop>> loops;  // Complete before the first question.

  HandleFront::Counts counts() const;
  // Connections, and questions over UDP that wait for their answers.
  uint64_t under_way() const;
  // No loop touches a service any more.
  bool is_quiet() const;
};

// What the sockets of one event loop share. Touched by its thread only, but for the counters.
struct HandleLoop {
  HandleLoop(boost::asio::io_context& io, WorkPool& work,
             std::shared_ptr<const HandleShared> front);

  TrafficClass ClassOf(const Address& source) const;
  // Hands the cache's counters to those who ask from other threads.
  void PublishCounts();

  boost::asio::io_context& io;
  WorkPool& work;
  const std::shared_ptr<const HandleShared> shared;
  AnswerCache cache;
  Resolutions resolutions;
  FrameBatch batch;
  Reassembly reassembly;
  ResolutionCounts::Tally& tally;
  // Used by one socket after the other: what was read, what will be written.
  std::vector<char> in;
  std::string out;
  std::vector<std::shared_ptr<HandleConnection>> connections;
  bool stopping = false;
  std::atomic<bool> serving{false};

  std::atomic<uint64_t> open{0}, datagrams{0}, messages{0}, waiting{0};
  std::atomic<uint64_t> cache_hits{0}, cache_misses{0}, reassemblies_dropped{0};
};

}  // namespace idnode
