#include "node/security/networks.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

#include "proto/base/text.h"

namespace idnode {
namespace {

constexpr size_t kTextMax = INET6_ADDRSTRLEN;
constexpr uint8_t kIpv4Bits = 32, kIpv6Bits = 128;
constexpr size_t kMappedOctets = 12;  // ::ffff: stands before an IPv4 address (RFC 4291 2.5.5.2).
constexpr Address kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr Address kLoopback6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

bool IsMapped(const Address& address) {
  return std::equal(kMapped.begin(), kMapped.begin() + kMappedOctets, address.begin());
}

bool EqualBits(const Address& a, const Address& b, uint8_t bits) {
  const size_t whole = bits / 8u;
  if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
  const uint8_t rest = bits % 8u;
  if (rest == 0) return true;
  const auto mask = static_cast<uint8_t>(0xFF << (8 - rest));
  return ((a[whole] ^ b[whole]) & mask) == 0;
}

// What lies behind the bits of a network is zero, or it is a mistyped one.
bool IsZeroBehind(const Address& address, uint8_t bits) {
  for (size_t bit = bits; bit < kIpv6Bits; ++bit) {
    if ((address[bit / 8] >> (7 - bit % 8) & 1) != 0) return false;
  }
  return true;
}

}  // namespace

Result<Address> ParseAddress(std::string_view text) {
  const Error malformed{Errc::kMalformed, "not an IPv4 or IPv6 address"};
  char terminated[kTextMax + 1] = {};
  if (text.empty() || text.size() > kTextMax || text.find('\0') != std::string_view::npos) {
    return malformed;
  }
  std::memcpy(terminated, text.data(), text.size());
  Address address = kMapped;
  if (inet_pton(AF_INET, terminated, address.data() + kMappedOctets) == 1) return address;
  if (inet_pton(AF_INET6, terminated, address.data()) == 1) return address;
  return malformed;
}

Address AddressOf(const sockaddr& socket_address) {
  Address address{};
  if (socket_address.sa_family == AF_INET) {
    sockaddr_in ipv4;
    std::memcpy(&ipv4, &socket_address, sizeof ipv4);
    address = kMapped;
    std::memcpy(address.data() + kMappedOctets, &ipv4.sin_addr, sizeof ipv4.sin_addr);
  } else if (socket_address.sa_family == AF_INET6) {
    sockaddr_in6 ipv6;
    std::memcpy(&ipv6, &socket_address, sizeof ipv6);
    std::memcpy(address.data(), &ipv6.sin6_addr, address.size());
  }
  return address;
}

Result<Networks> Networks::Parse(const std::vector<std::string>& texts) {
  Networks networks;
  for (const std::string& text : texts) {
    const size_t slash = text.find('/');
    const std::string_view head = std::string_view(text).substr(0, slash);
    const auto address = ParseAddress(head);
    if (!address) return address.error();
    const bool ipv4 = head.find(':') == std::string_view::npos;
    const uint8_t most = ipv4 ? kIpv4Bits : kIpv6Bits;
    uint64_t bits = most;
    if (slash != std::string::npos) {
      const auto given = ParseDecimal(std::string_view(text).substr(slash + 1), most);
      if (!given) return Error{Errc::kMalformed, "a network has 0 to 32 or 0 to 128 bits"};
      bits = *given;
    }
    const auto all = static_cast<uint8_t>(bits + (ipv4 ? kMappedOctets * 8 : 0));
    if (!IsZeroBehind(*address, all)) {
      return Error{Errc::kMalformed, "a network's address has bits behind its length"};
    }
    networks.networks_.push_back({*address, all});
  }
  return networks;
}

bool Networks::Contains(const Address& address) const {
  return std::ranges::any_of(networks_, [&](const Network& network) {
    return EqualBits(network.address, address, network.bits);
  });
}

bool IsIpv4(const Address& address) { return IsMapped(address); }

Address NetworkOf(const Address& address, uint8_t ipv4_bits, uint8_t ipv6_bits) {
  const size_t bits = IsMapped(address) ? kMappedOctets * 8 + ipv4_bits : ipv6_bits;
  Address network{};
  std::copy_n(address.begin(), bits / 8, network.begin());
  if (bits % 8 != 0) {
    network[bits / 8] = static_cast<uint8_t>(address[bits / 8] & 0xFF << (8 - bits % 8));
  }
  return network;
}

bool IsLoopback(const Address& address) {
  return address == kLoopback6 || (IsMapped(address) && address[kMappedOctets] == 127);
}

}  // namespace idnode
