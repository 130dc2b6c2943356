#include <gtest/gtest.h>

#include <bit>

#include "proto/base/text.h"
#include "proto/tlog/tree.h"
#include "tests/unit/proto/tlog/reference_tree.h"

namespace idnode {
namespace {

constexpr size_t kSizeMax = 300;

// Built once: the heads of all sizes cost a quarter of a million hashes.
const ReferenceTree& Tree() {
  static const ReferenceTree tree(kSizeMax);
  return tree;
}
const std::vector<TreeHead>& Heads() {
  static const std::vector<TreeHead> heads = [] {
    std::vector<TreeHead> all;
    for (size_t size = 0; size <= kSizeMax; ++size) all.push_back(Tree().HeadAt(size));
    return all;
  }();
  return heads;
}

std::vector<Digest> Inclusion(size_t leaf, size_t size) {
  auto proof = ProveInclusion(leaf, size, Tree().Subtrees());
  EXPECT_TRUE(proof) << leaf << " of " << size;
  return proof ? std::move(*proof) : std::vector<Digest>{};
}
std::vector<Digest> Consistency(size_t old_size, size_t size) {
  auto proof = ProveConsistency(old_size, size, Tree().Subtrees());
  EXPECT_TRUE(proof) << old_size << " of " << size;
  return proof ? std::move(*proof) : std::vector<Digest>{};
}
Status CheckInclusion(size_t leaf, size_t size, const std::vector<Digest>& proof) {
  return VerifyInclusion(Tree().leaves()[leaf], leaf, Heads()[size], proof);
}
Status CheckConsistency(size_t old_size, size_t size, const std::vector<Digest>& proof) {
  return VerifyConsistency(Heads()[old_size], Heads()[size], proof);
}

// Hands out `proof` with each of its bits changed in turn.
template <class F>
void WithEveryBitChanged(std::vector<Digest> proof, F&& check) {
  for (Digest& digest : proof) {
    for (char& octet : digest) {
      for (int bit = 0; bit < 8; ++bit) {
        const char as_it_was = octet;
        octet = static_cast<char>(octet ^ (1 << bit));
        check(proof);
        octet = as_it_was;
      }
    }
  }
}

TEST(InclusionProof, HoldsForEveryLeafOfEveryTree) {
  for (size_t size = 1; size <= kSizeMax; ++size) {
    for (size_t leaf = 0; leaf < size; ++leaf) {
      const auto proof = Inclusion(leaf, size);
      ASSERT_LE(proof.size(), static_cast<size_t>(std::bit_width(size - 1)));
      ASSERT_TRUE(CheckInclusion(leaf, size, proof)) << leaf << " of " << size;
    }
  }
}

// RFC 6962 section 2.1.3: the tree of seven leaves and its paths, node by node.
TEST(InclusionProof, IsThePathOfTheStandardsExample) {
  const auto& d = Tree().leaves();
  const Digest g = HashChildren(d[0], d[1]);
  const Digest h = HashChildren(d[2], d[3]);
  const Digest i = HashChildren(d[4], d[5]);
  const Digest k = HashChildren(g, h);
  const Digest l = HashChildren(i, d[6]);
  EXPECT_EQ(Inclusion(0, 7), (std::vector<Digest>{d[1], h, l}));
  EXPECT_EQ(Inclusion(3, 7), (std::vector<Digest>{d[2], g, l}));
  EXPECT_EQ(Inclusion(4, 7), (std::vector<Digest>{d[5], d[6], k}));
  EXPECT_EQ(Inclusion(6, 7), (std::vector<Digest>{i, k}));
}

TEST(InclusionProof, IsRefusedForAnotherLeafPlaceOrTree) {
  for (size_t size = 1; size <= 40; ++size) {
    for (size_t leaf = 0; leaf < size; ++leaf) {
      const auto proof = Inclusion(leaf, size);
      for (size_t other = 0; other < size; ++other) {
        if (other == leaf) continue;
        EXPECT_FALSE(VerifyInclusion(Tree().leaves()[other], leaf, Heads()[size], proof));
        EXPECT_FALSE(VerifyInclusion(Tree().leaves()[leaf], other, Heads()[size], proof));
      }
      for (size_t other = 0; other <= 40; ++other) {
        if (other == size) continue;
        EXPECT_FALSE(VerifyInclusion(Tree().leaves()[leaf], leaf, Heads()[other], proof))
            << leaf << " of " << size << " in " << other;
      }
    }
  }
}

TEST(InclusionProof, IsRefusedWithAnyBitChanged) {
  for (const size_t size : {1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 31, 64, 100, 300}) {
    for (size_t leaf = 0; leaf < size; leaf += 1 + size / 13) {
      WithEveryBitChanged(Inclusion(leaf, size), [&](const auto& changed) {
        const Status status = CheckInclusion(leaf, size, changed);
        ASSERT_FALSE(status) << leaf << " of " << size;
        ASSERT_EQ(status.error().code, Errc::kForged);
      });
    }
  }
}

TEST(InclusionProof, IsMalformedWithAHashTooFewOrTooMany) {
  for (size_t size = 1; size <= 100; ++size) {
    for (size_t leaf = 0; leaf < size; ++leaf) {
      auto proof = Inclusion(leaf, size);
      proof.push_back(Digest{});
      const Status longer = CheckInclusion(leaf, size, proof);
      ASSERT_FALSE(longer);
      ASSERT_EQ(longer.error().code, Errc::kMalformed);
      proof.pop_back();
      if (proof.empty()) continue;
      proof.pop_back();
      const Status shorter = CheckInclusion(leaf, size, proof);
      ASSERT_FALSE(shorter);
      ASSERT_EQ(shorter.error().code, Errc::kMalformed);
    }
  }
}

TEST(InclusionProof, IsNeitherMadeNorVerifiedForALeafThatIsNotThere) {
  for (const auto& [leaf, size] : {std::pair<uint64_t, uint64_t>{0, 0}, {7, 7}, {UINT64_MAX, 7}}) {
    const auto proof = ProveInclusion(leaf, size, Tree().Subtrees());
    ASSERT_FALSE(proof);
    EXPECT_EQ(proof.error().code, Errc::kMalformed);
    const Status status = VerifyInclusion(Digest{}, leaf, Heads()[size], {});
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, Errc::kMalformed);
  }
}

TEST(ConsistencyProof, HoldsBetweenEveryTwoSizes) {
  for (size_t size = 0; size <= kSizeMax; ++size) {
    for (size_t old_size = 0; old_size <= size; ++old_size) {
      const auto proof = Consistency(old_size, size);
      ASSERT_TRUE(CheckConsistency(old_size, size, proof)) << old_size << " of " << size;
    }
  }
}

// RFC 6962 section 2.1.3.
TEST(ConsistencyProof, IsTheOneOfTheStandardsExample) {
  const auto& d = Tree().leaves();
  const Digest g = HashChildren(d[0], d[1]);
  const Digest h = HashChildren(d[2], d[3]);
  const Digest i = HashChildren(d[4], d[5]);
  const Digest k = HashChildren(g, h);
  const Digest l = HashChildren(i, d[6]);
  EXPECT_EQ(Consistency(3, 7), (std::vector<Digest>{d[2], d[3], g, l}));
  EXPECT_EQ(Consistency(4, 7), (std::vector<Digest>{l}));
  EXPECT_EQ(Consistency(6, 7), (std::vector<Digest>{i, d[6], k}));
}

TEST(ConsistencyProof, IsRefusedForAnotherRootOrSize) {
  for (size_t size = 1; size <= 40; ++size) {
    for (size_t old_size = 1; old_size < size; ++old_size) {
      const auto proof = Consistency(old_size, size);
      TreeHead forged = Heads()[size];
      forged.root[31] = static_cast<char>(forged.root[31] ^ 1);
      EXPECT_FALSE(VerifyConsistency(Heads()[old_size], forged, proof));
      forged = Heads()[old_size];
      forged.root[0] = static_cast<char>(forged.root[0] ^ 0x80);
      EXPECT_FALSE(VerifyConsistency(forged, Heads()[size], proof));
      for (size_t other = 1; other < size; ++other) {
        if (other == old_size) continue;
        EXPECT_FALSE(CheckConsistency(other, size, proof))
            << old_size << " " << other << " " << size;
      }
    }
  }
}

TEST(ConsistencyProof, IsRefusedWithAnyBitChanged) {
  for (const size_t size : {1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 31, 64, 100, 300}) {
    for (size_t old_size = 1; old_size < size; old_size += 1 + size / 13) {
      WithEveryBitChanged(Consistency(old_size, size), [&](const auto& changed) {
        const Status status = CheckConsistency(old_size, size, changed);
        ASSERT_FALSE(status) << old_size << " of " << size;
        ASSERT_EQ(status.error().code, Errc::kForged);
      });
    }
  }
}

TEST(ConsistencyProof, IsMalformedWithAHashTooFewOrTooMany) {
  for (size_t size = 0; size <= 100; ++size) {
    for (size_t old_size = 0; old_size <= size; ++old_size) {
      auto proof = Consistency(old_size, size);
      proof.push_back(Digest{});
      const Status longer = CheckConsistency(old_size, size, proof);
      ASSERT_FALSE(longer);
      ASSERT_EQ(longer.error().code, Errc::kMalformed);
      proof.pop_back();
      if (proof.empty()) continue;
      proof.pop_back();
      const Status shorter = CheckConsistency(old_size, size, proof);
      ASSERT_FALSE(shorter);
      ASSERT_EQ(shorter.error().code, Errc::kMalformed);
    }
  }
}

TEST(ConsistencyProof, ShowsARewrittenHistory) {
  std::vector<Digest> rewritten = Tree().leaves();
  rewritten[17] = HashLeaf("another");
  const TreeHead forged{200, DefinedHash(rewritten, 0, 200)};
  const Status status = VerifyConsistency(Heads()[100], forged, Consistency(100, 200));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Errc::kForged);
}

