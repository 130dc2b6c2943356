#include "proto/record/structured.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "proto/base/writer.h"

namespace idnode {
namespace {

constexpr size_t kReferenceOctetsMin = 8;
constexpr size_t kAttributeOctetsMin = 8;
constexpr size_t kServerOctetsMin = 28;
constexpr size_t kInterfaceOctets = 6;
constexpr size_t kLegacySurplusOctets = 2;
constexpr size_t kRsaSurplusOctets = 4;

constexpr std::string_view kRsaType = "RSA_PUB_KEY";

std::string_view Octets32(Reader& in) { return in.Text32(in.left()); }

SiteServer DecodeServer(Reader& in) {
  SiteServer server;
  server.id = in.U32();
  const std::string_view address = in.Raw(server.address.size());
  std::ranges::copy(address, server.address.begin());
  server.public_key = Octets32(in);
  const uint32_t count = in.Count32(kInterfaceOctets);
  server.interfaces.reserve(count);
  for (uint32_t i = 0; i < count; ++i) {
    SiteInterface interface;
    interface.type = in.U8();
    interface.protocol = in.U8();
    interface.port = in.U32();
    server.interfaces.push_back(interface);
  }
  return server;
}

void EncodeServer(const SiteServer& server, Writer& writer) {
  writer.U32(server.id).Raw({server.address.data(), server.address.size()});
  writer.Text32(server.public_key).U32(static_cast<uint32_t>(server.interfaces.size()));
  for (const SiteInterface& interface : server.interfaces) {
    writer.U8(interface.type).U8(interface.protocol).U32(interface.port);
  }
}

// How many fields a key of this type has: exponent and modulus; q, p, g and y; y, p and g; or one
// PEM text.
struct KeyTypeRow {
  std::string_view type;
  size_t fields;
  bool are_numbers;
};
constexpr auto kKeyTypeRows = std::to_array<KeyTypeRow>({
    {kRsaType, 2, true},
    {"DSA_PUB_KEY", 4, true},
    {"DH_PUB_KEY", 3, true},
    {"SM2_PUB_KEY", 1, false},
});
// Null: no type of ours.
const KeyTypeRow* FindKeyType(std::string_view type) {
  const auto row = std::ranges::find(kKeyTypeRows, type, &KeyTypeRow::type);
  return row == kKeyTypeRows.end() ? nullptr : &*row;
}

// Java writes a number in two's complement: a zero octet goes in front of a set top bit, and zero
// itself is one octet.
void EncodeNumber(std::string_view number, Writer& writer) {
  const bool needs_sign = number.empty() || (static_cast<uint8_t>(number[0]) & 0x80) != 0;
  writer.U32(static_cast<uint32_t>(number.size() + (needs_sign ? 1 : 0)));
  if (needs_sign) writer.U8(0);
  writer.Raw(number);
}

std::string_view DecodeNumber(Reader& in) {
  std::string_view number = Octets32(in);
  number.remove_prefix(std::min(number.find_first_not_of('\0'), number.size()));
  return number;
}

// An address is IPv4 when its first twelve octets are zero.
bool IsIpv4(const std::array<char, 16>& address) {
  return std::all_of(address.begin(), address.end() - sizeof(in_addr),
                     [](char octet) { return octet == 0; });
}

}  // namespace

void EncodeAdmin(const AdminRecord& admin, std::string& out) {
  Writer writer(out);
  writer.U16(admin.permissions).Text32(admin.handle).U32(admin.index);
  if (admin.legacy_length) writer.U16(0);
}

Result<AdminRecord> DecodeAdmin(std::string_view data) {
  Reader in(data);
  AdminRecord admin;
  admin.permissions = in.U16();
  admin.handle = Octets32(in);
  admin.index = in.U32();
  if (in.left() == kLegacySurplusOctets) {
    admin.legacy_length = true;
    in.Raw(kLegacySurplusOctets);
  }
  if (!in.AtEnd()) return Error{Errc::kMalformed, "HS_ADMIN: fields and length disagree"};
  return admin;
}

void EncodeValueList(const std::vector<ValueReference>& list, std::string& out) {
  Writer writer(out);
  writer.U32(static_cast<uint32_t>(list.size()));
  for (const ValueReference& reference : list) writer.Text32(reference.handle).U32(reference.index);
}

Result<std::vector<ValueReference>> DecodeValueList(std::string_view data) {
  Reader in(data);
  std::vector<ValueReference> list;
  const uint32_t count = in.Count32(kReferenceOctetsMin);
  list.reserve(count);
  for (uint32_t i = 0; i < count && in.ok(); ++i) {
    const std::string_view handle = Octets32(in);
    list.push_back({handle, in.U32()});
  }
  if (!in.AtEnd()) return Error{Errc::kMalformed, "HS_VLIST: fields and length disagree"};
  return list;
}

std::string AddressText(const std::array<char, 16>& address) {
  const char* const ipv4 = address.data() + address.size() - sizeof(in_addr);
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (IsIpv4(address)) {
    inet_ntop(AF_INET, ipv4, text.data(), text.size());
  } else {
    inet_ntop(AF_INET6, address.data(), text.data(), text.size());
  }
  return text.data();
}

std::string EndpointText(const SiteServer& server, uint32_t port) {
  const std::string address = AddressText(server.address);
  const std::string host = IsIpv4(server.address) ? address : "[" + address + "]";
  return host + ":" + std::to_string(port);
}

void EncodeSite(const Site& site, std::string& out) {
  Writer writer(out);
  writer.U16(site.format_version).U8(site.protocol_major).U8(site.protocol_minor);
  writer.U16(site.serial).U8(site.primary_mask).U8(site.hash_option).Text32(site.hash_filter);
  writer.U32(static_cast<uint32_t>(site.attributes.size()));
  for (const SiteAttribute& attribute : site.attributes) {
    writer.Text32(attribute.name).Text32(attribute.value);
  }
  writer.U32(static_cast<uint32_t>(site.servers.size()));
  for (const SiteServer& server : site.servers) EncodeServer(server, writer);
}

Result<Site> DecodeSite(std::string_view data) {
  Reader in(data);
  Site site;
  site.format_version = in.U16();
  site.protocol_major = in.U8();
  site.protocol_minor = in.U8();
  site.serial = in.U16();
  site.primary_mask = in.U8();
  site.hash_option = in.U8();
  site.hash_filter = Octets32(in);
  const uint32_t attributes = in.Count32(kAttributeOctetsMin);
  for (uint32_t i = 0; i < attributes && in.ok(); ++i) {
    const std::string_view name = Octets32(in);
    site.attributes.push_back({name, Octets32(in)});
  }
  const uint32_t servers = in.Count32(kServerOctetsMin);
  for (uint32_t i = 0; i < servers && in.ok(); ++i) site.servers.push_back(DecodeServer(in));
  if (!in.AtEnd()) return Error{Errc::kMalformed, "HS_SITE: fields and length disagree"};
  return site;
}

void EncodePublicKey(const PublicKey& key, std::string& out) {
  Writer writer(out);
  writer.Text32(key.type).U16(0);
  const KeyTypeRow* const row = FindKeyType(key.type);
  for (const std::string_view field : key.fields) {
    if (row != nullptr && !row->are_numbers) {
      writer.Text32(field);
    } else {
      EncodeNumber(field, writer);
    }
  }
  if (key.type == kRsaType) writer.U32(0);
}

Result<PublicKey> DecodePublicKey(std::string_view data) {
  Reader in(data);
  PublicKey key;
  key.type = Octets32(in);
  in.U16();  // Flags; Java ignores them.
  const KeyTypeRow* const row = FindKeyType(key.type);
  if (row == nullptr) return Error{Errc::kMalformed, "HS_PUBKEY: no type of key that is known"};
  for (size_t i = 0; i < row->fields; ++i) {
    key.fields.push_back(row->are_numbers ? DecodeNumber(in) : Octets32(in));
  }
  // Keys that Java did not write may lack the surplus.
  if (key.type == kRsaType && in.left() == kRsaSurplusOctets) in.Raw(kRsaSurplusOctets);
  if (!in.AtEnd()) return Error{Errc::kMalformed, "HS_PUBKEY: fields and length disagree"};
  return key;
}

}  // namespace idnode
