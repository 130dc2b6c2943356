// A tally that decodes is the octets that it encodes to.
// rooms: storage proto/base

#include <cstdint>
#include <string_view>

#include "storage/log_record.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto rows = idnode::DecodeTally(body);
  if (rows) idnode::Require(idnode::EncodeTally(*rows) == body);
  return 0;
}
