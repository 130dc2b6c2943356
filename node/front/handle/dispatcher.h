#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "node/front/handle/challenges.h"
#include "node/front/handle/sessions.h"
#include "node/security/costly_work.h"
#include "node/security/node_keys.h"
#include "node/security/site.h"
#include "node/service/handle_authenticator.h"
#include "node/service/handle_exchange.h"
#include "node/service/handle_operations.h"
#include "node/service/resolver.h"
#include "proto/base/snapshot.h"
#include "proto/base/time.h"

namespace idnode {

class WorkPool;

struct DispatcherOptions {
  uint16_t site_serial = 1;
  bool primary = true;
  Sessions::Limits sessions;
  Challenges::Limits challenges;
};

// Everything is used by reference, and outlives the dispatcher.
struct DispatcherServices {
  WorkPool& work;
  const Resolver& resolver;
  const HandleOperations& operations;
  const HandleAuthenticator& authenticator;
  const NodeKeys& keys;
  const Snapshot<SiteRecords>& site;
  CostlyWork& costly_work;
  std::function<Time()> now;
  std::function<uint64_t()> monotonic_micros;
  std::function<std::string(size_t octets)> random;
};

// The Handle protocol beyond plain resolution (spec/handle-protocol.md 4, 5, 8): certified answers,
// administration, challenges, sessions, Teleinfo's logins. Questions are answered on the work pool,
// writes when the ledger has decided them; a full pool answers "too busy". Its destructor waits for
// what is under way: the pool and the ledger must still be running.
std::unique_ptr<Dispatcher> MakeDispatcher(const DispatcherOptions& options,
                                           const DispatcherServices& services);

}  // namespace idnode
