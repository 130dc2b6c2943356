#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/ident/identifier.h"

namespace idnode {

// Where the identifiers of a prefix are answered: what tables 2 and 7 of the node above say
// (spec/secondary-node.md 5.4).
struct RoutingSite {
  std::string_view type;  // "HS_SITE", "HS_SITE.6".
  std::string_view data;  // The value as it is served: clients need its keys.
};
struct Routing {
  IdentifierPrefix prefix;
  bool hosted = false;  // Where the node itself is (its table 2); else at `sites`.
  std::vector<RoutingSite> sites;
};

// What a site says of one of its servers, in the words of the tables.
struct RoutingServer {
  struct Interface {
    uint8_t protocol = 0;  // 0 UDP, 1 TCP, 2 HTTP, 3 HTTPS.
    uint32_t port = 0;

    friend bool operator==(const Interface&, const Interface&) = default;
  };
  bool ipv6 = false;
  std::string ip;
  std::vector<Interface> interfaces;  // Those that take queries.

  friend bool operator==(const RoutingServer&, const RoutingServer&) = default;
};

// Whether a value can stand in a routing: a site of a type and size that clients take, with a
// server that takes queries.
bool IsRoutingSite(std::string_view type, std::string_view data);
// Of a site for which that holds.
std::vector<RoutingServer> ServersOf(const RoutingSite& site);
// Of all sites, in their order: tcp://192.0.2.1:2641, https://[2001:db8::1]:443.
std::vector<std::string> AddressesOf(const Routing& routing);

// A routing is hosted and has no sites, or has some: kMalformed else, and for a prefix that is not
// canonical or a site that is none. Views point into `octets`. Octets: docs/formats/store.md.
Status CheckRouting(const Routing& routing);
std::string EncodeRouting(const Routing& routing);
Result<Routing> DecodeRouting(std::string_view octets);

}  // namespace idnode
