#include "proto/gs1/element_string.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/conformance/case_rows.h"

// Element strings, with what the syntax engine of GS1 says of them.
namespace idnode {
namespace {

Status Read(const std::string& text, Gs1ElementList& elements) {
  const Status parsed = ParseElementString(text, elements);
  return parsed ? CheckElements(elements) : parsed;
}

std::string Bracketed(const Gs1ElementList& elements) {
  std::string text;
  AppendBracketed(elements, text);
  return text;
}

std::vector<CaseRow> RowsThatAre(const std::string& valid) {
  std::vector<CaseRow> rows = CaseRowsOf("gs1/element-string-cases.csv");
  std::erase_if(rows, [&](const CaseRow& row) { return row.at("valid") != valid; });
  return rows;
}

class ValidElementStringCase : public testing::TestWithParam<CaseRow> {};

TEST_P(ValidElementStringCase, HasTheElementsOfTheCase) {
  const CaseRow& row = GetParam();
  Gs1ElementList elements;

  const Status read = Read(row.at("input"), elements);

  ASSERT_TRUE(read.ok()) << read.error().detail;
  EXPECT_EQ(Bracketed(elements), row.at("elements"));
}

TEST_P(ValidElementStringCase, HasItsCanonicalUri) {
  const CaseRow& row = GetParam();
  Gs1ElementList elements;
  ASSERT_TRUE(Read(row.at("input"), elements).ok());

  std::string uri;
  const Status appended = AppendCanonicalUri(elements, uri);

  const bool has_key = row.at("reason") != "no_primary_key";
  ASSERT_EQ(appended.ok(), has_key);
  if (has_key) {
    EXPECT_EQ(uri, row.at("canonical_uri"));
  } else {
    EXPECT_EQ(appended.error().code, Errc::kMissingField);
  }
}

TEST_P(ValidElementStringCase, ComesBackFromTheFormForPrinters) {
  Gs1ElementList elements;
  ASSERT_TRUE(Read(GetParam().at("input"), elements).ok());

  for (const char fnc1 : {kFnc1, kFnc1InPrint}) {
    std::string printed;
    AppendFnc1(elements, printed, fnc1);
    Gs1ElementList again;
    ASSERT_TRUE(Read(printed, again).ok()) << printed;
    EXPECT_EQ(Bracketed(again), Bracketed(elements));
  }
}

TEST_P(ValidElementStringCase, MayBeCutShortAnywhere) {
  const std::string& input = GetParam().at("input");
  for (size_t size = 0; size < input.size(); ++size) {
    Gs1ElementList elements;
    if (!Read(input.substr(0, size), elements)) continue;
    Gs1ElementList again;
    ASSERT_TRUE(Read(Bracketed(elements), again).ok()) << input.substr(0, size);
    EXPECT_EQ(Bracketed(again), Bracketed(elements));
  }
}

INSTANTIATE_TEST_SUITE_P(Gs1, ValidElementStringCase, testing::ValuesIn(RowsThatAre("1")),
                         IdOfCase);

class InvalidElementStringCase : public testing::TestWithParam<CaseRow> {};

TEST_P(InvalidElementStringCase, IsRefusedForItsReason) {
  const std::map<std::string, Errc> reasons = {
      {"excluded_pair", Errc::kInvalidIdentifier},
      {"missing_required_ai", Errc::kInvalidIdentifier},
      {"bad_date", Errc::kInvalidIdentifier},
      {"bad_time", Errc::kInvalidIdentifier},
      {"unknown_ai", Errc::kInvalidIdentifier},
      {"too_short", Errc::kWrongLength},
      {"empty_value", Errc::kWrongLength},
      {"check_digit", Errc::kCheckDigit},
  };
  const CaseRow& row = GetParam();
  Gs1ElementList elements;

  const Status read = Read(row.at("input"), elements);

  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, reasons.at(row.at("reason"))) << read.error().detail;
}

INSTANTIATE_TEST_SUITE_P(Gs1, InvalidElementStringCase, testing::ValuesIn(RowsThatAre("0")),
                         IdOfCase);

TEST(ElementStringCases, AreAllThere) {
  EXPECT_EQ(CaseRowsOf("gs1/element-string-cases.csv").size(), 44u);
}

}  // namespace
}  // namespace idnode
