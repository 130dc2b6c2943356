#include "proto/gs1/value.h"

#include <gtest/gtest.h>

#include <string>

#include "proto/base/text.h"
#include "proto/gs1/checks.h"

namespace idnode {
namespace {

// kInternal: the value is one.
Errc RefusalOf(std::string_view ai, std::string_view value) {
  const Status checked = CheckGs1Value(*FindApplicationIdentifier(ai), value);
  return checked ? Errc::kInternal : checked.error().code;
}

struct Case {
  std::string_view ai, value;
  Errc refusal = Errc::kInternal;
};

// A name for the test: the place in the list and the AI.
std::string NameOf(const testing::TestParamInfo<Case>& info) {
  return "Case" + std::to_string(info.index) + "Ai" + std::string(info.param.ai);
}

class Gs1Value : public testing::TestWithParam<Case> {};

TEST_P(Gs1Value, IsAsTheTableSays) {
  EXPECT_EQ(RefusalOf(GetParam().ai, GetParam().value), GetParam().refusal) << GetParam().value;
}

constexpr Errc kBad = Errc::kInvalidIdentifier;

INSTANTIATE_TEST_SUITE_P(
    Keys, Gs1Value,
    testing::Values(
        Case{"01", "06901234567892"}, Case{"01", "06901234567893", Errc::kCheckDigit},
        Case{"01", "", Errc::kWrongLength}, Case{"01", "ABC", Errc::kNotDigits},
        Case{"01", "069012345678920", Errc::kWrongLength},
        Case{"01", "0690123456789２", Errc::kWrongLength}, Case{"8003", "09520123456788"},
        Case{"8003", "19520123456788", kBad}, Case{"8003", "09520123456789", Errc::kCheckDigit},
        Case{"8003", "09520123456788A1/%"}, Case{"8003", "09520123456788A#", kBad},
        Case{"8006", "095201234567880102"}, Case{"8006", "095201234567880202"},
        Case{"8006", "095201234567880302", kBad}, Case{"8006", "095201234567880002", kBad},
        Case{"8006", "09520123456788010", Errc::kWrongLength},
        Case{"8013", "1987654Ad4X4bL5ttr2310c2K"},
        Case{"8013", "1987654Ad4X4bL5ttr2310c2L", Errc::kCheckDigit},
        Case{"8013", "123A", Errc::kCheckDigit}, Case{"8004", "1234"}, Case{"8004", "123", kBad},
        Case{"8004", "123A5", kBad}, Case{"8010", "9520-A/#1"}, Case{"8010", "9520a", kBad},
        Case{"8011", "1"}, Case{"8011", "01", kBad}, Case{"7040", "1ABC"}, Case{"7040", "1AB_"},
        Case{"7040", "1AB.", kBad}, Case{"7040", "AABC", Errc::kNotDigits},
        Case{"10", std::string_view("a\0b", 3), kBad}, Case{"10", "a b", kBad},
        Case{"10", "12345678901234567890"},
        Case{"10", "123456789012345678901", Errc::kWrongLength}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    DatesAndTimes, Gs1Value,
    testing::Values(Case{"17", "261231"}, Case{"17", "260200"}, Case{"17", "260229", kBad},
                    Case{"17", "240229"}, Case{"17", "000229"}, Case{"17", "261300", kBad},
                    Case{"17", "260001", kBad}, Case{"17", "260431", kBad},
                    Case{"17", "2604A1", Errc::kNotDigits}, Case{"7006", "260100", kBad},
                    Case{"7006", "260131"}, Case{"7007", "260131"}, Case{"7007", "260131260201"},
                    Case{"7007", "260131261301", kBad},
                    Case{"7007", "2601312602", Errc::kWrongLength}, Case{"7003", "2601312359"},
                    Case{"7003", "2601312400", kBad}, Case{"7003", "2601312360", kBad},
                    Case{"7250", "19000229", kBad}, Case{"7250", "20000229"},
                    Case{"7250", "20240229"}, Case{"7250", "20250229", kBad},
                    Case{"8008", "26013123"}, Case{"8008", "2601312359"},
                    Case{"8008", "260131235959"}, Case{"8008", "260131235960", kBad},
                    Case{"8008", "260131236000", kBad}, Case{"8008", "26013124", kBad},
                    Case{"4324", "2601319999", kBad}, Case{"4324", "2601002359"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Codes, Gs1Value,
    testing::Values(Case{"422", "156"}, Case{"422", "999", kBad}, Case{"422", "000", kBad},
                    Case{"423", "156840"}, Case{"423", "156840001", kBad},
                    Case{"423", "1568", Errc::kWrongLength}, Case{"7030", "999ABC"},
                    Case{"7030", "998ABC", kBad}, Case{"4307", "CN"}, Case{"4307", "XX", kBad},
                    Case{"4307", "cn", kBad}, Case{"3911", "156123"}, Case{"3911", "155123", kBad},
                    Case{"7252", "9"}, Case{"7252", "3", kBad}, Case{"7241", "10"},
                    Case{"7241", "11", kBad}, Case{"7041", "1A"}, Case{"7041", "ZZZZ", kBad},
                    Case{"4309", "18000000003600000000"},
                    Case{"4309", "18000000013600000000", kBad},
                    Case{"4309", "18000000003600000001", kBad}, Case{"4321", "1"},
                    Case{"4321", "2", kBad}, Case{"4300", "a%20b"}, Case{"4300", "a%2", kBad},
                    Case{"4300", "a%GG", kBad}, Case{"4330", "001230"}, Case{"4330", "001230-"},
                    Case{"4330", "001230+", kBad}, Case{"8001", "12341234512310"},
                    Case{"8001", "00001234512310", kBad}, Case{"8001", "12341234512322", kBad},
                    Case{"8001", "12341234512390"}, Case{"8001", "12341234500010", kBad}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Numbers, Gs1Value,
    testing::Values(Case{"7258", "3/9"}, Case{"7258", "9/9"}, Case{"7258", "4/3", kBad},
                    Case{"7258", "0/3", kBad}, Case{"7258", "310", kBad}, Case{"7258", "/10", kBad},
                    Case{"7258", "31/", kBad}, Case{"7258", "3/x", kBad},
                    Case{"7258", "3/10", Errc::kWrongLength},
                    Case{"8007", "GB82WEST12345698765432"},
                    Case{"8007", "GB82WEST12345698765433", Errc::kCheckDigit},
                    Case{"8007", "XX82WEST12345698765432", Errc::kCheckDigit},
                    Case{"8007", "GB82west12345698765432", Errc::kCheckDigit},
                    Case{"8007", "GB82", Errc::kCheckDigit}, Case{"8030", "abcd"},
                    Case{"8030", "abc="}, Case{"8030", "ab=="}, Case{"8030", "a===", kBad},
                    Case{"8030", "abcd=", kBad}, Case{"8030", "ab=c", kBad},
                    Case{"8030", "ab.c", kBad}, Case{"8014", "1987654Ad4X4bL5ttr2310c2K"},
                    Case{"8043", "123456789012345678"}, Case{"8043", "12345678901234567890"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Coupons, Gs1Value,
    testing::Values(Case{"8110", "106141416543213150110120"}, Case{"8110", "", Errc::kWrongLength},
                    Case{"8110", "7", kBad}, Case{"8110", "1061414165432131501A0120", kBad},
                    Case{"8110", "1061414165432131501101201123401239"},
                    Case{"8110", "10614141654321315011012011234012398", kBad},
                    Case{"8110", "1061414165432131501101201423401239", kBad},
                    Case{"8110", "1061414165432131501101203261231"},
                    Case{"8110", "10614141654321315011012032612314261230"},
                    Case{"8110", "10614141654321315011012032612304261231", kBad},
                    Case{"8110", "1061414165432131501101203261331", kBad},
                    Case{"8110", "10614141654321315011012050123456"},
                    Case{"8110", "1061414165432131501101205012345", kBad},
                    Case{"8110", "10614141654321315011012090101"},
                    Case{"8110", "10614141654321315011012093101", kBad},
                    Case{"8112", "001234561234560123456"},
                    Case{"8112", "201234561234560123456", kBad},
                    Case{"8112", "0012345612345601234567", kBad}),
    NameOf);

TEST(Gs1Value, NamesTheRuleThatItBreaks) {
  const Status date = CheckGs1Value(*FindApplicationIdentifier("17"), "261331");
  EXPECT_EQ(date.error().detail, "GS1: not a date YYMMDD, where day 00 is the last of the month");
  const Status country = CheckGs1Value(*FindApplicationIdentifier("422"), "999");
  EXPECT_EQ(country.error().detail, "GS1: no numeric country code of ISO 3166");
}

// GS1 General Specifications; spec/gs1-digital-link.md 2.2.
TEST(CheckPair, IsTheOnePublished) {
  const auto pair_of = [](std::string_view data) {
    const auto pair = CheckPairOf(data);
    return std::string(pair.data(), pair.size());
  };
  EXPECT_EQ(pair_of("1987654Ad4X4bL5ttr2310c"), "2K");
  EXPECT_EQ(pair_of("12345678901234567890123"), "NT");
  EXPECT_EQ(pair_of("12345_ABCDEFGHIJKLM"), "CP");
  EXPECT_EQ(pair_of("7907665Bm8v2"), "AB");
  EXPECT_EQ(pair_of("99999zzzzzzzzzzzzzzzzzz"), "T2");
}

TEST(CharacterSet, HoldsAsManyCharactersAsItsNameSays) {
  size_t of_82 = 0;
  size_t of_39 = 0;
  size_t of_64 = 0;
  for (int c = 0; c < 256; ++c) {
    of_82 += IsIn(Gs1CharacterSet::kCset82, static_cast<char>(c)) ? 1 : 0;
    of_39 += IsIn(Gs1CharacterSet::kCset39, static_cast<char>(c)) ? 1 : 0;
    of_64 += IsIn(Gs1CharacterSet::kCset64, static_cast<char>(c)) ? 1 : 0;
  }
  EXPECT_EQ(of_82, 82u);
  EXPECT_EQ(of_39, 39u);
  EXPECT_EQ(of_64, 64u);
}

}  // namespace
}  // namespace idnode
