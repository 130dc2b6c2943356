#pragma once

#include <atomic>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "node/front/handle/proven_identity.h"
#include "node/security/networks.h"
#include "proto/base/guarded.h"
#include "proto/handle/identity.h"
#include "proto/handle/message.h"

namespace idnode {

// Says of each counter of a session's messages whether it was there before
// (spec/handle-protocol.md 5.7). Counters arrive in any order; what is as old as the oldest
// remembered counts as a replay. Clients begin with 1.
class CounterWindow {
 public:
  // True: this is the first time.
  bool Accept(uint32_t counter);

 private:
  static constexpr uint32_t kRemembered = 200;
  uint32_t highest_ = 0;
  std::bitset<kRemembered> seen_{1};  // Bit i: highest_ - i.
};

// A session (5.6, 5.7): a key that two sides agreed on, and who the other side says it is.
struct HandleSession {
  uint32_t id = 0;
  HandleVersion version;
  std::string key;                         // MAC: all of it; AES-128: the first 16 octets.
  std::optional<HandleIdentity> identity;  // As named at set-up.
  uint64_t idle_micros = 0;
  Address network{};

  struct Standing {
    CounterWindow counters;
    std::optional<ProvenIdentity> proven;  // `identity` has shown its key.
  };
  Guarded<Standing> standing;
  std::atomic<uint32_t> answers = 0;  // The counters of our own messages: clients take each once.
};

// The sessions of this node. Bounded: at a network's limit its oldest session goes, at the limit of
// all the one longest out of use; whoever asks in a session that is gone is answered 500 and sets
// up a new one. Numbers are random, positive and even; those of challenges are odd.
//
// Threads: any.
class Sessions {
 public:
  struct Limits {
    size_t count_max = limits::kHandleSessionsMax;
    size_t of_network_max = limits::kHandleSessionsOfNetworkMax;
    uint32_t idle_seconds_max = limits::kHandleSessionIdleSecondsMax;
  };
  using Random = std::function<std::string(size_t octets)>;
  Sessions(const Limits& limits, Random random) : limits_(limits), random_(std::move(random)) {}

  struct Terms {
    HandleVersion version;
    std::string key;
    std::optional<HandleIdentity> identity;
    uint32_t idle_seconds = 0;  // As asked for; held to the limit.
    Address source{};
  };
  std::shared_ptr<HandleSession> Open(Terms terms, uint64_t now_micros);

  // Null: there is none, or it was idle for too long. It is in use now.
  std::shared_ptr<HandleSession> Find(uint32_t id, uint64_t now_micros);
  void Close(uint32_t id);
  // Forgets those that were idle for too long.
  void Sweep(uint64_t now_micros);

  size_t count() const;

 private:
  using Order = std::list<uint32_t>;
  struct Entry {
    std::shared_ptr<HandleSession> session;
    uint64_t used_micros;
    Order::iterator by_use, of_network;
  };
  using Entries = std::unordered_map<uint32_t, Entry>;

  uint32_t FreeId();
  void Remove(Entries::iterator entry);

  const Limits limits_;
  const Random random_;
  mutable std::mutex mutex_;
  Entries entries_;
  Order by_use_;                         // The one longest out of use first.
  std::map<Address, Order> by_network_;  // The oldest first.
};

// A random positive number with this lowest bit.
uint32_t RandomSessionId(const Sessions::Random& random, uint32_t lowest_bit);

}  // namespace idnode
