#pragma once

#include <span>
#include <string_view>

#include "proto/record/value.h"
#include "proto/web/json_writer.h"

namespace idnode {

// What a record's values say of a DID, as a DID document (W3C DID Core 5; BID:
// spec/secondary-node.md 7.6):
//
//   HS_PUBKEY  a key, with the value's octets in hexadecimal
//   URL        a service
//   HS_ALIAS   also known as: hdl: and a Handle, urn:oid: and an OID, or the text itself
//   others     attributes, of a BID only
//
// `values` are those that may be seen. What the values do not say is an empty list.
struct DidSubject {
  std::string_view did;
  std::span<const Value> values;
  uint32_t created = 0;  // Seconds since 1970-01-01.
  uint32_t modified = 0;
};
void WriteDidDocument(const DidSubject& subject, JsonWriter& json);
void WriteBidDocument(const DidSubject& subject, JsonWriter& json);

// One part of a BID document as a JSON value.
enum class BidPart : uint8_t { kKeys, kAttributes, kDomains, kCredentials, kServices };
void WriteBidPart(const DidSubject& subject, BidPart part, JsonWriter& json);
// The key of that fragment (key-1) or full id; false: there is none, and nothing was written.
bool WriteBidKey(const DidSubject& subject, std::string_view id, JsonWriter& json);

}  // namespace idnode
