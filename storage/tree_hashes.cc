#include "storage/tree_hashes.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <string>
#include <utility>

#include "proto/base/limits.h"
#include "storage/keyspace.h"
#include "storage/log_record.h"

namespace idnode {
namespace {

constexpr uint8_t kTileLevels = 8;  // log2(kTileHashes): tree levels in a tile.
static_assert(kTileHashes == uint64_t{1} << kTileLevels);

// The hashes [first, first + count) of a stored tile; none: the tile is not complete yet.
Result<std::optional<std::vector<Digest>>> ReadStored(const Rows& rows, uint8_t tile_level,
                                                      uint64_t first, uint64_t count) {
  std::string tile;
  const auto found =
      rows.Get(Table::kTree, keyspace::Tile(tile_level, first / kTileHashes), Reach::kDisk, tile);
  if (!found) return found.error();
  if (!*found) return std::optional<std::vector<Digest>>();
  if (tile.size() != kTileHashes * sizeof(Digest)) {
    return Error{Errc::kCorrupt, "tree: a tile is not 256 hashes"};
  }
  std::vector<Digest> hashes(count);
  for (uint64_t i = 0; i < count; ++i) {
    tile.copy(hashes[i].data(), sizeof(Digest), (first % kTileHashes + i) * sizeof(Digest));
  }
  return std::optional(std::move(hashes));
}

Result<std::vector<Digest>> ReadLeaves(const CommitLog& log, uint64_t first, uint64_t count) {
  std::vector<Digest> hashes;
  while (hashes.size() < count) {
    const auto records = log.Read(Position{first + hashes.size() + 1}, count - hashes.size(),
                                  limits::kLogRecordOctetsMax);
    if (!records) return records.error();
    if (records->empty()) return Error{Errc::kNotFound, "log: no such record"};
    for (const std::string& thin : *records) hashes.push_back(LeafHash(thin));
  }
  return hashes;
}

}  // namespace

Result<std::vector<Digest>> HashesOfTile(const Rows& rows, const CommitLog& log, uint8_t tile_level,
                                         uint64_t first, uint64_t count) {
  Require(count > 0 && first % kTileHashes + count <= kTileHashes);
  auto stored = ReadStored(rows, tile_level, first, count);
  if (!stored) return stored.error();
  if (*stored) return std::move(**stored);

  // At the right edge the tile is not complete: its hashes are those of the tiles, or records,
  // below.
  if (tile_level == 0) return ReadLeaves(log, first, count);
  std::vector<Digest> hashes;
  for (uint64_t i = first; i < first + count; ++i) {
    const auto below = ReadStored(rows, tile_level - 1, i * kTileHashes, kTileHashes);
    if (!below) return below.error();
    if (!*below) return Error{Errc::kNotFound, "tree: no such subtree"};
    hashes.push_back(TreeHash(**below));
  }
  return hashes;
}

Result<Digest> HashOfSubtree(const Rows& rows, const CommitLog& log, uint8_t level,
                             uint64_t index) {
  if (level >= 64 || index >= kTreeSizeMax >> std::min<uint8_t>(level, 56)) {
    return Error{Errc::kNotFound, "tree: no such subtree"};
  }
  const uint64_t count = uint64_t{1} << level % kTileLevels;
  const auto hashes = HashesOfTile(rows, log, level / kTileLevels, index * count, count);
  if (!hashes) return hashes.error();
  return TreeHash(*hashes);
}

Result<Digest> RootOf(const Rows& rows, const CommitLog& log, uint64_t size) {
  if (size == 0) return HashOfNothing();
  // The complete subtrees whose sizes are the bits of `size`, the largest first.
  std::vector<Digest> roots;
  for (uint64_t start = 0; start < size;) {
    const auto level = static_cast<uint8_t>(std::bit_width(size - start) - 1);
    const auto root = HashOfSubtree(rows, log, level, start >> level);
    if (!root) return root.error();
    roots.push_back(*root);
    start += uint64_t{1} << level;
  }
  Digest root = roots.back();
  for (size_t i = roots.size() - 1; i > 0; --i) root = HashChildren(roots[i - 1], root);
  return root;
}

}  // namespace idnode
