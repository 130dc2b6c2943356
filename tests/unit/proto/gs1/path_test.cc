#include "proto/gs1/path.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace idnode {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Status Fill(const Pairs& pairs, Gs1Path& path) {
  for (const auto& [ai, value] : pairs) {
    if (const Status added = path.Add(*FindApplicationIdentifier(ai), value); !added) return added;
  }
  return path.CheckComplete();
}

// The canonical path, or the name of the refusal.
std::string Made(const Pairs& pairs) {
  Gs1Path path;
  if (const Status filled = Fill(pairs, path); !filled) {
    return std::string(RowOf(filled.error().code).name);
  }
  std::string text;
  AppendCanonicalPath(path, text);
  return text;
}

const std::string kGtin = "06901234567892";

TEST(Gs1Path, TakesQualifiersInTheirOrder) {
  EXPECT_EQ(Made({{"01", kGtin}, {"22", "2A"}, {"10", "L1"}, {"21", "S/1"}}),
            "01/06901234567892/22/2A/10/L1/21/S%2F1");
  EXPECT_EQ(Made({{"01", kGtin}, {"22", "2A"}, {"21", "S1"}}), "01/06901234567892/22/2A/21/S1");
  EXPECT_EQ(Made({{"01", kGtin}, {"21", "S1"}, {"10", "L1"}}), "invalid_identifier");
  EXPECT_EQ(Made({{"01", kGtin}, {"10", "L1"}, {"10", "L1"}}), "invalid_identifier");
}

TEST(Gs1Path, DoesNotMixAlternatives) {
  EXPECT_EQ(Made({{"01", kGtin}, {"235", "T"}}), "01/06901234567892/235/T");
  EXPECT_EQ(Made({{"01", kGtin}, {"235", "T"}, {"21", "S"}}), "invalid_identifier");
  EXPECT_EQ(Made({{"01", kGtin}, {"10", "L"}, {"235", "T"}}), "invalid_identifier");
  EXPECT_EQ(Made({{"414", "9520123456788"}, {"254", "A"}, {"7040", "1ABC"}}), "invalid_identifier");
}

TEST(Gs1Path, BeginsWithAPrimaryKey) {
  EXPECT_EQ(Made({}), "invalid_identifier");
  EXPECT_EQ(Made({{"10", "L1"}}), "invalid_identifier");
  EXPECT_EQ(Made({{"02", kGtin}}), "invalid_identifier");
  EXPECT_EQ(Made({{"01", kGtin}, {"8004", "9520A"}}), "invalid_identifier");
}

TEST(Gs1Path, OfAGlnToPayToNeedsItsReference) {
  EXPECT_EQ(Made({{"415", "9520123456788"}}), "invalid_identifier");
  EXPECT_EQ(Made({{"415", "9520123456788"}, {"8020", "R"}}), "415/9520123456788/8020/R");
}

TEST(Gs1Path, PadsAGtinToFourteenDigits) {
  EXPECT_EQ(Made({{"01", "95201238"}}), "01/00000095201238");
  EXPECT_EQ(Made({{"01", "952012345672"}}), "01/00952012345672");
  EXPECT_EQ(Made({{"01", "6901234567892"}}), "01/06901234567892");
}

TEST(Gs1Path, RefusesAGtinOfAnyOtherLength) {
  const std::string digits(20, '0');
  for (size_t size = 0; size <= digits.size(); ++size) {
    const bool fits = size == 8 || (size >= 12 && size <= 14);
    EXPECT_EQ(Made({{"01", digits.substr(0, size)}}) == "01/00000000000000", fits) << size;
  }
  EXPECT_EQ(Made({{"01", "123456"}}), "wrong_length") << "a printed UPC-E";
}

TEST(Gs1Path, SaysWhyAGtinIsRefused) {
  EXPECT_EQ(Made({{"01", "6901234567893"}}), "check_digit");
  EXPECT_EQ(Made({{"01", "690123456789A"}}), "not_digits");
}

TEST(Gs1Path, PadsNothingElse) {
  EXPECT_EQ(Made({{"414", "95201238"}}), "wrong_length");
  EXPECT_EQ(Made({{"8006", "9520123456788"}}), "wrong_length");
}

TEST(Gs1Path, HoldsTheLongestOfAllItself) {
  const std::string longest(20, '%');
  Gs1Path path;
  ASSERT_TRUE(Fill(
      {{"8006", "095201234567880102"}, {"22", longest}, {"10", longest}, {"21", longest}}, path));
  const Gs1Path copy = path;
  path.clear();
  EXPECT_TRUE(path.empty());
  EXPECT_EQ(copy.size(), 4u);
  EXPECT_EQ(copy.key().value, "095201234567880102");
  EXPECT_EQ(copy.Qualifier(22), longest);
  EXPECT_EQ(copy.Qualifier(21), longest);
  EXPECT_EQ(copy.Qualifier(235), "");
}

TEST(Gs1Path, IsUnchangedByWhatItRefuses) {
  Gs1Path path;
  ASSERT_TRUE(Fill({{"01", kGtin}, {"10", "L1"}}, path));
  EXPECT_FALSE(path.Add(*FindApplicationIdentifier("21"), "not allowed").ok());
  EXPECT_FALSE(path.Add(*FindApplicationIdentifier("22"), "A").ok());
  EXPECT_EQ(path.size(), 2u);
  EXPECT_TRUE(path.Add(*FindApplicationIdentifier("21"), "S").ok());
}

}  // namespace
}  // namespace idnode
