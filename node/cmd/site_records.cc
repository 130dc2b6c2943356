#include "node/cmd/site_records.h"

#include "node/config/option_value.h"
#include "proto/handle/public_key.h"

namespace idnode {
namespace {

// "0.0.0.0" and "[::]": every address of the machine, and none that a client can reach.
bool IsUnspecified(const Address& address) {
  return address == *ParseAddress("0.0.0.0") || address == *ParseAddress("::");
}

uint16_t PortOf(const std::vector<std::string>& addresses) {
  if (addresses.empty()) return 0;
  const auto split = SplitAddress(addresses.front());
  return split ? static_cast<uint16_t>(split->port) : uint16_t{0};
}

}  // namespace

std::string KeyDirectoryOf(const Config& config) {
  return std::string(config.Text(Option::kDataDirectory)) + "/keys";
}

ServedPorts ServedPortsOf(const Config& config) {
  const uint16_t port = PortOf(config.List(Option::kHandleListen));
  return {.handle_udp = port, .handle_tcp = port};
}

Result<std::vector<SiteDescription>> SitesOf(const Config& config, const NodeKeys& keys,
                                             const ServedPorts& ports) {
  std::vector<std::string> addresses = config.List(Option::kHandlePublicAddresses);
  const bool told = !addresses.empty();
  if (!told) addresses = config.List(Option::kHandleListen);
  SiteDescription site;
  site.description = config.Text(Option::kHandleSiteDescription);
  if (site.description.empty()) site.description = config.Text(Option::kNodeName);
  site.serial = static_cast<uint16_t>(config.Number(Option::kHandleSiteSerial));
  site.public_key = PublicKeyOctets(keys.rsa.verifying_key());
  std::vector<SiteDescription> sites;
  for (const std::string& text : addresses) {
    const auto split = SplitAddress(text);
    const auto address = ParseAddress(split ? std::string_view(split->host) : std::string_view());
    if (!address || IsUnspecified(*address)) {
      return Error{Errc::kMissingField,
                   "handle.public_addresses must name the addresses that clients can reach"};
    }
    site.address = *address;
    site.tcp_port = told ? static_cast<uint32_t>(split->port) : ports.handle_tcp;
    site.udp_port = told ? static_cast<uint32_t>(split->port) : ports.handle_udp;
    site.http_port = told ? 0 : ports.http;
    site.https_port = told ? 0 : ports.https;
    sites.push_back(site);
  }
  if (sites.empty()) {
    return Error{Errc::kMissingField, "the Handle protocol is served nowhere: handle.listen"};
  }
  return sites;
}

}  // namespace idnode
