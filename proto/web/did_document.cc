#include "proto/web/did_document.h"

#include <algorithm>
#include <string>

#include "proto/base/text.h"
#include "proto/ident/identifier.h"

namespace idnode {
namespace {

constexpr uint32_t kAliasHandle = 105, kAliasBid = 101, kAliasDid = 102;  // alsoKnownAs.type.

bool IsKey(const Value& value) { return HasType(value.type, "HS_PUBKEY"); }
bool IsService(const Value& value) { return HasType(value.type, "URL"); }
bool IsAlias(const Value& value) { return HasType(value.type, "HS_ALIAS"); }
bool IsAttribute(const Value& value) {
  return !IsKey(value) && !IsService(value) && !IsAlias(value) && !HasType(value.type, "HS_ADMIN");
}

std::string IdOf(const DidSubject& subject, std::string_view kind, const Value& value) {
  std::string id(subject.did);
  return id.append("#").append(kind).append("-").append(std::to_string(value.index));
}
std::string KeyIdOf(const DidSubject& subject, const Value& value) {
  return IdOf(subject, "key", value);
}

template <class Wanted, class Write>
void WriteEach(const DidSubject& subject, const Wanted& wanted, const Write& write,
               JsonWriter& json) {
  json.StartArray();
  for (const Value& value : subject.values) {
    if (wanted(value)) write(value);
  }
  json.EndArray();
}

void WriteKey(const DidSubject& subject, const Value& value, JsonWriter& json) {
  json.StartObject();
  json.TextMember("id", KeyIdOf(subject, value));
  json.TextMember("type", value.type);
  json.TextMember("controller", subject.did);
  json.TextMember("publicKeyHex", ToHex(value.data));
  json.EndObject();
}

void WriteKeys(const DidSubject& subject, JsonWriter& json) {
  WriteEach(
      subject, IsKey, [&](const Value& value) { WriteKey(subject, value, json); }, json);
}

void WriteServices(const DidSubject& subject, JsonWriter& json) {
  WriteEach(
      subject, IsService,
      [&](const Value& value) {
        json.StartObject();
        json.TextMember("id", IdOf(subject, "service", value));
        json.TextMember("type", value.type);
        json.TextMember("serviceEndpoint", value.data);
        json.EndObject();
      },
      json);
}

void WriteAttributes(const DidSubject& subject, JsonWriter& json) {
  WriteEach(
      subject, IsAttribute,
      [&](const Value& value) {
        const bool text = IsUtf8(value.data);
        json.StartObject();
        json.TextMember("key", value.type);
        json.Member("index");
        json.Uint(value.index);
        json.TextMember("format", text ? "text" : "base64");
        if (text) {
          json.TextMember("value", value.data);
        } else {
          json.TextMember("value", ToBase64(value.data));
        }
        json.EndObject();
      },
      json);
}

// An alias as a URI, which is what W3C asks for.
std::string UriOfAlias(std::string_view alias) {
  const auto identifier = ParseIdentifier(alias);
  if (!identifier) return std::string(alias);
  if (identifier->scheme == Scheme::kHandle) return "hdl:" + std::string(alias);
  if (identifier->scheme == Scheme::kOid) return "urn:oid:" + identifier->text;
  return identifier->text;
}

uint32_t KindOfAlias(std::string_view alias) {
  const auto identifier = ParseIdentifier(alias);
  if (identifier && identifier->scheme == Scheme::kBid) return kAliasBid;
  return alias.starts_with("did:") ? kAliasDid : kAliasHandle;
}

void WriteEmpty(JsonWriter& json) {
  json.StartArray();
  json.EndArray();
}

}  // namespace

void WriteDidDocument(const DidSubject& subject, JsonWriter& json) {
  json.StartObject();
  json.Member("@context");
  json.StartArray();
  json.ValidText("https://www.w3.org/ns/did/v1");
  json.EndArray();
  json.TextMember("id", subject.did);
  json.Member("alsoKnownAs");
  WriteEach(
      subject, IsAlias, [&](const Value& value) { json.Text(UriOfAlias(value.data)); }, json);
  json.Member("verificationMethod");
  WriteKeys(subject, json);
  json.Member("authentication");
  WriteEach(
      subject, IsKey, [&](const Value& value) { json.Text(KeyIdOf(subject, value)); }, json);
  json.Member("service");
  WriteServices(subject, json);
  json.EndObject();
}

void WriteBidPart(const DidSubject& subject, BidPart part, JsonWriter& json) {
  switch (part) {
    case BidPart::kKeys:
      return WriteKeys(subject, json);
    case BidPart::kAttributes:
      return WriteAttributes(subject, json);
    case BidPart::kServices:
      return WriteServices(subject, json);
    case BidPart::kDomains:
    case BidPart::kCredentials:
      return WriteEmpty(json);
  }
}

bool WriteBidKey(const DidSubject& subject, std::string_view id, JsonWriter& json) {
  for (const Value& value : subject.values) {
    if (!IsKey(value)) continue;
    const std::string whole = KeyIdOf(subject, value);
    if (id != whole && id != std::string_view(whole).substr(subject.did.size() + 1)) continue;
    WriteKey(subject, value, json);
    return true;
  }
  return false;
}

void WriteBidDocument(const DidSubject& subject, JsonWriter& json) {
  json.StartObject();
  json.Member("@context");
  json.StartArray();
  json.ValidText("https://www.w3.org/ns/did/v1");
  json.EndArray();
  json.TextMember("id", subject.did);
  json.Member("alsoKnownAs");
  WriteEach(
      subject, IsAlias,
      [&](const Value& value) {
        json.StartObject();
        json.Member("type");
        json.Uint(KindOfAlias(value.data));
        json.TextMember("id", value.data);
        json.EndObject();
      },
      json);
  json.Member("publicKey");
  WriteBidPart(subject, BidPart::kKeys, json);
  json.Member("authentication");
  WriteEach(
      subject, IsKey, [&](const Value& value) { json.Text(KeyIdOf(subject, value)); }, json);
  json.Member("extension");
  json.StartObject();
  json.Member("attributes");
  WriteBidPart(subject, BidPart::kAttributes, json);
  json.Member("acsns");
  WriteBidPart(subject, BidPart::kDomains, json);
  json.Member("verifiableCredentials");
  WriteBidPart(subject, BidPart::kCredentials, json);
  json.EndObject();
  json.Member("service");
  WriteBidPart(subject, BidPart::kServices, json);
  json.Member("created");
  json.ValidText(FormatUtc(subject.created));
  json.Member("updated");
  json.ValidText(FormatUtc(subject.modified));
  json.EndObject();
}

}  // namespace idnode
