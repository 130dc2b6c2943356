#include "proto/web/structured_json.h"

#include <arpa/inet.h>

#include <algorithm>
#include <deque>
#include <limits>
#include <optional>
#include <vector>

#include "proto/base/text.h"
#include "proto/record/structured.h"

// The data of a value as JSON, read back into octets.
namespace idnode {
namespace {

namespace json = boost::json;

constexpr uint16_t kAllAdminPermissions = 0x0FFF;
constexpr size_t kIpv4Octets = 4;

const json::value* Member(const json::value& object, std::string_view name) {
  return JsonFields::Member(object, name);
}

// Base64 in either alphabet, as the stock server reads it.
std::string ReadBase64(const json::value* value, std::string_view what, JsonFields& fields) {
  const std::string_view text = fields.Text(value, what);
  if (auto octets = FromBase64(text)) return *std::move(octets);
  if (auto octets = FromBase64Url(text)) return *std::move(octets);
  fields.Fail(Errc::kInvalidValue, what);
  return {};
}

std::string ReadHex(const json::value* value, JsonFields& fields) {
  if (auto octets = FromHex(fields.Text(value, "data: hex"))) return *std::move(octets);
  fields.Fail(Errc::kInvalidValue, "data: not hexadecimal");
  return {};
}

// "011111110011", most significant bit first; surplus characters on the left are ignored.
uint16_t PermissionsOfText(std::string_view text) {
  if (text == "*") return kAllAdminPermissions;
  uint16_t permissions = 0;
  for (size_t bit = 0; bit < std::min(text.size(), kAdminPermissionBits); ++bit) {
    if (text[text.size() - 1 - bit] == '1') permissions |= static_cast<uint16_t>(1u << bit);
  }
  return permissions;
}

bool IsTruthy(const json::value& value) {
  if (value.is_bool()) return value.get_bool();
  if (value.is_string()) return !value.get_string().empty();
  if (value.is_number()) return value.to_number<double>() != 0;
  return !value.is_null();
}

// An array has ADD_HANDLE first; a number is its binary digits; true is everything.
uint16_t ReadAdminPermissions(const json::value* value, JsonFields& fields) {
  if (value == nullptr || value->is_null()) return 0;
  if (value->is_bool()) return value->get_bool() ? kAllAdminPermissions : 0;
  if (value->is_int64()) {
    return static_cast<uint16_t>(value->get_int64()) & kAllAdminPermissions;
  }
  if (!value->is_array()) return PermissionsOfText(fields.Text(value, "admin: permissions"));
  uint16_t permissions = 0;
  const json::array& bits = value->get_array();
  for (size_t bit = 0; bit < std::min(bits.size(), kAdminPermissionBits); ++bit) {
    if (IsTruthy(bits[bit])) permissions |= static_cast<uint16_t>(1u << bit);
  }
  return permissions;
}

std::string ReadAdmin(const json::value& value, JsonFields& fields) {
  AdminRecord admin;
  admin.handle = fields.Text(Member(value, "handle"), "admin: handle");
  admin.index = fields.Number(Member(value, "index"), UINT32_MAX, "admin: index");
  admin.permissions = ReadAdminPermissions(Member(value, "permissions"), fields);
  const json::value* legacy = Member(value, "legacyByteLength");
  admin.legacy_length = legacy != nullptr && fields.Flag(legacy, "admin: legacyByteLength");
  std::string octets;
  EncodeAdmin(admin, octets);
  return octets;
}

std::string ReadValueList(const json::value& value, JsonFields& fields) {
  std::vector<ValueReference> list;
  for (const json::value& item : fields.List(&value, "vlist: an array")) {
    list.push_back(ReadReference(item, fields));
  }
  std::string octets;
  EncodeValueList(list, octets);
  return octets;
}

std::string ReadKey(const json::value& value, JsonFields& fields) {
  const std::string_view kty = fields.Text(Member(value, "kty"), "key: kty");
  const bool rsa = EqualFolded(kty, "RSA");
  if (!rsa && !EqualFolded(kty, "DSA")) fields.Fail(Errc::kInvalidValue, "key: kty");
  // In the order of the octets (2.7).
  const std::vector<std::string_view> names =
      rsa ? std::vector<std::string_view>{"e", "n"}
          : std::vector<std::string_view>{"q", "p", "g", "y"};
  std::vector<std::string> numbers;
  for (const std::string_view name : names) {
    std::string number = ReadBase64(Member(value, name), "key: a number in base64url", fields);
    number.erase(0, std::min(number.find_first_not_of('\0'), number.size()));
    numbers.push_back(std::move(number));
  }
  PublicKey key;
  key.type = rsa ? "RSA_PUB_KEY" : "DSA_PUB_KEY";
  key.fields.assign(numbers.begin(), numbers.end());
  std::string octets;
  EncodePublicKey(key, octets);
  return octets;
}

// The formats that need no further nesting; null: none of them.
std::optional<std::string> ReadFlatData(std::string_view format, const json::value* value,
                                        JsonFields& fields) {
  if (EqualFolded(format, "string")) return fields.Spelled(value, "data: value");
  if (EqualFolded(format, "base64")) return ReadBase64(value, "data: base64", fields);
  if (EqualFolded(format, "hex")) return ReadHex(value, fields);
  if (value != nullptr && EqualFolded(format, "key")) return ReadKey(*value, fields);
  return std::nullopt;
}

// Decodes a site into octets. Texts that the site's views need are kept in `kept_`.
class SiteReader {
 public:
  explicit SiteReader(JsonFields& fields) : fields_(fields) {}

