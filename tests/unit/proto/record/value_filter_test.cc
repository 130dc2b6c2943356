#include "proto/record/value_filter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "proto/record/value.h"

namespace idnode {
namespace {

TEST(ValueFilter, SelectsAllWhenNothingIsListed) {
  const ValueFilter filter({}, {});
  EXPECT_TRUE(filter.Selects(1, "URL"));
  EXPECT_TRUE(filter.Selects(0, ""));
}

TEST(ValueFilter, SelectsByIndexOrType) {
  const ValueFilter filter({100, 7, 100}, {"URL", "hs_site.", "EMAIL"});
  EXPECT_TRUE(filter.Selects(7, "DESC"));
  EXPECT_TRUE(filter.Selects(100, "DESC"));
  EXPECT_FALSE(filter.Selects(8, "DESC"));
  EXPECT_TRUE(filter.Selects(8, "url"));
  EXPECT_FALSE(filter.Selects(8, "URL.cn"));
  EXPECT_TRUE(filter.Selects(8, "HS_SITE"));
  EXPECT_TRUE(filter.Selects(8, "HS_SITE.6.7"));
  EXPECT_FALSE(filter.Selects(8, "HS_SITES"));
  EXPECT_FALSE(filter.Selects(8, "HS_SIT"));
}

// One entry alone leaves no other list to mean "all".
TEST(ValueFilter, OfOneListSelectsNothingElse) {
  EXPECT_FALSE(ValueFilter({1}, {}).Selects(2, "URL"));
  EXPECT_FALSE(ValueFilter({}, {"URL"}).Selects(1, "DESC"));
  EXPECT_TRUE(ValueFilter({}, {"."}).Selects(1, ""));
  EXPECT_TRUE(ValueFilter({}, {"."}).Selects(1, ".x"));
  EXPECT_FALSE(ValueFilter({}, {"."}).Selects(1, "URL"));
}

// The rule is that of 2.2, entry by entry; types of few letters meet and nest often.
TEST(ValueFilter, SelectsWhatAWalkThroughTheListsWould) {
  std::mt19937 random(1);
  const auto text = [&] {
    std::string made;
    for (uint32_t left = random() % 7; left > 0; --left)
      made.push_back("aAbB..-\xc3"[random() % 8]);
    return made;
  };
  size_t selected = 0;
  for (int round = 0; round < 5'000; ++round) {
    std::vector<std::string> kept(random() % 12);
    for (std::string& each : kept) each = text();
    std::vector<uint32_t> indexes(random() % 4);
    for (uint32_t& each : indexes) each = random() % 20;
    const std::vector<std::string_view> types(kept.begin(), kept.end());
    const ValueFilter filter(indexes, types);
    for (int i = 0; i < 20; ++i) {
      const std::string type = text();
      const uint32_t index = random() % 20;
      const bool expected =
          (indexes.empty() && types.empty()) || std::ranges::count(indexes, index) > 0 ||
          std::ranges::any_of(
              types, [&](std::string_view listed) { return MatchesTypeFilter(type, listed); });
      ASSERT_EQ(filter.Selects(index, type), expected) << type << " of " << kept.size();
      selected += expected;
    }
  }
  EXPECT_GT(selected, 10'000u);
  EXPECT_LT(selected, 90'000u);
}

}  // namespace
}  // namespace idnode
