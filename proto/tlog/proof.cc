#include <algorithm>
#include <bit>

#include "proto/tlog/tree.h"

namespace idnode {
namespace {

using Proof = std::vector<Digest>;

constexpr Error kTooShort{Errc::kMalformed, "proof: too few hashes"};
constexpr Error kTooLong{Errc::kMalformed, "proof: too many hashes"};
constexpr Error kTreeTooLarge{Errc::kMalformed, "proof: tree size over its limit"};

// Leaves [start, start + size) of the tree. `start` is a multiple of the least power of two that
// is not below `size`, as it is for every subtree of RFC 6962.
struct Range {
  uint64_t start = 0;
  uint64_t size = 0;
};

// The size of the left subtree: the largest power of two below `size`, which is over 1.
uint64_t LeftSize(uint64_t size) { return std::bit_floor(size - 1); }

Range LeftOf(Range range) { return {range.start, LeftSize(range.size)}; }

Range RightOf(Range range) {
  const uint64_t left = LeftSize(range.size);
  return {range.start + left, range.size - left};
}

// The hash of a range, which is not empty, from the complete subtrees that it consists of: their
// sizes are the bits of its size, largest first.
Result<Digest> HashOfRange(Range range, const SubtreeHash& hash) {
  Proof roots;
  while (range.size > 0) {
    const auto level = static_cast<uint8_t>(std::bit_width(range.size) - 1);
    auto root = hash(level, range.start >> level);
    if (!root) return root.error();
    roots.push_back(*root);
    range.start += uint64_t{1} << level;
    range.size -= uint64_t{1} << level;
  }
  Digest digest = roots.back();
  for (size_t i = roots.size() - 1; i > 0; --i) digest = HashChildren(roots[i - 1], digest);
  return digest;
}

// The hashes of `ranges`, which were collected on the way down: a proof reads upwards.
Result<Proof> HashUpwards(const std::vector<Range>& ranges, const SubtreeHash& hash) {
  Proof proof;
  proof.reserve(ranges.size());
  for (size_t i = ranges.size(); i > 0; --i) {
    auto digest = HashOfRange(ranges[i - 1], hash);
    if (!digest) return digest.error();
    proof.push_back(*digest);
  }
  return proof;
}

// The way from a node up to the root of a tree: `node` and `last` are the indices, at the height
// reached, of the node and of the last node (fn and sn of RFC 9162 section 2.1).
struct Climb {
  uint64_t node = 0;
  uint64_t last = 0;

  void Up() {
    node >>= 1;
    last >>= 1;
  }
  bool AtRoot() const { return last == 0; }
  // Whether the next hash of the proof stands to the left of the node.
  bool NextIsLeft() const { return node % 2 == 1 || node == last; }
  // A last node without a right sibling stands for its parent: on to where it has a left sibling.
  void SkipLoneParents() {
    while (node % 2 == 0 && node != 0) Up();
  }
};

Status Refuse(std::string_view detail) { return Error{Errc::kForged, detail}; }

Status VerifyGrowth(const TreeHead& old_head, const TreeHead& head, const Proof& proof) {
  if (proof.empty()) return kTooShort;
  Climb climb{old_head.size - 1, head.size - 1};
  while (climb.node % 2 == 1) climb.Up();

  // The old tree's last complete subtree is where both climbs start. When it is the whole old tree
  // the verifier knows its hash and the proof leaves it out.
  const bool old_is_complete = std::has_single_bit(old_head.size);
  Digest old_root = old_is_complete ? old_head.root : proof.front();
  Digest root = old_root;
  for (size_t i = old_is_complete ? 0 : 1; i < proof.size(); ++i) {
    if (climb.AtRoot()) return kTooLong;
    if (climb.NextIsLeft()) {
      old_root = HashChildren(proof[i], old_root);
      root = HashChildren(proof[i], root);
      climb.SkipLoneParents();
    } else {
      root = HashChildren(root, proof[i]);
    }
    climb.Up();
  }
  if (!climb.AtRoot()) return kTooShort;
  if (old_root != old_head.root) return Refuse("consistency proof: not from the old root");
  if (root != head.root) return Refuse("consistency proof: not to the new root");
  return {};
}

}  // namespace

Result<Proof> ProveInclusion(uint64_t leaf, uint64_t tree_size, const SubtreeHash& hash) {
  if (tree_size > kTreeSizeMax) return kTreeTooLarge;
  if (leaf >= tree_size) return Error{Errc::kMalformed, "inclusion proof: no such leaf"};
  std::vector<Range> siblings;
  for (Range at{0, tree_size}; at.size > 1;) {
    const Range left = LeftOf(at);
    const Range right = RightOf(at);
    const bool is_left = leaf < right.start;
    siblings.push_back(is_left ? right : left);
    at = is_left ? left : right;
  }
  return HashUpwards(siblings, hash);
}

Result<Proof> ProveConsistency(uint64_t old_size, uint64_t tree_size, const SubtreeHash& hash) {
  if (tree_size > kTreeSizeMax) return kTreeTooLarge;
  if (old_size > tree_size) {
    return Error{Errc::kMalformed, "consistency proof: the old tree is larger"};
  }
  if (old_size == 0 || old_size == tree_size) return Proof{};
  std::vector<Range> siblings;
  Range at{0, tree_size};
  while (at.start + at.size != old_size) {
    const Range left = LeftOf(at);
    const Range right = RightOf(at);
    const bool is_left = old_size <= right.start;
    siblings.push_back(is_left ? right : left);
    at = is_left ? left : right;
  }
  if (at.start != 0) siblings.push_back(at);  // Else it is the whole old tree.
  return HashUpwards(siblings, hash);
}

Status VerifyInclusion(const Digest& leaf_hash, uint64_t leaf, const TreeHead& head,
                       const Proof& proof) {
  if (head.size > kTreeSizeMax) return kTreeTooLarge;
  if (leaf >= head.size) return Error{Errc::kMalformed, "inclusion proof: no such leaf"};
  Climb climb{leaf, head.size - 1};
  Digest root = leaf_hash;
  for (const Digest& sibling : proof) {
    if (climb.AtRoot()) return kTooLong;
    if (climb.NextIsLeft()) {
      root = HashChildren(sibling, root);
      climb.SkipLoneParents();
    } else {
      root = HashChildren(root, sibling);
    }
    climb.Up();
  }
  if (!climb.AtRoot()) return kTooShort;
  if (root != head.root) return Refuse("inclusion proof: not to the root");
  return {};
}

Status VerifyConsistency(const TreeHead& old_head, const TreeHead& head, const Proof& proof) {
  if (head.size > kTreeSizeMax) return kTreeTooLarge;
  if (old_head.size > head.size) {
    return Error{Errc::kMalformed, "consistency proof: the old tree is larger"};
  }
  if (old_head.size != 0 && old_head.size != head.size) return VerifyGrowth(old_head, head, proof);

  if (!proof.empty()) return kTooLong;
  if (old_head.size == 0 && old_head.root != HashOfNothing()) {
    return Refuse("consistency proof: an empty tree with a root of its own");
  }
  if (old_head.size == head.size && old_head.root != head.root) {
    return Refuse("consistency proof: another root of the same size");
  }
  return {};
}

}  // namespace idnode
