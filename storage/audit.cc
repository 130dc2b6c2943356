#include "storage/audit.h"

#include <algorithm>
#include <optional>

#include "proto/base/limits.h"
#include "proto/base/writer.h"
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

Result<Digest> Audit::HashOfSubtree(uint8_t level, uint64_t index) const {
  if (level >= 64 || index >= kTreeSizeMax >> std::min<uint8_t>(level, 56)) {
    return Error{Errc::kNotFound, "tree: no such subtree"};
  }
  const uint8_t tile_level = level / kTileLevels;
  const uint64_t count = uint64_t{1} << level % kTileLevels;
  const uint64_t first = index * count;
  const auto stored = ReadStored(rows_, tile_level, first, count);
  if (!stored) return stored.error();
  if (*stored) return TreeHash(**stored);

  // At the right edge the tile is not complete: its hashes are those of the tiles, or records,
  // below.
  if (tile_level == 0) {
    const auto leaves = ReadLeaves(log_, first, count);
    if (!leaves) return leaves.error();
    return TreeHash(*leaves);
  }
  std::vector<Digest> hashes;
  for (uint64_t i = first; i < first + count; ++i) {
    const auto below = ReadStored(rows_, tile_level - 1, i * kTileHashes, kTileHashes);
    if (!below) return below.error();
    if (!*below) return Error{Errc::kNotFound, "tree: no such subtree"};
    hashes.push_back(TreeHash(**below));
  }
  return TreeHash(hashes);
}

Result<Audit::Inclusion> Audit::Prove(Position position, uint64_t tree_size) const {
  if (position.value == 0 || position.value > tree_size) {
    return Error{Errc::kNotFound, "the tree of this size has no such record"};
  }
  auto records = log_.Read(position, 1, limits::kLogRecordOctetsMax);
  if (!records) return records.error();
  if (records->empty()) return Error{Errc::kNotFound, "log: no such record"};
  auto proof = ProveInclusion(position.value - 1, tree_size, [this](uint8_t level, uint64_t index) {
    return HashOfSubtree(level, index);
  });
  if (!proof) return proof.error();
  return Inclusion{std::move(records->front()), *std::move(proof)};
}

Result<std::vector<Digest>> Audit::ProveGrowth(uint64_t old_size, uint64_t tree_size) const {
  return ProveConsistency(old_size, tree_size, [this](uint8_t level, uint64_t index) {
    return HashOfSubtree(level, index);
  });
}

Result<Digest> DigestOfTables(const Rows& rows) {
  auto hasher = Hasher::Create("sha256");
  if (!hasher) return hasher.error();
  std::string head;
  for (const TableRow& table : kTableRows) {
    if (table.table == Table::kLocal) continue;
    const auto cursor = rows.Scan(table.table, {}, {});
    for (; cursor->Valid(); cursor->Next()) {
      head.clear();
      Writer(head)
          .U8(static_cast<uint8_t>(table.table))
          .U32(static_cast<uint32_t>(cursor->key().size()))
          .U32(static_cast<uint32_t>(cursor->value().size()));
      hasher->Update(head).Update(cursor->key()).Update(cursor->value());
    }
    if (const Status status = cursor->status(); !status) return status.error();
  }
  Digest digest;
  hasher->Finish().copy(digest.data(), digest.size());
  return digest;
}

}  // namespace idnode
