#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "node/security/authenticator.h"
#include "node/security/networks.h"
#include "node/service/figures.h"
#include "node/service/health.h"
#include "node/service/listing.h"
#include "node/service/registrar.h"
#include "node/service/resolver.h"
#include "node/stats/resolution_counts.h"
#include "proto/base/result.h"

namespace idnode {

class EventLoops;
class WorkPool;

struct HttpOptions {
  std::string listen;  // "127.0.0.1:8080", "[::1]:8080"; port 0: any free one.
  size_t connections_max = 16'384;
  uint32_t idle_seconds = 60;
  uint32_t header_seconds = 10;                 // Time for a whole request head.
  uint32_t body_octets_per_second_min = 1'024;  // After five seconds' grace.
};

// What the HTTP front serves; everything is used by reference and outlives it.
struct HttpServices {
  const Resolver& resolver;
  Registrar& registrar;
  const Listing& listing;
  const Figures& figures;
  const Health& health;
  const Authenticator& authenticator;
  ResolutionCounts& counts;
  Networks internal_networks;
  Networks probe_networks;
  std::function<std::string()> metrics;  // The exposition without the front's own families.
};

// Handle JSON REST, the batch interface, listing, figures, health. One acceptor with SO_REUSEPORT
// per event loop; a connection stays on its loop. What may read the disk runs on the work pool.
class HttpFront {
 public:
  // kInUse: the address is taken. kMalformed: no address.
  static Result<std::unique_ptr<HttpFront>> Open(EventLoops& loops, WorkPool& work,
                                                 const HttpOptions& options,
                                                 const HttpServices& services);
  virtual ~HttpFront() = default;
  virtual uint16_t port() const = 0;
  // Accepts no more, lets running requests finish within `seconds`, then closes.
  virtual void Stop(uint32_t seconds) = 0;
  struct Counts {
    uint64_t connections = 0;  // Open now.
    uint64_t requests = 0;     // Since the start.
  };
  virtual Counts counts() const = 0;
};

}  // namespace idnode
