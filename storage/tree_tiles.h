#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "proto/base/result.h"
#include "proto/tlog/tree.h"
#include "storage/engine/batch.h"
#include "storage/engine/engine.h"

namespace idnode {

// Cuts the growing Merkle tree into rows of Table::kTree: 256 hashes of 32 octets, written once
// they are complete and never changed (kTileHashes). A tile of level 0 holds leaf hashes, one of
// level k the roots of 256 tiles of level k - 1. What is not complete is kept in memory, and at
// open read back from the level below: at most 255 log records, and 255 tiles a level. One thread.
class TreeTiles {
 public:
  // The hash of leaf `index`, which no tile holds yet.
  using LeafOf = std::function<Result<Digest>(uint64_t index)>;
  // kCorrupt: a tile that the size demands is missing or damaged.
  static Result<TreeTiles> Open(const Rows& rows, uint64_t size, const LeafOf& leaf_of);

  void Append(const Digest& leaf_hash, Batch& rows);

  uint64_t size() const { return size_; }
  // The root by what is kept; as Frontier::Root, from other hashes.
  Digest Root() const;

 private:
  struct Level {
    uint64_t complete = 0;       // Tiles that are stored.
    std::vector<Digest> hashes;  // Of the next one; fewer than 256.
  };

  void Add(size_t level, const Digest& hash, Batch& rows);

  uint64_t size_ = 0;
  std::vector<Level> levels_;
};

// The hashes of a stored tile. kCorrupt: missing, or of another size.
Result<std::vector<Digest>> ReadTile(const Rows& rows, uint8_t level, uint64_t tile);

}  // namespace idnode
