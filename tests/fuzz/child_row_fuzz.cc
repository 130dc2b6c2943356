// A child row that decodes agrees with itself, and is the octets that it encodes to.
// rooms: storage proto/base

#include <cstdint>
#include <string_view>

#include "storage/children.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  const auto row = idnode::DecodeChild(octets);
  if (!row) return 0;
  idnode::Require(row->tree.size() == row->head.value && row->number != idnode::kOwn);
  idnode::Require(idnode::EncodeChild(*row) == octets);
  return 0;
}
