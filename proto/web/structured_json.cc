#include "proto/web/structured_json.h"

#include <algorithm>

#include "proto/base/text.h"
#include "proto/record/structured.h"

namespace idnode {
namespace {

void OpenFormat(std::string_view format, JsonWriter& json) {
  json.StartObject();
  json.Member("format");
  json.ValidText(format);
  json.Member("value");
}

void WriteBinary(std::string_view data, JsonWriter& json) {
  OpenFormat("base64", json);
  json.ValidText(ToBase64(data));
  json.EndObject();
}

// The most significant of the twelve bits first: LIST_HANDLES down to ADD_HANDLE.
std::string AdminPermissionsText(uint16_t permissions) {
  std::string text(kAdminPermissionBits, '0');
  for (size_t bit = 0; bit < kAdminPermissionBits; ++bit) {
    if ((permissions >> bit & 1) != 0) text[kAdminPermissionBits - 1 - bit] = '1';
  }
  return text;
}

bool WriteAdmin(std::string_view data, JsonWriter& json) {
  const auto admin = DecodeAdmin(data);
  if (!admin) return false;
  OpenFormat("admin", json);
  json.StartObject();
  json.Member("handle");
  json.Text(admin->handle);
  json.Member("index");
  json.Uint(admin->index);
  json.Member("permissions");
  json.ValidText(AdminPermissionsText(admin->permissions));
  if (admin->legacy_length) {
    json.Member("legacyByteLength");
    json.Bool(true);
  }
  json.EndObject();
  json.EndObject();
  return true;
}

bool WriteValueList(std::string_view data, JsonWriter& json) {
  const auto list = DecodeValueList(data);
  if (!list) return false;
  OpenFormat("vlist", json);
  json.StartArray();
  for (const ValueReference& reference : *list) WriteReference(reference, json);
  json.EndArray();
  json.EndObject();
  return true;
}

// Base64url of an unsigned number; zero is one octet.
void WriteNumber(std::string_view name, std::string_view number, JsonWriter& json) {
  json.Member(name);
  json.ValidText(ToBase64Url(number.empty() ? std::string_view("\0", 1) : number));
}

bool WriteKey(std::string_view data, JsonWriter& json) {
  const auto key = DecodePublicKey(data);
  if (!key) return false;
  const bool rsa = key->type == "RSA_PUB_KEY";
  if (!rsa && key->type != "DSA_PUB_KEY") return false;  // The format knows these two.
  OpenFormat("key", json);
  json.StartObject();
  json.Member("kty");
  json.ValidText(rsa ? "RSA" : "DSA");
  if (rsa) {
    WriteNumber("n", key->fields[1], json);
    WriteNumber("e", key->fields[0], json);
  } else {
    WriteNumber("y", key->fields[3], json);
    WriteNumber("p", key->fields[1], json);
    WriteNumber("q", key->fields[0], json);
    WriteNumber("g", key->fields[2], json);
  }
  json.EndObject();
  json.EndObject();
  return true;
}

void WriteInterface(const SiteInterface& interface, JsonWriter& json) {
  json.StartObject();
  json.Member("query");
  json.Bool(interface.takes_queries());
  json.Member("admin");
  json.Bool((interface.type & 1) != 0);
  json.Member("protocol");
  if (interface.protocol < kInterfaceProtocols.size()) {
    json.ValidText(kInterfaceProtocols[interface.protocol]);
  } else {
    json.Uint(interface.protocol);
  }
  json.Member("port");
  json.Uint(interface.port);
  json.EndObject();
}

void WriteServer(const SiteServer& server, JsonWriter& json) {
  json.StartObject();
  json.Member("serverId");
  json.Uint(server.id);
  json.Member("address");
  json.ValidText(AddressText(server.address));
  json.Member("publicKey");
  if (!WriteKey(server.public_key, json)) WriteBinary(server.public_key, json);
  json.Member("interfaces");
  json.StartArray();
  for (const SiteInterface& interface : server.interfaces) WriteInterface(interface, json);
  json.EndArray();
  json.EndObject();
}

void WriteSiteHead(const Site& site, JsonWriter& json) {
  json.Member("version");
  json.Uint(site.format_version);
  json.Member("protocolVersion");
  json.ValidText(std::to_string(site.protocol_major) + '.' + std::to_string(site.protocol_minor));
  json.Member("serialNumber");
  json.Uint(site.serial);
  json.Member("primarySite");
  json.Bool((site.primary_mask & 0x80) != 0);
  json.Member("multiPrimary");
  json.Bool((site.primary_mask & 0x40) != 0);
  if (site.hash_option != Site{}.hash_option) {
    json.Member("hashOption");
    json.Uint(site.hash_option);
  }
  if (!site.hash_filter.empty()) {
    json.Member("hashFilter");
    json.Text(site.hash_filter);
  }
}

void WriteSiteMembers(const Site& site, JsonWriter& json) {
  json.StartObject();
  WriteSiteHead(site, json);
  json.Member("attributes");
  json.StartArray();
  for (const SiteAttribute& attribute : site.attributes) {
    json.StartObject();
    json.Member("name");
    json.Text(attribute.name);
    json.Member("value");
    json.Text(attribute.value);
    json.EndObject();
  }
  json.EndArray();
  json.Member("servers");
  json.StartArray();
  for (const SiteServer& server : site.servers) WriteServer(server, json);
  json.EndArray();
  json.EndObject();
}

bool WriteSite(std::string_view data, JsonWriter& json) {
  const auto site = DecodeSite(data);
  if (!site) return false;
  OpenFormat("site", json);
  WriteSiteMembers(*site, json);
  json.EndObject();
  return true;
}

// Text by the stock server's rule: UTF-8 without controls. Octets 0x09 to 0x13 pass as white space,
// a slip of the stock code that decides the format, so it is kept; so is its silence about C1.
bool IsPlainText(std::string_view data) {
  if (!HasControlCharacter(data)) return IsUtf8(data);
  const auto is_control = [](char c) {
    const uint8_t octet = static_cast<uint8_t>(c);
    return (octet < 0x20 && (octet < 0x09 || octet > 0x13)) || octet == 0x7F;
  };
  return std::ranges::none_of(data, is_control) && IsUtf8(data);
}

}  // namespace

bool WriteStructuredData(std::string_view type, std::string_view data, JsonWriter& json) {
  if (type.size() < 7 || type[2] != '_') return false;  // HS_SITE is the shortest of them.
  if (HasType(type, "HS_ADMIN")) return WriteAdmin(data, json);
  if (HasType(type, "HS_VLIST")) return WriteValueList(data, json);
  // HS_SITE.PREFIX lies below HS_SITE.
  if (HasType(type, "HS_SITE") || HasType(type, "HS_NA_DELEGATE")) return WriteSite(data, json);
  return HasType(type, "HS_PUBKEY") && WriteKey(data, json);
}

bool WriteSiteObject(std::string_view data, JsonWriter& json) {
  const auto site = DecodeSite(data);
  if (!site) return false;
  WriteSiteMembers(*site, json);
  return true;
}

void WriteReference(const ValueReference& reference, JsonWriter& json) {
  json.StartObject();
  json.Member("handle");
  json.Text(reference.handle);
  json.Member("index");
  json.Uint(reference.index);
  json.EndObject();
}

void WritePlainData(std::string_view data, JsonWriter& json) {
  if (!IsPlainText(data)) return WriteBinary(data, json);
  OpenFormat("string", json);
  json.ValidText(data);
  json.EndObject();
}

}  // namespace idnode
