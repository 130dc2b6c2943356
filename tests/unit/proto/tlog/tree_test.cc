#include "proto/tlog/tree.h"

#include <gtest/gtest.h>

#include "proto/base/text.h"
#include "tests/unit/proto/tlog/reference_tree.h"

namespace idnode {
namespace {

std::string Hex(const Digest& digest) { return ToHex(AsText(digest)); }

// The eight leaves and roots of the tests of Certificate Transparency's reference implementation
// (google/certificate-transparency, merkletree/merkle_tree_test.cc).
constexpr auto kLeavesInHex = std::to_array<std::string_view>({
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
});
constexpr auto kRootsInHex = std::to_array<std::string_view>({
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
});

TEST(Tree, HasTheRootsOfTheReferenceImplementation) {
  EXPECT_EQ(Hex(HashOfNothing()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  std::vector<Digest> leaves;
  for (size_t i = 0; i < kLeavesInHex.size(); ++i) {
    const auto leaf = FromHex(kLeavesInHex[i]);
    ASSERT_TRUE(leaf);
    leaves.push_back(HashLeaf(*leaf));
    EXPECT_EQ(Hex(TreeHash(leaves)), kRootsInHex[i]) << i + 1 << " leaves";
  }
}

TEST(Tree, TellsLeavesFromChildren) {
  const Digest left = HashLeaf("left");
  const Digest right = HashLeaf("right");
  const std::string both = std::string(AsText(left)).append(AsText(right));
  EXPECT_NE(HashChildren(left, right), HashLeaf(both));
  EXPECT_NE(HashChildren(left, right), HashChildren(right, left));
}

TEST(Frontier, IsTheTreeOfTheDefinitionAtEverySize) {
  const ReferenceTree tree(600);
  Frontier frontier;
  for (size_t size = 0; size <= 600; ++size) {
    ASSERT_EQ(frontier.size(), size);
    ASSERT_EQ(frontier.Root(), tree.HeadAt(size).root) << size << " leaves";
    if (size < 600) frontier.Append(tree.leaves()[size]);
  }
}

TEST(Frontier, GoesOnAfterDecodingAsIfNothingHadHappened) {
  const ReferenceTree tree(300);
  Frontier frontier;
  for (const Digest& leaf : tree.leaves()) {
    auto decoded = Frontier::Decode(frontier.Encode());
    ASSERT_TRUE(decoded) << decoded.error().detail;
    ASSERT_EQ(*decoded, frontier);
    frontier.Append(leaf);
    decoded->Append(leaf);
    ASSERT_EQ(decoded->Root(), frontier.Root());
  }
}

TEST(Frontier, IsRefusedWhereverItIsCutShortAndWithAnythingBehind) {
  Frontier frontier;
  for (int i = 0; i < 21; ++i) frontier.Append(HashLeaf("x"));
  const std::string whole = frontier.Encode();
  ASSERT_EQ(whole.size(), 8u + 3 * 32);
  for (size_t size = 0; size < whole.size(); ++size) {
    const auto decoded = Frontier::Decode(std::string_view(whole).substr(0, size));
    ASSERT_FALSE(decoded) << size << " octets";
    EXPECT_EQ(decoded.error().code, Errc::kMalformed);
  }
  EXPECT_FALSE(Frontier::Decode(whole + "x"));
  EXPECT_FALSE(Frontier::Decode(whole + std::string(32, 'x')));
}

TEST(Frontier, IsRefusedOverTheLargestTree) {
  std::string largest("\x01\0\0\0\0\0\0\0", 8);
  largest.append(32, 'r');
  const auto decoded = Frontier::Decode(largest);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->size(), kTreeSizeMax);

  std::string over("\x01\0\0\0\0\0\0\x01", 8);
  over.append(64, 'r');
  EXPECT_FALSE(Frontier::Decode(over));
  EXPECT_FALSE(Frontier::Decode(std::string(8, '\xff') + std::string(size_t{64} * 32, 'r')));
}

}  // namespace
}  // namespace idnode
