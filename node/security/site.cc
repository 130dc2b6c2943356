#include "node/security/site.h"

#include <algorithm>

#include "proto/record/structured.h"

namespace idnode {
namespace {

constexpr uint8_t kPrimary = 0x80;
constexpr uint8_t kHashWholeHandle = 2;
constexpr uint8_t kQueriesAndAdministration = 3;
enum Carrier : uint8_t { kUdp = 0, kTcp = 1, kHttp = 2, kHttps = 3 };

bool IsMappedIpv4(const Address& address) {
  constexpr Address kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0};
  return std::equal(address.begin(), address.begin() + 12, kMapped.begin());
}

// IPv4 has twelve zero octets in front there, not ::ffff:.
std::array<char, 16> OnTheWire(const Address& address) {
  std::array<char, 16> octets{};
  const size_t from = IsMappedIpv4(address) ? 12 : 0;
  for (size_t i = from; i < octets.size(); ++i) octets[i] = static_cast<char>(address[i]);
  return octets;
}

}  // namespace

std::string SiteRecord(const SiteDescription& description) {
  SiteServer server{.id = 1,
                    .address = OnTheWire(description.address),
                    .public_key = description.public_key,
                    .interfaces = {}};
  const auto offer = [&](Carrier carrier, uint32_t port) {
    if (port != 0) server.interfaces.push_back({kQueriesAndAdministration, carrier, port});
  };
  offer(kTcp, description.tcp_port);
  offer(kUdp, description.udp_port);
  offer(kHttp, description.http_port);
  offer(kHttps, description.https_port);

  Site site{.serial = description.serial,
            .primary_mask = description.primary ? kPrimary : uint8_t{0},
            .hash_option = kHashWholeHandle};
  if (!description.description.empty()) {
    site.attributes.push_back({"desc", description.description});
  }
  if (!description.domain.empty()) site.attributes.push_back({"domain", description.domain});
  site.servers.push_back(std::move(server));
  std::string octets;
  EncodeSite(site, octets);
  return octets;
}

std::string_view SiteType(const SiteDescription& description) {
  const bool is_ipv4 = IsMappedIpv4(description.address) || description.address == Address{};
  return is_ipv4 ? "HS_SITE" : "HS_SITE.6";
}

}  // namespace idnode
