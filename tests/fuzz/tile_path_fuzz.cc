// A path that parses is the one that its value encodes to.
// rooms: proto/tlog proto/base

#include <cstdint>

#include "proto/tlog/tile_path.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto path = idnode::ParseTilePath(text);
  if (!path) return 0;
  idnode::Require(idnode::EncodeTilePath(*path) == text);
  idnode::Require(!idnode::HasTile(*path, 0));
  return 0;
}
