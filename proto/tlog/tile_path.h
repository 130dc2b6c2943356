#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/tlog/tree.h"

namespace idnode {

// A resource of a tiled log by the path that follows <prefix>/tile/ (C2SP tlog-tiles):
// 0/x001/x234/067, 1/000.p/17, entries/x001/x234/067.p/5.
struct TilePath {
  bool entries = false;  // A bundle of records, which has no level; else a tile of hashes.
  uint8_t level = 0;     // At most 63.
  uint64_t tile = 0;
  uint64_t width = kTileHashes;  // 1 to 255: a partial one.
  friend bool operator==(const TilePath&, const TilePath&) = default;
};

// A path that parses is the one that it encodes to. kMalformed.
Result<TilePath> ParseTilePath(std::string_view path);
std::string EncodeTilePath(const TilePath& path);

// Whether a log of `size` records has all that the resource is made of.
bool HasTile(const TilePath& path, uint64_t size);

}  // namespace idnode