  std::string Read(const json::value& value) {
    Site site;
    ReadHead(value, site);
    if (const json::value* attributes = Member(value, "attributes")) {
      ReadAttributes(*attributes, site);
    }
    for (const json::value& server : fields_.List(Member(value, "servers"), "site: servers")) {
      site.servers.push_back(ReadServer(server));
    }
    std::string octets;
    EncodeSite(site, octets);
    return octets;
  }

 private:
  // Leaves `number` as it is where the member is missing.
  template <class T>
  void ReadNumber(const json::value& object, std::string_view name, std::string_view what,
                  T& number) {
    const json::value* member = Member(object, name);
    if (member == nullptr) return;
    number = static_cast<T>(fields_.Number(member, std::numeric_limits<T>::max(), what));
  }

  void ReadHead(const json::value& value, Site& site) {
    ReadNumber(value, "version", "site: version", site.format_version);
    ReadNumber(value, "serialNumber", "site: serialNumber", site.serial);
    ReadNumber(value, "hashOption", "site: hashOption", site.hash_option);
    if (const json::value* version = Member(value, "protocolVersion")) {
      ReadProtocolVersion(fields_.Text(version, "site: protocolVersion"), site);
    }
    if (const json::value* filter = Member(value, "hashFilter")) {
      site.hash_filter = fields_.Text(filter, "site: hashFilter");
    }
    site.primary_mask = 0;
    if (const json::value* primary = Member(value, "primarySite")) {
      if (fields_.Flag(primary, "site: primarySite")) site.primary_mask |= 0x80;
    }
    if (const json::value* primary = Member(value, "multiPrimary")) {
      if (fields_.Flag(primary, "site: multiPrimary")) site.primary_mask |= 0x40;
    }
  }

  void ReadProtocolVersion(std::string_view text, Site& site) {
    const size_t point = text.find('.');
    const auto major = ParseDecimal(text.substr(0, point), UINT8_MAX);
    const auto minor = point == std::string_view::npos
                           ? Result<uint64_t>(Error{Errc::kInvalidValue})
                           : ParseDecimal(text.substr(point + 1), UINT8_MAX);
    if (!major || !minor) return fields_.Fail(Errc::kInvalidValue, "site: protocolVersion");
    site.protocol_major = static_cast<uint8_t>(*major);
    site.protocol_minor = static_cast<uint8_t>(*minor);
  }

  // [{"name":…,"value":…}], or {"name":"value","name":["value","value"]}.
  void ReadAttributes(const json::value& attributes, Site& site) {
    if (const json::object* members = attributes.if_object()) {
      for (const json::key_value_pair& member : *members) ReadAttribute(member, site);
      return;
    }
    for (const json::value& item : fields_.List(&attributes, "site: attributes")) {
      const std::string_view name = fields_.Text(Member(item, "name"), "site: attribute's name");
      site.attributes.push_back({name, Kept(Member(item, "value"))});
    }
  }

