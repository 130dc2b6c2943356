#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "node/security/networks.h"

namespace idnode {

// Where this node answers, as clients of the Handle protocol are told
// (spec/handle-protocol.md 2.6). A record names one address; a node with two has two records, alike
// but for the address.
struct SiteDescription {
  Address address{};  // All zero: `domain` is looked up.
  std::string domain;
  std::string description;
  uint16_t serial = 1;  // One more whenever anything here changes.
  bool primary = true;
  std::string public_key;  // PublicKeyOctets of the node's RSA key.
  // 0: not served. Each is offered for queries and administration.
  uint32_t tcp_port = 0, udp_port = 0, http_port = 0, https_port = 0;
};

// The records that are told, of either family; empty: there is none. Known once the node listens.
struct SiteRecords {
  std::string ipv4, ipv6;
};

// The octets of the value.
std::string SiteRecord(const SiteDescription& description);
// The type it goes under: "HS_SITE", of an IPv6 address "HS_SITE.6".
std::string_view SiteType(const SiteDescription& description);

}  // namespace idnode
