#pragma once

#include <string>
#include <string_view>

#include "node/security/networks.h"
#include "storage/figure.h"

namespace idnode {

// What a request over HTTP or gRPC says of itself; empty where it says nothing.
struct TrafficSigns {
  std::string_view said;         // X-Idnode-Traffic: load-test or page-beacon.
  std::string_view destination;  // Sec-Fetch-Dest, as browsers say.
  std::string_view purpose;      // Sec-Purpose.
  std::string_view query;        // Of the target, as sent.
};

// Of which class a resolution is, by who asks: the one rule of all fronts (docs/counting.md). What
// is asked comes before it: heartbeats and delegations are the resolver's.
struct TrafficRules {
  Networks internal = {}, probe = {}, load_test = {};
  std::string beacon_parameter = {};  // A query that has it is a page's; empty: there is none.

  // By the address alone, where there is nothing else: over the Handle protocol.
  TrafficClass ClassOf(const Address& address) const;
  // `by_address`: what the address alone says. Only this machine is believed to be a load test;
  // whoever says that a page asked gives up being counted, and is believed.
  TrafficClass ClassOf(TrafficClass by_address, bool is_loopback, const TrafficSigns& signs) const;
};

}  // namespace idnode