TEST(ConsistencyProof, IsRefusedFromALargerTreeToASmaller) {
  EXPECT_FALSE(ProveConsistency(8, 7, Tree().Subtrees()));
  const Status status = CheckConsistency(8, 7, {});
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Errc::kMalformed);
}

TEST(ConsistencyProof, HoldsTreesOfOneSizeToOneRoot) {
  const TreeHead odd_empty{0, HashLeaf("x")};
  const TreeHead odd_seven{7, HashLeaf("x")};
  EXPECT_TRUE(VerifyConsistency(TreeHead{}, TreeHead{}, {}));
  EXPECT_EQ(VerifyConsistency(odd_empty, Heads()[7], {}).error().code, Errc::kForged);
  EXPECT_EQ(VerifyConsistency(TreeHead{}, odd_empty, {}).error().code, Errc::kForged);
  EXPECT_EQ(VerifyConsistency(odd_empty, odd_empty, {}).error().code, Errc::kForged);
  EXPECT_EQ(VerifyConsistency(Heads()[7], odd_seven, {}).error().code, Errc::kForged);
}

TEST(Proofs, RefuseTreesOverTheLargest) {
  const TreeHead over{kTreeSizeMax + 1, Digest{}};
  EXPECT_EQ(VerifyInclusion(Digest{}, 0, over, {}).error().code, Errc::kMalformed);
  EXPECT_EQ(VerifyConsistency(Heads()[1], over, {}).error().code, Errc::kMalformed);
  EXPECT_EQ(ProveInclusion(0, over.size, Tree().Subtrees()).error().code, Errc::kMalformed);
  EXPECT_EQ(ProveConsistency(1, over.size, Tree().Subtrees()).error().code, Errc::kMalformed);
}

