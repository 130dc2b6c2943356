#include "proto/gs1/compression.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/conformance/case_rows.h"

// The superseded compression, as the prototypes of GS1 and others wrote it.
namespace idnode {
namespace {

class CompressedCase : public testing::TestWithParam<CaseRow> {};

TEST_P(CompressedCase, IsReadAsItsBitsSayOrRefused) {
  const CaseRow& row = GetParam();
  std::string link = "what was there before";

  const Status decoded = DecodeCompressed(row.at("segment"), link);

  EXPECT_EQ(decoded.ok(), row.at("valid") == "1") << row.at("note");
  if (decoded.ok()) {
    EXPECT_EQ(link, row.at("digital_link"));
  } else {
    EXPECT_FALSE(decoded.error().detail.empty());
  }
}

TEST_P(CompressedCase, MayBeCutShortAnywhere) {
  const std::string& segment = GetParam().at("segment");
  for (size_t size = 0; size < segment.size(); ++size) {
    std::string link;
    if (DecodeCompressed(segment.substr(0, size), link)) {
      EXPECT_TRUE(link.starts_with('/')) << segment.substr(0, size);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Gs1, CompressedCase,
                         testing::ValuesIn(CaseRowsOf("gs1/compressed-cases.csv")), IdOfCase);

TEST(CompressedCases, AreAllThere) {
  EXPECT_EQ(CaseRowsOf("gs1/compressed-cases.csv").size(), 38u);
}

}  // namespace
}  // namespace idnode
