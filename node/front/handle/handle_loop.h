#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "node/front/handle/frame_session.h"
#include "node/front/handle/handle_front.h"
#include "node/front/handle/ready_connections.h"
#include "node/front/handle/resolutions.h"
#include "node/runtime/clock.h"
#include "node/runtime/work_pool.h"
#include "node/security/address_hash.h"
#include "node/security/proven_sources.h"
#include "node/security/source_limiter.h"
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
  size_t connections_per_network_max = 0;  // Of a loop; 0: no limit.
  size_t held_octets_per_loop_max = 0;
  size_t asked_octets_per_loop_max = 0;
  std::unique_ptr<ProvenSources> proven;
  std::vector<std::weak_ptr<HandleLoop>> loops;  // Complete before the first question.

  HandleFront::Counts counts() const;
  // Connections, and questions over UDP that wait for their answers.
  uint64_t under_way() const;
  // No loop touches a service any more.
  bool is_quiet() const;
};

// What the sockets of one event loop share. Touched by its thread only, but for the counters.
struct HandleLoop : std::enable_shared_from_this<HandleLoop> {
  HandleLoop(boost::asio::io_context& io, WorkPool& work,
             std::shared_ptr<const HandleShared> front);

  TrafficClass ClassOf(const Address& source) const;
  // Whether one more connection from there may be opened; it is counted then, until it leaves.
  bool Enters(const Address& source);
  void Leaves(const Address& source);
  // Whether one more question of so many octets may wait for its answer.
  bool HasRoomFor(size_t question_octets) const;
  // Where connections keep too much, closes those that keep most.
  void MakeRoom();
  // Hands the cache's counters to those who ask from other threads.
  void PublishCounts();

  boost::asio::io_context& io;
  WorkPool& work;
  const std::shared_ptr<const HandleShared> shared;
  AnswerCache cache;
  Resolutions resolutions;
  FrameBatch batch;
  ReadyConnections ready{*this};
  Reassembly reassembly;
  SourceLimiter limiter;
  ResolutionCounts::Tally& tally;
  // Used by one socket after the other: what was read, what will be written.
  std::vector<char> in;
  std::string out;
  std::vector<std::shared_ptr<HandleConnection>> connections;
  std::unordered_map<Address, size_t, AddressHash> connections_by_network;
  bool stopping = false;
  std::atomic<bool> serving{false};

  std::atomic<uint64_t> open{0}, datagrams{0}, messages{0}, waiting{0};
  std::atomic<uint64_t> cache_hits{0}, cache_misses{0}, reassemblies_dropped{0};
  std::atomic<uint64_t> held_octets{0};   // By connections.
  std::atomic<uint64_t> asked_octets{0};  // By questions that wait for their answers.
  std::atomic<uint64_t> closed_for_room{0};
  std::atomic<uint64_t> limited{0}, slipped{0}, left_to_tcp{0};
};

}  // namespace idnode
