#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/crypto/digest.h"

namespace idnode {

// The Merkle tree of RFC 6962 section 2.1 over the ledger's records, kept in tiles of 256 hashes.

Digest HashLeaf(std::string_view octets);                      // SHA-256(0x00 || octets)
Digest HashChildren(const Digest& left, const Digest& right);  // SHA-256(0x01 || left || right)
Digest HashOfNothing();                                        // SHA-256 of the empty string

// The tree hash over given leaf hashes (MTH of RFC 6962).
Digest TreeHash(const std::vector<Digest>& leaf_hashes);

// At a million records a second this lasts for two thousand years; whatever claims more is refused.
inline constexpr uint64_t kTreeSizeMax = uint64_t{1} << 56;

struct TreeHead {
  uint64_t size = 0;
  Digest root = HashOfNothing();
  friend bool operator==(const TreeHead&, const TreeHead&) = default;
};

// The right edge of a growing tree: the roots of its complete subtrees, largest first. Appending
// costs one hash on average. Encoded: the size as u64, then the roots.
class Frontier {
 public:
  void Append(const Digest& leaf_hash);
  uint64_t size() const { return size_; }
  Digest Root() const;

  std::string Encode() const;
  // kMalformed: a size over kTreeSizeMax, or another number of roots than the size has.
  static Result<Frontier> Decode(std::string_view octets);
  friend bool operator==(const Frontier&, const Frontier&) = default;

 private:
  uint64_t size_ = 0;
  std::vector<Digest> roots_;
};

// The hash of the complete subtree of 2^level leaves that starts at leaf (index << level).
// Supplied by whoever stores tiles.
using SubtreeHash = std::function<Result<Digest>(uint8_t level, uint64_t index)>;

// RFC 6962 2.1.1 and 2.1.2. kMalformed: the tree has no such leaf, or is smaller than the old one.
// An error of `hash` is passed on. The proof that a tree extends the empty tree is empty.
Result<std::vector<Digest>> ProveInclusion(uint64_t leaf, uint64_t tree_size,
                                           const SubtreeHash& hash);
Result<std::vector<Digest>> ProveConsistency(uint64_t old_size, uint64_t tree_size,
                                             const SubtreeHash& hash);
// RFC 9162 2.1.3.2 and 2.1.4.2. kForged: the proof does not hold. kMalformed: it cannot be one.
Status VerifyInclusion(const Digest& leaf_hash, uint64_t leaf, const TreeHead& head,
                       const std::vector<Digest>& proof);
Status VerifyConsistency(const TreeHead& old_head, const TreeHead& head,
                         const std::vector<Digest>& proof);

// Tiles (as in C2SP tlog-tiles): tile (level, n) holds the hashes of the 256 subtrees of
// 2^(8 * level) leaves that start at n * 256; stored once it is complete.
inline constexpr uint64_t kTileHashes = 256;

// A checkpoint as text (C2SP tlog-checkpoint): origin, size, root in Base64, a line each, and no
// extension lines. A text that decodes is the one that its checkpoint encodes to.
struct Checkpoint {
  std::string origin;  // IsCheckpointOrigin().
  TreeHead head;
};
inline constexpr size_t kCheckpointOriginOctetsMax = 255;
// One line of UTF-8 without control characters, not empty and not over the limit.
bool IsCheckpointOrigin(std::string_view origin);
std::string EncodeCheckpoint(const Checkpoint& checkpoint);
Result<Checkpoint> DecodeCheckpoint(std::string_view text);

}  // namespace idnode
