#include "proto/gs1/compression.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "proto/base/limits.h"
#include "tests/unit/proto/gs1/bit_text.h"

// What the case file does not show (tests/conformance/gs1_compression_test.cc has that).
namespace idnode {
namespace {

std::string LinkOf(const std::string& segments) {
  std::string link;
  const Status decoded = DecodeCompressed(segments, link);
  return decoded.ok() ? link : "refused: " + std::string(decoded.error().detail);
}
std::string LinkOf(const BitText& bits) { return LinkOf(bits.AsBase64Url()); }

Errc RefusalOf(const std::string& segments) {
  std::string link;
  const Status decoded = DecodeCompressed(segments, link);
  return decoded.ok() ? Errc::kInternal : decoded.error().code;
}
Errc RefusalOf(const BitText& bits) { return RefusalOf(bits.AsBase64Url()); }

// (01)09520123456788 in 8 + 47 bits.
BitText Gtin() { return BitText().Hex("01").Bits(47, 9520123456788); }
// A pair "ab" that is no AI, up to the encoding of its value.
BitText WithPair(const BitText& before) {
  return BitText(before).Hex("f").Bits(7, 2).Bits(6, 26).Bits(6, 27);
}

TEST(Compressed, MayFollowAKeyThatIsNot) {
  const std::string lot = BitText().Hex("10").Bits(3, 4).Bits(5, 2).Ascii("L1").AsBase64Url();
  EXPECT_EQ(LinkOf("01/09520123456788/" + lot), "/01/09520123456788/10/L1");
  EXPECT_EQ(LinkOf("8004/9520123%2F1/" +
                   BitText().Hex("90").Bits(3, 4).Bits(5, 1).Ascii("x").AsBase64Url()),
            "/8004/9520123%2F1?90=x");
  EXPECT_EQ(RefusalOf("10/L1/" + lot), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf("05/09520123456788/" + lot), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf("01/09520123456788/21/1/" + lot), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf("8004/9520123/1/" + lot), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf("01/09520123456789/" + lot), Errc::kCheckDigit);
  EXPECT_EQ(RefusalOf("01/%2/" + lot), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf("01/" + lot), Errc::kInvalidIdentifier);
}

TEST(Compressed, HasPairsThatAreNoAis) {
  EXPECT_EQ(LinkOf(WithPair(Gtin()).Bits(3, 4).Bits(7, 3).Ascii("x&y")),
            "/01/09520123456788?ab=x%26y");
  const BitText dated = BitText(Gtin()).Hex("17").Bits(20, 261231);
  EXPECT_EQ(LinkOf(WithPair(dated).Bits(3, 0).Bits(7, 2).Bits(7, 5)),
            "/01/09520123456788?17=261231&ab=05");
  // 127 digits, the most that the length can say: 422 bits.
  BitText longest = WithPair(Gtin()).Bits(3, 0).Bits(7, 127).Bits(38, 0);
  for (int i = 0; i < 6; ++i) longest.Bits(64, 0);
  EXPECT_EQ(LinkOf(longest), "/01/09520123456788?ab=" + std::string(127, '0'));
  EXPECT_EQ(RefusalOf(WithPair(Gtin()).Bits(3, 5).Bits(7, 1).Bits(8, 0)), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf(Gtin().Hex("f").Bits(7, 1).Bits(6, 52).Bits(3, 0).Bits(7, 1).Bits(4, 1)),
            Errc::kInvalidIdentifier);  // The key is "0".
}

TEST(Compressed, MayLeaveOutAnOptionalComponentAtTheEnd) {
  const BitText coupon = BitText().Hex("255").Bits(44, 9520123456788);
  EXPECT_EQ(LinkOf(coupon), "/255/9520123456788");
  EXPECT_EQ(LinkOf(BitText(coupon).Bits(4, 0).Bits(1, 0)), "/255/9520123456788");
  EXPECT_EQ(LinkOf(BitText(coupon).Bits(4, 2).Bits(7, 5)), "/255/952012345678805");
  EXPECT_EQ(LinkOf(BitText().Hex("8003").Bits(47, 9520123456788)), "/8003/09520123456788");
}

// Components that the table of AIs has apart for the sake of their checks are one field here.
TEST(Compressed, JoinsComponentsOfOneField) {
  EXPECT_EQ(LinkOf(BitText(Gtin()).Hex("423").Bits(10, 156).Bits(4, 6).Bits(20, 276250)),
            "/01/09520123456788?423=156276250");
  EXPECT_EQ(LinkOf(BitText(Gtin()).Hex("8008").Bits(27, 26113012).Bits(3, 2).Bits(7, 30)),
            "/01/09520123456788?8008=2611301230");
  EXPECT_EQ(LinkOf(BitText()
                       .Hex("8004")
                       .Bits(3, 4)
                       .Bits(5, 5)
                       .Ascii("9520A")
                       .Hex("7040")
                       .Bits(4, 1)
                       .Bits(3, 4)
                       .Ascii("ABC")),
            "/8004/9520A/7040/1ABC");
  EXPECT_EQ(LinkOf(BitText(Gtin()).Hex("3911").Bits(10, 156).Bits(4, 4).Bits(14, 12)),
            "/01/09520123456788?3911=1560012");
}

TEST(Compressed, ReadsTheLongestAi) {
  BitText bits = BitText(Gtin()).Hex("91").Bits(3, 0).Bits(7, 90);
  // 10^90 - 1 in 299 bits.
  bits.Bits(43, 0x7dac3c24a56);
  for (const uint64_t word :
       {0x71d2f8255a450203U, 0x2e391f3266bc0c6aU, 0xcdc3fe6ee3ffffffU, 0xffffffffffffffffU}) {
    bits.Bits(64, word);
  }
  EXPECT_EQ(LinkOf(bits), "/01/09520123456788?91=" + std::string(90, '9'));
}

TEST(Compressed, PassesOverAttributesThatAreWrong) {
  EXPECT_EQ(LinkOf(BitText(Gtin()).Hex("17").Bits(20, 261331)), "/01/09520123456788?17=261331");
}

TEST(Compressed, IsRefusedWhereItsBitsSayNothing) {
  EXPECT_EQ(RefusalOf(""), Errc::kMissingField);
  EXPECT_EQ(RefusalOf(BitText().Hex("17").Bits(20, 261231)), Errc::kMissingField);
  EXPECT_EQ(RefusalOf(BitText(Gtin()).Bits(8, 1)), Errc::kInvalidIdentifier);  // Padding.
  EXPECT_EQ(RefusalOf(BitText(Gtin()).Hex("01").Bits(47, 9520123456788)),
            Errc::kInvalidIdentifier);  // Twice.
  EXPECT_EQ(RefusalOf(BitText(Gtin()).Hex("8009").Bits(3, 4).Bits(6, 51).Bits(64, 0)),
            Errc::kInvalidIdentifier);  // A length over the AI's.
  EXPECT_EQ(RefusalOf(BitText(Gtin()).Hex("10").Bits(3, 5).Bits(5, 1).Bits(8, 0)),
            Errc::kInvalidIdentifier);  // An encoding that there is not.
  EXPECT_EQ(RefusalOf(BitText().Hex("01").Bits(47, 100'000'000'000'000)),
            Errc::kInvalidIdentifier);  // Fifteen digits.
  EXPECT_EQ(RefusalOf(BitText(Gtin()).Hex("31a").Bits(8, 0)), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf(BitText(Gtin()).Hex("3107").Bits(20, 1)), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf(BitText().Hex("415").Bits(44, 9520123456788)), Errc::kInvalidIdentifier);
}

TEST(Compressed, IsBounded) {
  EXPECT_EQ(RefusalOf(std::string(limits::kIdentifierQueryOctetsMax + 1, 'A')), Errc::kTooLarge);
}

}  // namespace
}  // namespace idnode
