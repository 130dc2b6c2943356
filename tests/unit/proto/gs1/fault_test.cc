#include "proto/gs1/fault.h"

#include <gtest/gtest.h>

#include "proto/gs1/value.h"

namespace idnode {
namespace {

struct Case {
  std::string_view ai, value;
  size_t at;
  std::string_view right;
};

TEST(Gs1Fault, IsTheFirstPlaceThatIsWrongWithWhatIsRight) {
  for (const Case& each : {Case{"01", "06901234567893", 13, "2"},
                           {"01", "6901234567893", 12, "2"},
                           {"01", "96385075", 7, "4"},
                           {"01", "0690123456789X", 13, ""},
                           {"01", "06901234x67893", 8, ""},
                           {"01", "0690123456", 10, ""},
                           {"01", "069012345678920", 14, ""},
                           {"00", "106141412345678909", 17, "8"},
                           {"8003", "006141411234599serial", 13, ""},
                           {"8013", "1987654Ad4X4bL5ttr2310c2Q", 23, "2K"},
                           {"10", "L 1", 1, ""},
                           {"10", "", 0, ""}}) {
    const auto* ai = FindApplicationIdentifier(each.ai);
    ASSERT_NE(ai, nullptr);
    const auto fault = FindGs1Fault(*ai, each.value);
    if (each.ai == "8003") {  // Of its number the check digit alone.
      ASSERT_TRUE(fault);
      EXPECT_EQ(fault->at, each.at);
      EXPECT_EQ(fault->right.size(), 1u);
      continue;
    }
    ASSERT_TRUE(fault) << each.value;
    EXPECT_EQ(fault->at, each.at) << each.value;
    EXPECT_EQ(fault->right, each.right) << each.value;
  }
}

TEST(Gs1Fault, IsNoneOfAValueThatIsAllowed) {
  for (const auto& [ai, value] : {std::pair<std::string_view, std::string_view>{"01", "96385074"},
                                  {"01", "06901234567892"},
                                  {"10", "L1"},
                                  {"8013", "1987654Ad4X4bL5ttr2310c2K"}}) {
    EXPECT_FALSE(FindGs1Fault(*FindApplicationIdentifier(ai), value)) << value;
  }
}

}  // namespace
}  // namespace idnode
