#include "storage/tree_tiles.h"

#include "storage/keyspace.h"

namespace idnode {

Result<TreeTiles> TreeTiles::Open(const Rows& rows, uint64_t size, const LeafOf& leaf_of) {
  TreeTiles tiles;
  tiles.size_ = size;
  uint64_t hashes = size;  // At this level.
  for (uint8_t number = 0; hashes > 0; ++number, hashes /= kTileHashes) {
    Level& level = tiles.levels_.emplace_back();
    level.complete = hashes / kTileHashes;
    for (uint64_t i = level.complete * kTileHashes; i < hashes; ++i) {
      if (number == 0) {
        const auto leaf = leaf_of(i);
        if (!leaf) return leaf.error();
        level.hashes.push_back(*leaf);
      } else {
        const auto below = ReadTile(rows, number - 1, i);
        if (!below) return below.error();
        level.hashes.push_back(TreeHash(*below));
      }
    }
  }
  return tiles;
}

void TreeTiles::Append(const Digest& leaf_hash, Batch& rows) {
  ++size_;
  Add(0, leaf_hash, rows);
}

void TreeTiles::Add(size_t level, const Digest& hash, Batch& rows) {
  if (level == levels_.size()) levels_.emplace_back();
  levels_[level].hashes.push_back(hash);
  if (levels_[level].hashes.size() < kTileHashes) return;

  const std::vector<Digest>& hashes = levels_[level].hashes;
  static_assert(sizeof(Digest) == 32);
  rows.Put(Table::kTree, keyspace::Tile(static_cast<uint8_t>(level), levels_[level].complete),
           {hashes.front().data(), hashes.size() * sizeof(Digest)});
  const Digest root = TreeHash(hashes);
  levels_[level].hashes.clear();
  ++levels_[level].complete;
  Add(level + 1, root, rows);
}

// RFC 6962 splits at the largest power of two below the size, and so never within a complete
// tile: what is left of a level's right edge is one more hash at the end of the level above.
Digest TreeTiles::Root() const {
  std::vector<Digest> edge;
  for (const Level& level : levels_) {
    std::vector<Digest> hashes = level.hashes;
    hashes.insert(hashes.end(), edge.begin(), edge.end());
    if (hashes.empty()) continue;
    edge.assign(1, TreeHash(hashes));
  }
  return edge.empty() ? HashOfNothing() : edge.front();
}

Result<std::vector<Digest>> ReadTile(const Rows& rows, uint8_t level, uint64_t tile) {
  std::string row;
  const auto found = rows.Get(Table::kTree, keyspace::Tile(level, tile), Reach::kDisk, row);
  if (!found) return found.error();
  if (!*found) return Error{Errc::kCorrupt, "tree: a tile is missing"};
  if (row.size() != kTileHashes * sizeof(Digest)) {
    return Error{Errc::kCorrupt, "tree: a tile has another size"};
  }
  std::vector<Digest> hashes(kTileHashes);
  row.copy(hashes.front().data(), row.size());
  return hashes;
}

}  // namespace idnode
