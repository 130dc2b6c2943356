#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "node/runtime/work_pool.h"
#include "node/security/caller.h"
#include "node/security/costly_work.h"
#include "node/security/networks.h"
#include "node/service/resolver.h"
#include "node/service/trace.h"
#include "proto/base/guarded.h"
#include "proto/base/limits.h"

namespace idnode {

// What one question to another node is charged with (node/security/costly_work.h): it is cheap for
// this node, but whoever asks makes it speak to others. 25 a second for a network, 200 at once.
inline constexpr uint32_t kTraceQuestionCost = 20;

// Traces for strangers: those that go on at other nodes wait on threads of their own, so many at a
// time, so that what needs the disk never waits for another node.
//
// Threads: any.
class Traces {
 public:
  struct Parts {
    const Resolver& resolver;
    CostlyWork& costly_work;
    OtherNodes* others = nullptr;  // Any thread's; null: nobody is asked.
    std::function<uint64_t()> monotonic_micros;
  };
  explicit Traces(Parts parts);

  // `done` is called once, on this thread or another. Call it where the disk may be waited for.
  // `source`: whose allowance pays for the questions.
  using Done = std::function<void(Result<Trace>)>;
  void Ask(const TraceQuestion& question, const Caller& caller, const Address& source, Done done);

 private:
  class Asking;

  // False: too many ask other nodes already.
  bool Begin(const Address& network);
  void End(const Address& network);

  const Parts parts_;
  Guarded<std::vector<Address>> elsewhere_;  // Whose traces ask other nodes now.
  WorkPool threads_;
};

}  // namespace idnode
