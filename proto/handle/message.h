#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/handle/big_endian.h"
#include "proto/handle/codes.h"
#include "proto/handle/limits.h"

namespace idnode {

// A message of the Handle protocol: envelope (20 octets), header (24), body, credential
// (spec/handle-protocol.md 3). Integers are big-endian. Decoders take any octets, read no further
// than they are, and allocate nothing by a claimed size.

inline constexpr size_t kEnvelopeOctets = 20;
inline constexpr size_t kHeaderOctets = 24;
inline constexpr size_t kMessageOctetsMax = limits::kHandleMessageOctetsMax;
inline constexpr uint32_t kUnknownRequest = 0xFFFFFFFF;
inline constexpr uint16_t kUnknownSerial = 0xFFFF;
inline constexpr uint32_t kExpirationSeconds = 43'200;  // A response lives so long by default.

// "2.11". Major number 5, a historical bug, compares lower than everything (3.3).
struct HandleVersion {
  uint8_t major = 2;
  uint8_t minor = 11;

  constexpr uint32_t rank() const { return major == 5 ? 0 : (uint32_t{major} << 8 | minor); }
  constexpr bool AtLeast(HandleVersion other) const { return rank() >= other.rank(); }
  friend constexpr bool operator==(HandleVersion, HandleVersion) = default;
};
inline constexpr HandleVersion kHandleVersion{2, 11};       // What we speak.
inline constexpr HandleVersion kOldestHandleVersion{2, 1};  // Older ones are refused with 4.
inline constexpr HandleVersion kVersionWithoutSite{2, 3};   // A client that knows no site yet.
// The version a request is answered in: what it suggested, at most ours.
constexpr HandleVersion EffectiveVersion(HandleVersion suggested) {
  return suggested.AtLeast(kHandleVersion) ? kHandleVersion : suggested;
}

struct Envelope {
  HandleVersion version;
  HandleVersion suggested = kHandleVersion;  // As sent; major 0 on the wire means `version`.
  bool compressed = false, encrypted = false, truncated = false;
  uint32_t session_id = 0;
  uint32_t request_id = 0;
  uint32_t sequence = 0;        // Of a fragment.
  uint32_t message_octets = 0;  // Of the whole message, without any envelope. Not yet checked.
};

// The third octet of an envelope: three flags, and the suggested major version in as many bits as
// Handle.Net reads (3.1). A version that does not fit is not suggested.
namespace envelope_flag {
inline constexpr uint8_t kCompressed = 0x80;
inline constexpr uint8_t kEncrypted = 0x40;
inline constexpr uint8_t kTruncated = 0x20;
inline constexpr uint8_t kSuggestedMajor = 0x03;
}  // namespace envelope_flag

// `octets` holds at least kEnvelopeOctets; any such octets are an envelope.
inline Envelope DecodeEnvelope(std::string_view octets) {
  Require(octets.size() >= kEnvelopeOctets);
  const char* const at = octets.data();
  const auto flags = static_cast<uint8_t>(at[2]);
  Envelope envelope;
  envelope.version = {static_cast<uint8_t>(at[0]), static_cast<uint8_t>(at[1])};
  envelope.suggested = {static_cast<uint8_t>(flags & envelope_flag::kSuggestedMajor),
                        static_cast<uint8_t>(at[3])};
  if (envelope.suggested.major == 0) envelope.suggested = envelope.version;
  envelope.compressed = (flags & envelope_flag::kCompressed) != 0;
  envelope.encrypted = (flags & envelope_flag::kEncrypted) != 0;
  envelope.truncated = (flags & envelope_flag::kTruncated) != 0;
  envelope.session_id = LoadU32(at + 4);
  envelope.request_id = LoadU32(at + 8);
  envelope.sequence = LoadU32(at + 12);
  envelope.message_octets = LoadU32(at + 16);
  return envelope;
}
void EncodeEnvelope(const Envelope& envelope, std::string& out);
// Puts kEnvelopeOctets at `at`.
void PutEnvelope(const Envelope& envelope, char* at);

struct Header {
  uint32_t op_code = 0;
  uint32_t response_code = 0;
  uint32_t flags = op_flag::kRequestDefault;
  uint16_t site_serial = kUnknownSerial;
  uint8_t recursion_count = 0;
  uint32_t expiration = 0;  // Seconds since 1970-01-01.
  uint32_t body_octets = 0;

  bool has(uint32_t flag) const { return (flags & flag) != 0; }
};

// What follows the envelope. Views point into the decoded octets.
struct MessageView {
  Header header;
  std::string_view header_and_body;  // What digests and credentials cover (3.9, 3.10).
  std::string_view body;
  std::string_view credential;  // Without its length; empty: none, or the field is missing (8.4).
};
// kMalformed: shorter than a header, or the body or the credential runs past the end. Octets after
// the credential are not looked at.
inline Result<MessageView> DecodeMessage(std::string_view message) {
  if (message.size() < kHeaderOctets) {
    return Error{Errc::kMalformed, "message: shorter than its header"};
  }
  const char* const at = message.data();
  MessageView view;
  view.header.op_code = LoadU32(at);
  view.header.response_code = LoadU32(at + 4);
  view.header.flags = LoadU32(at + 8);
  view.header.site_serial = LoadU16(at + 12);
  view.header.recursion_count = static_cast<uint8_t>(at[14]);
  view.header.expiration = LoadU32(at + 16);
  view.header.body_octets = LoadU32(at + 20);
  if (view.header.body_octets > message.size() - kHeaderOctets) {
    return Error{Errc::kMalformed, "message: the body runs past the end"};
  }
  const size_t body_end = kHeaderOctets + view.header.body_octets;
  view.header_and_body = message.substr(0, body_end);
  view.body = message.substr(kHeaderOctets, view.header.body_octets);
  const size_t left = message.size() - body_end;
  if (left < sizeof(uint32_t)) return view;
  const uint32_t credential_octets = LoadU32(at + body_end);
  if (credential_octets > left - sizeof(uint32_t)) {
    return Error{Errc::kMalformed, "message: the credential runs past the end"};
  }
  view.credential = message.substr(body_end + sizeof(uint32_t), credential_octets);
  return view;
}

// Puts kHeaderOctets at `at`.
void PutHeader(const Header& header, char* at);
// Appends header, `body` and `credential` with their lengths. `header.body_octets` is ignored.
void EncodeMessage(const Header& header, std::string_view body, std::string_view credential,
                   std::string& out);

}  // namespace idnode
