#include "proto/handle/message.h"

#include "proto/base/writer.h"

namespace idnode {

void EncodeEnvelope(const Envelope& envelope, std::string& out) {
  // A suggested major of 0 says: what the message is written in.
  const bool suggests = envelope.suggested.major <= envelope_flag::kSuggestedMajor;
  const HandleVersion suggested = suggests ? envelope.suggested : HandleVersion{0, 0};
  uint8_t flags = suggested.major;
  if (envelope.compressed) flags |= envelope_flag::kCompressed;
  if (envelope.encrypted) flags |= envelope_flag::kEncrypted;
  if (envelope.truncated) flags |= envelope_flag::kTruncated;
  Writer writer(out);
  writer.U8(envelope.version.major).U8(envelope.version.minor).U8(flags).U8(suggested.minor);
  writer.U32(envelope.session_id).U32(envelope.request_id).U32(envelope.sequence);
  writer.U32(envelope.message_octets);
}

void EncodeMessage(const Header& header, std::string_view body, std::string_view credential,
                   std::string& out) {
  out.reserve(out.size() + kHeaderOctets + body.size() + sizeof(uint32_t) + credential.size());
  Writer writer(out);
  writer.U32(header.op_code).U32(header.response_code).U32(header.flags);
  writer.U16(header.site_serial).U8(header.recursion_count).U8(0);  // The last is reserved.
  writer.U32(header.expiration);
  writer.Text32(body);
  writer.Text32(credential);
}

}  // namespace idnode
