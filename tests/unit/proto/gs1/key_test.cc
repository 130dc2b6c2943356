#include "proto/gs1/key.h"

#include <gtest/gtest.h>

#include <string>

#include "proto/gs1/application_identifier.h"

namespace idnode {
namespace {

TEST(CheckDigit, CompletesTheSumToAMultipleOfTen) {
  EXPECT_EQ(CheckDigitOf("690123456789"), '2');
  EXPECT_EQ(CheckDigitOf("0952012345678"), '8');
  EXPECT_EQ(CheckDigitOf("09520123456789123"), '5');
  EXPECT_EQ(CheckDigitOf("0000000000000"), '0');
}

TEST(CheckDigit, IsRefusedForEveryOtherDigit) {
  std::string gtin = "06901234567892";
  for (char digit = '0'; digit <= '9'; ++digit) {
    gtin.back() = digit;
    EXPECT_EQ(HasCheckDigit(gtin), digit == '2') << digit;
  }
}

TEST(CheckDigit, OfNothingIsNone) { EXPECT_FALSE(HasCheckDigit("")); }

TEST(Gs1KeyRows, AreThePrimaryKeysOfTheTable) {
  size_t keys = 0;
  for (const Gs1ApplicationIdentifier& ai : Gs1ApplicationIdentifiers()) {
    const Gs1KeyRow* row = FindGs1KeyOfAi(ai.number);
    ASSERT_EQ(row != nullptr, ai.primary_key) << ai.ai;
    if (row == nullptr) continue;
    EXPECT_EQ(row->ai, ai.ai);
    EXPECT_EQ(FindGs1Key(static_cast<char>(row->key)), row);
    const size_t tail = row->tail == Gs1KeyTail::kPieceOfTotal ? 4 : 0;
    const size_t least = row->is_text() ? ai.size_min : row->digits + row->filler + tail;
    EXPECT_EQ(least, ai.size_min) << ai.ai;
    ++keys;
  }
  EXPECT_EQ(keys, kGs1KeyRows.size());
}

TEST(Gs1KeyRows, KeepTheOctetsThatAreOnDisk) {
  EXPECT_EQ(FindGs1Key('\x01')->ai, "00");
  EXPECT_EQ(FindGs1Key('\x02')->ai, "01");
  EXPECT_EQ(FindGs1Key('\x03')->ai, "414");
  EXPECT_EQ(FindGs1Key('\x10')->ai, "8013");
  EXPECT_EQ(FindGs1Key('\x00'), nullptr);
  EXPECT_EQ(FindGs1Key('\x11'), nullptr);
  EXPECT_EQ(FindGs1Key('\xFF'), nullptr);
}

}  // namespace
}  // namespace idnode
