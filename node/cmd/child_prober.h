#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "node/runtime/log.h"
#include "node/service/takeover_watch.h"
#include "proto/base/time.h"
#include "storage/children.h"
#include "storage/engine/engine.h"

namespace idnode {

struct ProbeSettings {
  uint64_t every_ms = 60'000;
  uint64_t silence_ms = 45'000;      // Without a word for so long it does not register.
  std::vector<std::string> sources;  // Addresses of this machine; empty: as the system chooses.
  uint32_t udp_millis = 1'000, tcp_millis = 3'000;
};

// Asks each node below, at the sites of its table 2, over UDP and over TCP and from each source,
// for its own prefix; whether it registers, its stream says. A thread of its own.
class ChildProber {
 public:
  // When a node was last heard; nothing since the start: 0.
  using LastSeen = std::function<Time(const std::string& node_id)>;
  ChildProber(const Rows& rows, TakeoverWatch& watch, ProbeSettings settings, LastSeen last_seen,
              Log& log);
  ChildProber(const ChildProber&) = delete;
  ~ChildProber();

 private:
  void Run();
  void ProbeAll();
  void Probe(const Child& child);
  TakeoverWatch::Round ProbeSites(const Child& child) const;
  bool stopping();

  const Rows& rows_;
  TakeoverWatch& watch_;
  const ProbeSettings settings_;
  const LastSeen last_seen_;
  Log& log_;
  const Time started_;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace idnode
