#include "proto/gs1/bit_reader.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/proto/gs1/bit_text.h"

namespace idnode {
namespace {

BitString Packed(const BitText& text) { return *BitsOfHex(text.AsHex()); }

std::string DecimalOf(const BitText& text, size_t bits, size_t digits) {
  const BitString packed = Packed(text);
  BitReader in(packed);
  std::string out;
  in.Decimal(bits, digits, out);
  return in.ok() ? out : "refused";
}

TEST(BitsOfText, RefusesCharactersOutsideTheAlphabet) {
  for (const std::string_view text : {"A0", "g", "0 ", "-"}) EXPECT_FALSE(BitsOfHex(text).ok());
  for (const std::string_view text : {"+", "/", "A=", "."}) {
    EXPECT_FALSE(BitsOfBase64Url(text).ok());
  }
}

TEST(BitsOfText, KeepsAnOddNumberOfCharacters) {
  const auto bits = BitsOfHex("abc");
  ASSERT_TRUE(bits.ok());
  EXPECT_EQ(bits->bits, 12u);
  EXPECT_EQ(bits->octets, "\xAB\xC0");
}

TEST(BitReader, ReadsFieldsAcrossOctets) {
  const BitString packed = Packed(BitText().Bits(3, 5).Bits(13, 0x1234).Bits(64, UINT64_MAX - 7));
  BitReader in(packed);

  EXPECT_EQ(in.Bits(3), 5u);
  EXPECT_EQ(in.Bits(13), 0x1234u);
  EXPECT_EQ(in.Bits(64), UINT64_MAX - 7);
  EXPECT_EQ(in.left(), 0u);
  EXPECT_TRUE(in.ok());
}

TEST(BitReader, IsSpoiledForGoodByTheFirstFieldThatDoesNotFit) {
  const BitString packed = Packed(BitText().Bits(8, 0xFF));
  BitReader in(packed);

  EXPECT_EQ(in.Bits(9), 0u);
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.Bits(1), 0u);
  EXPECT_EQ(in.left(), 0u);
  EXPECT_FALSE(in.RestIsZero());
}

// 2^67 - 1 and 2^299 - 1, which no machine word holds.
TEST(BitReader, ConvertsNumbersOfManyWords) {
  EXPECT_EQ(DecimalOf(BitText().Bits(3, 7).Bits(64, UINT64_MAX), 67, 21), "147573952589676412927");
  BitText many;
  many.Bits(43, (1ULL << 43) - 1);
  for (int i = 0; i < 4; ++i) many.Bits(64, UINT64_MAX);
  EXPECT_EQ(DecimalOf(many, 299, 91),
            "10185179881672430431342228442046890805257341968329681253180702246771906498816683530916"
            "98687");
}

TEST(BitReader, PadsDecimalsToTheirDigits) {
  EXPECT_EQ(DecimalOf(BitText().Bits(20, 123), 20, 6), "000123");
  EXPECT_EQ(DecimalOf(BitText().Bits(20, 0), 20, 0), "");
}

TEST(BitReader, RefusesDecimalsOfMoreDigits) {
  EXPECT_EQ(DecimalOf(BitText().Bits(20, 999'999), 20, 6), "999999");
  EXPECT_EQ(DecimalOf(BitText().Bits(20, 1'000'000), 20, 6), "refused");
  EXPECT_EQ(DecimalOf(BitText().Bits(20, 1), 20, 0), "refused");
  EXPECT_EQ(DecimalOf(BitText().Bits(20, 1), 21, 6), "refused");
}

TEST(BitReader, RefusesDecimalsBeyondEverything) {
  BitText many;
  for (int i = 0; i < 8; ++i) many.Bits(64, UINT64_MAX);
  EXPECT_EQ(DecimalOf(many, 512, 135), "refused");
}

TEST(BitReader, WritesNumbersWithoutPadding) {
  const BitString packed = Packed(BitText().Bits(10, 0).Bits(10, 1000).Bits(4, 0));
  BitReader in(packed);
  std::string out;
  in.UnpaddedDecimal(10, 18, out);
  out.push_back(' ');
  in.UnpaddedDecimal(10, 18, out);
  EXPECT_TRUE(in.ok());
  EXPECT_EQ(out, "0 1000");
}

TEST(BitReader, RefusesNibblesThatAreNoDigits) {
  const BitString packed = Packed(BitText().Hex("12a4"));
  BitReader in(packed);
  std::string out;
  in.PackedDigits(4, out);
  EXPECT_FALSE(in.ok());
}

TEST(BitReader, SeesEveryBitOfTheRest) {
  for (size_t one = 0; one < 100; ++one) {
    const BitString packed = Packed(BitText().Bits(4, 9).Bits(one, 0).Bits(1, 1).Bits(99 - one, 0));
    BitReader in(packed);
    in.Skip(4);
    EXPECT_FALSE(in.RestIsZero()) << one;
    in.Skip(one + 1);
    EXPECT_TRUE(in.RestIsZero()) << one;
  }
}

}  // namespace
}  // namespace idnode