  void ReadAttribute(const json::key_value_pair& member, Site& site) {
    const std::string_view name{member.key().data(), member.key().size()};
    const json::array* list = member.value().if_array();
    if (list == nullptr) {
      site.attributes.push_back({name, Kept(&member.value())});
      return;
    }
    for (const json::value& item : *list) site.attributes.push_back({name, Kept(&item)});
  }

  SiteServer ReadServer(const json::value& value) {
    SiteServer server;
    server.id = fields_.Number(Member(value, "serverId"), UINT32_MAX, "site: serverId");
    ReadAddress(fields_.Text(Member(value, "address"), "site: address"), server);
    server.public_key = ReadServerKey(Member(value, "publicKey"));
    for (const json::value& item : fields_.List(Member(value, "interfaces"), "site: interfaces")) {
      server.interfaces.push_back(ReadInterface(item));
    }
    return server;
  }

  // No host names: looking one up is not the decoder's to do.
  void ReadAddress(std::string_view text, SiteServer& server) {
    const std::string terminated(text);
    char* const ipv4 = server.address.data() + server.address.size() - kIpv4Octets;
    if (inet_pton(AF_INET, terminated.c_str(), ipv4) == 1) return;
    if (inet_pton(AF_INET6, terminated.c_str(), server.address.data()) == 1) return;
    fields_.Fail(Errc::kInvalidValue, "site: address is neither IPv4 nor IPv6");
  }

  std::string_view ReadServerKey(const json::value* value) {
    if (value == nullptr) {
      fields_.Fail(Errc::kMissingField, "site: publicKey");
      return {};
    }
    if (value->is_string()) return fields_.Text(value, "site: publicKey");
    const std::string_view format = fields_.Text(Member(*value, "format"), "site: publicKey");
    auto octets = ReadFlatData(format, Member(*value, "value"), fields_);
    if (!octets) fields_.Fail(Errc::kInvalidValue, "site: publicKey's format");
    kept_.push_back(octets ? *std::move(octets) : std::string());
    return kept_.back();
  }

  SiteInterface ReadInterface(const json::value& value) {
    SiteInterface interface;
    if (fields_.Flag(Member(value, "admin"), "site: interface's admin")) interface.type |= 1;
    if (fields_.Flag(Member(value, "query"), "site: interface's query")) interface.type |= 2;
    interface.protocol = ReadProtocol(Member(value, "protocol"));
    interface.port = fields_.Number(Member(value, "port"), UINT16_MAX, "site: port");
    return interface;
  }

  uint8_t ReadProtocol(const json::value* value) {
    if (value != nullptr && value->is_string()) {
      const auto* name =
          std::ranges::find(kInterfaceProtocols, fields_.Text(value, "site: interface's protocol"));
      if (name != kInterfaceProtocols.end())
        return static_cast<uint8_t>(name - kInterfaceProtocols.begin());
    }
    return static_cast<uint8_t>(fields_.Number(value, INT8_MAX, "site: interface's protocol"));
  }

  std::string_view Kept(const json::value* value) {
    kept_.push_back(fields_.Spelled(value, "site: attribute's value"));
    return kept_.back();
  }

  JsonFields& fields_;
  std::deque<std::string> kept_;
};

}  // namespace

ValueReference ReadReference(const json::value& value, JsonFields& fields) {
  const std::string_view handle = fields.Text(Member(value, "handle"), "reference: handle");
  return {handle, fields.Number(Member(value, "index"), UINT32_MAX, "reference: index")};
}

std::string ReadData(const json::value* data, JsonFields& fields) {
  if (data == nullptr || !data->is_object()) return fields.Spelled(data, "data");
  const std::string_view format = fields.Text(Member(*data, "format"), "data: format");
  const json::value* value = Member(*data, "value");
  if (auto octets = ReadFlatData(format, value, fields)) return *std::move(octets);
  if (value == nullptr) {
    fields.Fail(Errc::kMissingField, "data: value");
    return {};
  }
  if (EqualFolded(format, "admin")) return ReadAdmin(*value, fields);
  if (EqualFolded(format, "vlist")) return ReadValueList(*value, fields);
  if (EqualFolded(format, "site")) return SiteReader(fields).Read(*value);
  fields.Fail(Errc::kInvalidValue, "data: unknown format");
  return {};
}

}  // namespace idnode
