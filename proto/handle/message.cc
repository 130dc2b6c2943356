#include "proto/handle/message.h"

#include "proto/base/writer.h"

namespace idnode {

// Every answer has both heads, so they are put in place octet by octet instead of field by field: a
// third of what encoding cost.
void PutEnvelope(const Envelope& envelope, char* at) {
  // A suggested major of 0 says: what the message is written in.
  const bool suggests = envelope.suggested.major <= envelope_flag::kSuggestedMajor;
  const HandleVersion suggested = suggests ? envelope.suggested : HandleVersion{0, 0};
  uint8_t flags = suggested.major;
  if (envelope.compressed) flags |= envelope_flag::kCompressed;
  if (envelope.encrypted) flags |= envelope_flag::kEncrypted;
  if (envelope.truncated) flags |= envelope_flag::kTruncated;
  at[0] = static_cast<char>(envelope.version.major);
  at[1] = static_cast<char>(envelope.version.minor);
  at[2] = static_cast<char>(flags);
  at[3] = static_cast<char>(suggested.minor);
  StoreU32(envelope.session_id, at + 4);
  StoreU32(envelope.request_id, at + 8);
  StoreU32(envelope.sequence, at + 12);
  StoreU32(envelope.message_octets, at + 16);
}

void PutHeader(const Header& header, char* at) {
  StoreU32(header.op_code, at);
  StoreU32(header.response_code, at + 4);
  StoreU32(header.flags, at + 8);
  StoreU16(header.site_serial, at + 12);
  at[14] = static_cast<char>(header.recursion_count);
  at[15] = 0;  // Reserved.
  StoreU32(header.expiration, at + 16);
  StoreU32(header.body_octets, at + 20);
}

void EncodeEnvelope(const Envelope& envelope, std::string& out) {
  char octets[kEnvelopeOctets];
  PutEnvelope(envelope, octets);
  out.append(octets, sizeof octets);
}

void EncodeMessage(const Header& header, std::string_view body, std::string_view credential,
                   std::string& out) {
  Require(body.size() <= UINT32_MAX);
  out.reserve(out.size() + kHeaderOctets + body.size() + sizeof(uint32_t) + credential.size());
  Header sized = header;
  sized.body_octets = static_cast<uint32_t>(body.size());
  char octets[kHeaderOctets];
  PutHeader(sized, octets);
  out.append(octets, sizeof octets);
  out.append(body);
  Writer(out).Text32(credential);
}

}  // namespace idnode
