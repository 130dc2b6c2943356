#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"

namespace idnode {

// An address as sixteen octets; IPv4 is mapped (::ffff:a.b.c.d).
using Address = std::array<uint8_t, 16>;
Result<Address> ParseAddress(std::string_view text);
// Of a socket of IPv4 or IPv6; all zero of any other.
Address AddressOf(const sockaddr& socket_address);

// A set of networks: 10.0.0.0/8, fd00::/8, 127.0.0.1.
class Networks {
 public:
  // kMalformed: one of them is none.
  static Result<Networks> Parse(const std::vector<std::string>& texts);
  bool Contains(const Address& address) const;

 private:
  struct Network {
    Address address;
    uint8_t bits;
  };
  std::vector<Network> networks_;
};

bool IsLoopback(const Address& address);
bool IsIpv4(const Address& address);
// The address without the bits of the host.
Address NetworkOf(const Address& address, uint8_t ipv4_bits, uint8_t ipv6_bits);

}  // namespace idnode
