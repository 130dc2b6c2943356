// A message that decodes is encoded into the octets it came from, but for what nobody reads: the
// reserved octet, the unused bits of the envelope, a missing credential, and what stands behind it.
// rooms: proto/handle proto/base

#include <cstdint>
#include <string>

#include "proto/handle/message.h"

namespace {

using idnode::Require;

void CheckEnvelope(std::string_view octets) {
  const idnode::Envelope first = idnode::DecodeEnvelope(octets);
  std::string encoded;
  idnode::EncodeEnvelope(first, encoded);
  Require(encoded.size() == idnode::kEnvelopeOctets);
  const idnode::Envelope second = idnode::DecodeEnvelope(encoded);
  Require(second.version == first.version);
  Require(second.suggested == first.suggested);
  Require(second.compressed == first.compressed && second.encrypted == first.encrypted &&
          second.truncated == first.truncated);
  Require(encoded.substr(4) == octets.substr(4, idnode::kEnvelopeOctets - 4));
}

void CheckMessage(std::string_view octets) {
  const auto message = idnode::DecodeMessage(octets);
  if (!message) return;
  std::string encoded;
  idnode::EncodeMessage(message->header, message->body, message->credential, encoded);
  std::string expected(message->header_and_body);
  expected[15] = '\0';
  Require(encoded.starts_with(expected));
  const auto again = idnode::DecodeMessage(encoded);
  Require(again && again->body == message->body && again->credential == message->credential);
  if (octets.size() >= encoded.size()) {
    Require(encoded.substr(expected.size()) ==
            octets.substr(expected.size(), encoded.size() - expected.size()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (size >= idnode::kEnvelopeOctets) {
    CheckEnvelope(input);
    CheckMessage(input.substr(idnode::kEnvelopeOctets));
  }
  CheckMessage(input);
  return 0;
}
