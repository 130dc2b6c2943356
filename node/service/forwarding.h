#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/runtime/work_pool.h"
#include "node/security/costly_work.h"
#include "node/security/networks.h"
#include "node/service/child_routes.h"
#include "node/service/circuit_breaker.h"
#include "node/service/forwarded_cache.h"
#include "proto/base/guarded.h"
#include "proto/base/result.h"

namespace idnode {

// Nodes below, asked for an identifier that they serve.
class NodesBelow {
 public:
  virtual ~NodesBelow() = default;
  // Of the server at `address` (tcp://192.0.2.1:2641), and of those that it refers to. Blocks, at
  // most for `millis`. An error is one of the way there: kDenied: it may not be asked; kTimeout,
  // kUnavailable, kMalformed.
  virtual Result<ForwardedAnswer> Resolve(std::string_view text, const std::string& address,
                                          uint32_t millis) = 0;
};

// What is asked of nodes below in the place of whoever asks this one, where he wants that: he needs
// to reach this node only. Each question has its end in time; equal questions at one time are one;
// answers are kept as long as their values say; a server that does not answer is left in peace.
//
// Threads: any. Those that wait for other nodes are its own, so that nothing else waits for them.
class Forwarding {
 public:
  struct Limits {
    uint32_t millis = 2'000;  // Until whoever asks has his answer.
    uint32_t absent_seconds = 30;
    uint32_t values_seconds_max = 86'400;  // However long they say.
    size_t cache_octets = 16u << 20;
    size_t threads = 16, waiting_max = 256;
    // What a question costs whoever asks (node/security/costly_work.h): 50 a second for a network.
    uint32_t cost = 10;
    CircuitBreaker::Limits breaker;
  };
  struct Parts {
    const ChildRoutes& routes;
    CostlyWork& costly_work;
    NodesBelow& nodes;  // Any thread's.
    std::function<uint64_t()> monotonic_micros;
  };
  Forwarding(Parts parts, const Limits& limits);
  ~Forwarding() { threads_.Stop(); }

  // The answer of the node below that serves `text`, a Handle identifier. `source`: who pays. Where
  // the disk may be waited for.
  // kNotHomed: no node below serves it; kPrefixInactive: its prefix is suspended; kRateLimited;
  // kBusy: too many are asked for; kUnavailable: no server that can be asked now; kTimeout.
  using Answer = std::shared_ptr<const ForwardedAnswer>;
  using Done = std::function<void(Result<Answer>)>;
  void Resolve(std::string_view text, const Address& source, Done done);

 private:
  struct Question {
    std::string text, key;
    std::vector<std::string> servers;
    Position routing;
    uint64_t until_millis = 0;
  };
  struct State {
    ForwardedCache cache;
    CircuitBreaker breaker;
    std::map<std::string, std::vector<Done>, std::less<>> waiting;  // By key.
  };
  uint64_t NowMillis() const { return parts_.monotonic_micros() / 1'000; }
  Result<Question> QuestionFor(std::string_view text) const;
  void Ask(const Question& question);
  Result<ForwardedAnswer> AskServers(const Question& question);
  uint64_t HoldsUntil(const ForwardedAnswer& answer, uint64_t now_millis) const;
  void Finish(const std::string& key, const Result<Answer>& answer);

  const Parts parts_;
  const Limits limits_;
  Guarded<State> state_;
  WorkPool threads_;
};

}  // namespace idnode
