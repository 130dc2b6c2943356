#include <gtest/gtest.h>

#include "proto/tlog/tree.h"

namespace idnode {
namespace {

constexpr std::string_view kEmptyRoot = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
constexpr std::string_view kOneRoot = "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=";

std::string Lines(std::string_view origin, std::string_view size, std::string_view root) {
  return std::string(origin).append("\n").append(size).append("\n").append(root).append("\n");
}

TEST(Checkpoint, IsThreeLinesOfText) {
  EXPECT_EQ(EncodeCheckpoint({"88.118.1/ledger", {}}), Lines("88.118.1/ledger", "0", kEmptyRoot));
  EXPECT_EQ(EncodeCheckpoint({"二级节点", {1, HashLeaf("")}}), Lines("二级节点", "1", kOneRoot));
}

TEST(Checkpoint, ComesBackAsItWas) {
  for (const uint64_t size : {uint64_t{1}, uint64_t{255}, uint64_t{1} << 33, kTreeSizeMax}) {
    const Checkpoint checkpoint{"example.com/log", {size, HashLeaf("root")}};
    const auto decoded = DecodeCheckpoint(EncodeCheckpoint(checkpoint));
    ASSERT_TRUE(decoded) << decoded.error().detail;
    EXPECT_EQ(decoded->origin, checkpoint.origin);
    EXPECT_EQ(decoded->head, checkpoint.head);
  }
}

TEST(Checkpoint, IsRefusedWhereverItIsCutShort) {
  const std::string whole = Lines("origin", "12345", kOneRoot);
  ASSERT_TRUE(DecodeCheckpoint(whole));
  for (size_t size = 0; size < whole.size(); ++size) {
    const auto decoded = DecodeCheckpoint(std::string_view(whole).substr(0, size));
    ASSERT_FALSE(decoded) << size << " octets";
    EXPECT_EQ(decoded.error().code, Errc::kMalformed);
  }
}

TEST(Checkpoint, HasOneTextOnly) {
  const std::string too_long_origin(kCheckpointOriginOctetsMax + 1, 'o');
  const std::string over = std::to_string(kTreeSizeMax + 1);
  const std::string refused[] = {
      Lines("origin", "1", kOneRoot) + "\n",
      Lines("origin", "1", kOneRoot) + "extension\n",
      "\n" + Lines("origin", "1", kOneRoot),
      Lines("", "1", kOneRoot),
      Lines("orig\tin", "1", kOneRoot),
      Lines("origin\r", "1", kOneRoot),
      Lines("\xff", "1", kOneRoot),
      Lines(too_long_origin, "1", kOneRoot),
      Lines("origin", "", kOneRoot),
      Lines("origin", "01", kOneRoot),
      Lines("origin", "00", kEmptyRoot),
      Lines("origin", "+1", kOneRoot),
      Lines("origin", "-1", kOneRoot),
      Lines("origin", " 1", kOneRoot),
      Lines("origin", "0x1", kOneRoot),
      Lines("origin", over, kOneRoot),
      Lines("origin", "18446744073709551617", kOneRoot),
      Lines("origin", "1", ""),
      Lines("origin", "1", "AAAA"),
      Lines("origin", "1", std::string(kOneRoot) + "AAAA"),
      Lines("origin", "1", kOneRoot.substr(0, 43)),
      Lines("origin", "1", "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB1="),
      Lines("origin", "0", kOneRoot),
  };
  for (const std::string& text : refused) {
    const auto decoded = DecodeCheckpoint(text);
    ASSERT_FALSE(decoded) << text;
    EXPECT_EQ(decoded.error().code, Errc::kMalformed) << text;
  }
}

TEST(Checkpoint, TakesTheLongestOrigin) {
  const std::string origin(kCheckpointOriginOctetsMax, 'o');
  EXPECT_TRUE(DecodeCheckpoint(Lines(origin, "1", kOneRoot)));
}

}  // namespace
}  // namespace idnode
