// A prefix row that decodes meets its check, and is the octets that it encodes to.
// rooms: storage proto/base

#include <cstdint>
#include <string_view>

#include "storage/directory.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  const auto row = idnode::DecodePrefix(octets);
  if (!row) return 0;
  idnode::Require(idnode::CheckPrefixRow(*row).ok());
  idnode::Require(idnode::EncodePrefix(*row) == octets);
  return 0;
}
