#include "proto/tlog/tile_path.h"

#include <gtest/gtest.h>

#include <vector>

namespace idnode {
namespace {

TEST(TilePath, IsThatOfTheStandardsExample) {
  EXPECT_EQ(EncodeTilePath({.level = 0, .tile = 1'234'067}), "0/x001/x234/067");
  EXPECT_EQ(EncodeTilePath({.entries = true, .tile = 1'234'067, .width = 5}),
            "entries/x001/x234/067.p/5");
  EXPECT_EQ(EncodeTilePath({.level = 63, .tile = 0}), "63/000");
}

TEST(TilePath, ComesBackAsItWas) {
  for (const uint64_t tile : {0ull, 1ull, 999ull, 1'000ull, 1'234'067ull, 1ull << 48}) {
    for (const uint64_t width : {1ull, 255ull, 256ull}) {
      for (const bool entries : {false, true}) {
        const TilePath path{entries, static_cast<uint8_t>(entries ? 0 : 2), tile, width};
        const auto parsed = ParseTilePath(EncodeTilePath(path));
        ASSERT_TRUE(parsed) << EncodeTilePath(path);
        EXPECT_EQ(*parsed, path);
      }
    }
  }
}

TEST(TilePath, HasOneTextOnly) {
  for (const std::string_view text : {"",
                                      "/",
                                      "0",
                                      "0/",
                                      "0/0",
                                      "0/00",
                                      "0/0000",
                                      "0/x000/067",
                                      "0/x001/67",
                                      "0/x001/x067",
                                      "0/001/067",
                                      "00/067",
                                      "64/067",
                                      "-1/067",
                                      "+1/067",
                                      "0/067.p",
                                      "0/067.p/",
                                      "0/067.p/0",
                                      "0/067.p/01",
                                      "0/067.p/256",
                                      "0/067.p/1/",
                                      "0/067/",
                                      "entries/x1/067",
                                      "entry/067",
                                      "0/x999/x999/x999/x999/x999/x999/x999/999",
                                      "0/06a",
                                      "0/x00a/067",
                                      "0/ 67"}) {
    EXPECT_FALSE(ParseTilePath(text)) << text;
  }
}

// 70,000 leaves: 273 full tiles of level 0 and one of 112, one full of level 1 and one of 17, and
// one of level 2 of width 1.
TEST(TilePath, KnowsWhichTilesATreeHas) {
  const auto has = [](std::string_view text, uint64_t size) {
    return HasTile(*ParseTilePath(text), size);
  };
  EXPECT_TRUE(has("0/272", 70'000));
  EXPECT_FALSE(has("0/273", 70'000));
  EXPECT_TRUE(has("0/273.p/112", 70'000));
  EXPECT_FALSE(has("0/273.p/113", 70'000));
  EXPECT_TRUE(has("1/000", 70'000));
  EXPECT_TRUE(has("1/001.p/17", 70'000));
  EXPECT_FALSE(has("1/001.p/18", 70'000));
  EXPECT_TRUE(has("2/000.p/1", 70'000));
  EXPECT_FALSE(has("2/000.p/2", 70'000));
  EXPECT_FALSE(has("3/000.p/1", 70'000));
  EXPECT_FALSE(has("63/000.p/1", 70'000));
  EXPECT_TRUE(has("0/000", 256));
  EXPECT_TRUE(has("1/000.p/1", 256));
  EXPECT_FALSE(has("0/000.p/1", 0));
}

}  // namespace
}  // namespace idnode
