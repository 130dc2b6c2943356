// A row of a directive, or of what was signed for a child, that decodes is the octets that it
// encodes to.
// rooms: storage proto/base

#include <cstdint>
#include <string_view>

#include "storage/directives.h"
#include "storage/witnessed.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  const auto directive = idnode::DecodeDirective(octets);
  if (directive) idnode::Require(idnode::EncodeDirective(*directive) == octets);
  const auto witnessed = idnode::DecodeWitnessed(octets);
  if (witnessed) idnode::Require(idnode::EncodeWitnessed(*witnessed) == octets);
  return 0;
}
