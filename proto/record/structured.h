#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/record/value.h"

namespace idnode {

// The data of the structured standard types (spec/handle-protocol.md 2.4-2.7). Views point into the
// decoded octets. Decoders: kMalformed.

// HS_ADMIN: who may do what.
struct AdminRecord {
  uint16_t permissions = 0;  // Bits of 2.4.
  std::string_view handle;
  uint32_t index = 0;
  bool legacy_length = false;  // Exactly two surplus octets, written back the same way.
};
void EncodeAdmin(const AdminRecord& admin, std::string& out);
Result<AdminRecord> DecodeAdmin(std::string_view data);

// HS_VLIST: a list of value references.
void EncodeValueList(const std::vector<ValueReference>& list, std::string& out);
Result<std::vector<ValueReference>> DecodeValueList(std::string_view data);

// HS_SITE: where a service answers. No octet may follow.
struct SiteInterface {
  uint8_t type = 0;      // 0 out of service, 1 admin, 2 query, 3 both.
  uint8_t protocol = 0;  // 0 UDP, 1 TCP, 2 HTTP, 3 HTTPS.
  uint32_t port = 0;

  bool takes_queries() const { return (type & 2) != 0; }
};
struct SiteServer {
  uint32_t id = 0;
  std::array<char, 16> address{};  // IPv4: twelve zero octets in front.
  std::string_view public_key;
  std::vector<SiteInterface> interfaces;
};
// "192.0.2.1" or "2001:db8::1".
std::string AddressText(const std::array<char, 16>& address);
// With a port, as an URI has it: "192.0.2.1:2641", "[2001:db8::1]:2641".
std::string EndpointText(const SiteServer& server, uint32_t port);
struct SiteAttribute {
  std::string_view name, value;
};
struct Site {
  uint16_t format_version = 1;
  uint8_t protocol_major = 2, protocol_minor = 11;
  uint16_t serial = 1;
  uint8_t primary_mask = 0x80;
  uint8_t hash_option = 2;
  std::string_view hash_filter;
  std::vector<SiteAttribute> attributes;
  std::vector<SiteServer> servers;
};
void EncodeSite(const Site& site, std::string& out);
Result<Site> DecodeSite(std::string_view data);

// HS_PUBKEY of type RSA_PUB_KEY (exponent, modulus), DSA_PUB_KEY (q, p, g, y), DH_PUB_KEY (y, p, g)
// or SM2_PUB_KEY (PEM text). Numbers are unsigned, big-endian, without leading zeros once decoded;
// they are given so too. Writing RSA appends Java's four surplus octets (2.7).
struct PublicKey {
  std::string_view type;
  std::vector<std::string_view> fields;
};
void EncodePublicKey(const PublicKey& key, std::string& out);
Result<PublicKey> DecodePublicKey(std::string_view data);

}  // namespace idnode
