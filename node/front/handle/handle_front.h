#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "node/security/source_limiter.h"
#include "node/security/traffic_rules.h"
#include "node/service/answer_cache.h"
#include "node/service/handle_exchange.h"
#include "node/service/resolver.h"
#include "node/stats/resolution_counts.h"
#include "proto/base/result.h"
#include "proto/handle/limits.h"

namespace idnode {

class EventLoops;
class WorkPool;

struct HandleOptions {
  std::vector<std::string> udp_listen;  // "127.0.0.1:2641", "[::1]:2641"; port 0: any free one.
  std::vector<std::string> tcp_listen;
  std::vector<std::string> tls_listen;  // Empty: no TLS. Needs the two files.
  std::string tls_certificate_file, tls_key_file;
  size_t connections_max = limits::kHandleConnectionsMax;
  uint32_t idle_seconds = limits::kHandleIdleSeconds;
  uint32_t message_seconds = limits::kHandleMessageSeconds;
  uint32_t write_seconds = limits::kHandleWriteSeconds;
  size_t udp_fragments_max = limits::kHandleUdpFragmentsMax;  // The rest is left to TCP (3.6).
  // What one source may ask of a loop, over any transport, and be sent over UDP.
  SourceLimiter::Rules limits;
  uint32_t proven_seconds = 300;       // Since a message over TCP.
  uint64_t limits_salt = 0;            // Random.
  size_t connections_per_network = 0;  // Of all loops; 0: no limit of their own.
  // Of all loops: what connections keep, parts of messages and answers that nobody has read yet.
  // Beyond it those are closed that hold most.
  size_t held_octets_max = limits::kHandleHeldOctetsMax;
  // Of all loops: questions that wait for the disk or the dispatcher. Beyond it: "too busy".
  size_t asked_octets_max = limits::kHandleAskedOctetsMax;
};

struct HandleServices {
  const Resolver& resolver;
  Dispatcher& dispatcher;
  ResolutionCounts& counts;
  const class AnswerStamps& stamps;
  size_t cache_octets = 0;  // Of all loops together; 0: none.
  uint16_t site_serial = 1;
  bool primary = true;
  TrafficRules traffic = {};
};

// The Handle protocol over UDP, TCP and TLS (spec/handle-protocol.md 3.6, 3.7). Each event loop has
// its own sockets (SO_REUSEPORT), buffers, answer cache and counters; nothing is written by two.
class HandleFront {
 public:
  // kInUse: an address is taken. kMalformed: no address. kIo: a certificate cannot be read.
  static Result<std::unique_ptr<HandleFront>> Open(EventLoops& loops, WorkPool& work,
                                                   const HandleOptions& options,
                                                   const HandleServices& services);
  virtual ~HandleFront() = default;
  // In the order of the options.
  virtual std::vector<uint16_t> udp_ports() const = 0;
  virtual std::vector<uint16_t> tcp_ports() const = 0;
  virtual std::vector<uint16_t> tls_ports() const = 0;
  // Accepts no more, lets running requests finish within `seconds`, then closes.
  virtual void Stop(uint32_t seconds) = 0;
  struct Counts {
    uint64_t connections = 0;  // Open now.
    uint64_t datagrams = 0;    // Taken in, since the start.
    uint64_t messages = 0;     // Over TCP and TLS.
    uint64_t cache_hits = 0, cache_misses = 0;
    uint64_t reassemblies_dropped = 0;
    uint64_t held_octets = 0, asked_octets = 0;  // Now.
    uint64_t closed_for_room = 0;                // Connections, since the start.
    SourceLimiter::Counts limits;
  };
  virtual Counts counts() const = 0;
};

}  // namespace idnode