TEST(Proofs, ReachToTheLargestTree) {
  // Every subtree of every level has the same hash: a tree of equal leaves.
  std::vector<Digest> level_hash{HashLeaf("same")};
  for (int level = 1; level <= 56; ++level) {
    level_hash.push_back(HashChildren(level_hash.back(), level_hash.back()));
  }
  const SubtreeHash hash = [&](uint8_t level, uint64_t) -> Result<Digest> {
    return level_hash.at(level);
  };
  const TreeHead head{kTreeSizeMax, level_hash.back()};
  const auto inclusion = ProveInclusion(kTreeSizeMax - 1, kTreeSizeMax, hash);
  ASSERT_TRUE(inclusion);
  EXPECT_EQ(inclusion->size(), 56u);
  EXPECT_TRUE(VerifyInclusion(level_hash[0], kTreeSizeMax - 1, head, *inclusion));

  const TreeHead half{kTreeSizeMax / 2, level_hash[55]};
  const auto consistency = ProveConsistency(half.size, head.size, hash);
  ASSERT_TRUE(consistency);
  EXPECT_TRUE(VerifyConsistency(half, head, *consistency));
}

TEST(Proofs, PassOnWhatTheTilesRefuse) {
  const SubtreeHash broken = [](uint8_t, uint64_t) -> Result<Digest> {
    return Error{Errc::kCorrupt, "a tile is damaged"};
  };
  EXPECT_EQ(ProveInclusion(3, 7, broken).error().code, Errc::kCorrupt);
  EXPECT_EQ(ProveConsistency(3, 7, broken).error().code, Errc::kCorrupt);
}

}  // namespace
}  // namespace idnode
