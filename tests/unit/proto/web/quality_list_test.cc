#include "proto/web/quality_list.h"

#include <gtest/gtest.h>

namespace idnode {
namespace {

TEST(QualityList, KeepsItsOrder) {
  const auto items =
      ParseQualityList("Text/HTML;level=1;q=0.5, */*;Q=0, ,application/json ; q=.25");
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items[0].name, "text/html");
  EXPECT_EQ(items[0].quality, 0.5);
  EXPECT_EQ(items[1].name, "*/*");
  EXPECT_EQ(items[1].quality, 0);
  EXPECT_EQ(items[2].name, "application/json");
  EXPECT_EQ(items[2].quality, 0.25);
}

TEST(QualityList, TakesWhatCannotBeReadForOne) {
  for (const char* text : {"a", "a;q", "a;q=", "a;q=x", "a;q=2", "a;q=-1", "a;q=1x", "a;q=nan"}) {
    const auto items = ParseQualityList(text);
    ASSERT_EQ(items.size(), 1u) << text;
    EXPECT_EQ(items[0].quality, 1) << text;
  }
  EXPECT_TRUE(ParseQualityList("").empty());
  EXPECT_TRUE(ParseQualityList(" , ;q=1,").empty());
}

TEST(QualityList, LooksAtThirtyTwo) {
  std::string text = "a";
  for (int i = 0; i < 1'000; ++i) text += ",a";
  EXPECT_EQ(ParseQualityList(text).size(), 32u);
}

}  // namespace
}  // namespace idnode
