// Structured data that decodes is encoded into octets that decode to the same.
// rooms: proto/record proto/base

#include <cstdint>
#include <string>

#include "proto/record/structured.h"

namespace {

using idnode::Require;

// Decodes, encodes, decodes and encodes again: both encodings must agree.
template <class Decode, class Encode>
void CheckRoundTrip(std::string_view input, Decode decode, Encode encode, bool exact) {
  const auto first = decode(input);
  if (!first) return;
  std::string octets;
  encode(*first, octets);
  Require(!exact || octets == input);
  const auto second = decode(octets);
  Require(second.ok());
  std::string again;
  encode(*second, again);
  Require(again == octets);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  // The surplus of a legacy admin record may hold anything and is written as zeros; a key's numbers
  // may have surplus zeros in front, and its flags are not kept.
  CheckRoundTrip(input, idnode::DecodeAdmin, idnode::EncodeAdmin, /*exact=*/false);
  CheckRoundTrip(input, idnode::DecodePublicKey, idnode::EncodePublicKey, /*exact=*/false);
  CheckRoundTrip(input, idnode::DecodeValueList, idnode::EncodeValueList, /*exact=*/true);
  CheckRoundTrip(input, idnode::DecodeSite, idnode::EncodeSite, /*exact=*/true);
  return 0;
}
