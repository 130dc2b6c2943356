#include "proto/gs1/epc_binary.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "proto/base/limits.h"
#include "tests/unit/proto/gs1/bit_text.h"

// What the published cases do not show (tests/conformance/gs1_epc_binary_test.cc has those).
namespace idnode {
namespace {

std::string LinkOf(const std::string& segment) {
  std::string link;
  const Status decoded = DecodeEpcBinary(segment, link);
  return decoded.ok() ? link : "refused: " + std::string(decoded.error().detail);
}
std::string LinkOf(const BitText& bits) { return LinkOf("eh" + bits.AsHex()); }

Errc RefusalOf(const BitText& bits) {
  std::string link;
  const Status decoded = DecodeEpcBinary("eh" + bits.AsHex(), link);
  return decoded.ok() ? Errc::kInternal : decoded.error().code;
}

// Filter 3, partition 5: a company prefix of seven digits in 24 bits, 9521141.
BitText Partitioned(uint8_t header) {
  return BitText().Bits(8, header).Bits(3, 3).Bits(3, 5).Bits(24, 9521141);
}
BitText Gdti(uint8_t header) { return Partitioned(header).Bits(17, 12345); }
// Toggle bit, then filter 3.
BitText Plain(std::string_view header, bool data_follows = false) {
  return BitText().Hex(header).Bits(1, data_follows ? 1 : 0).Bits(3, 3);
}

TEST(EpcBinaryPartitioned, ReadsEveryPartitionOfASgtin) {
  const std::string digits = "952114112345";
  const int bits[] = {40, 37, 34, 30, 27, 24, 20};
  for (size_t partition = 0; partition <= 6; ++partition) {
    const size_t size = 12 - partition;
    const uint64_t company = std::stoull(digits.substr(0, size));
    // Indicator 7, then the digits that the company prefix leaves.
    const uint64_t reference = std::stoull("7" + digits.substr(size));
    const BitText tag = BitText()
                            .Bits(8, 0x30)
                            .Bits(3, 1)
                            .Bits(3, partition)
                            .Bits(bits[partition], company)
                            .Bits(44 - bits[partition], reference)
                            .Bits(38, 1);
    EXPECT_EQ(LinkOf(tag), "/01/79521141123453/21/1") << partition;
  }
}

TEST(EpcBinaryPartitioned, KeepsLeadingZerosBehindAOne) {
  EXPECT_EQ(LinkOf(Gdti(0x3A).Bits(58, 10'012)), "/253/95211411234540012");  // GDTI-113
  EXPECT_EQ(LinkOf(Gdti(0x3F).Bits(41, 10'012)), "/255/95211411234540012");  // SGCN-96
  EXPECT_EQ(RefusalOf(Gdti(0x3A).Bits(58, 20'012)), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf(Gdti(0x3F).Bits(41, 1)), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf(Gdti(0x3F).Bits(41, 0)), Errc::kInvalidIdentifier);
}

TEST(EpcBinaryPartitioned, ReadsCharactersToTheFirstZero) {
  EXPECT_EQ(LinkOf(Gdti(0x3E).Ascii("a/b").Bits(98, 0)), "/253/9521141123454a%2Fb");  // GDTI-174
  EXPECT_EQ(LinkOf(Gdti(0x3E).Ascii("ABCDEFGHIJKLMNOPQ")), "/253/9521141123454ABCDEFGHIJKLMNOPQ");
  EXPECT_EQ(LinkOf(Partitioned(0x37).Bits(20, 12345).Ascii("a/b").Bits(91, 0)),
            "/8003/09521141123454a%2Fb");  // GRAI-170
  EXPECT_EQ(RefusalOf(Gdti(0x3E).Ascii("a").Bits(7, 0).Ascii("b").Bits(98, 0)),
            Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf(Gdti(0x3E).Bits(119, 0)), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf(Gdti(0x3E).Ascii("a b").Bits(98, 0)), Errc::kInvalidIdentifier);
}

TEST(EpcBinaryPartitioned, ReadsAssetsOfCharacters) {
  EXPECT_EQ(LinkOf(Partitioned(0x38).Ascii("32a/b").Bits(129, 0)), "/8004/952114132a%2Fb");
  EXPECT_EQ(RefusalOf(Partitioned(0x38).Ascii("32a/b").Bits(128, 0).Bits(1, 1)),
            Errc::kInvalidIdentifier);
  // 30 characters is the most that a GIAI has; the field holds 30 bits more.
  EXPECT_EQ(LinkOf(Partitioned(0x38).Ascii("12345678901234567890123").Bits(3, 0)),
            "/8004/952114112345678901234567890123");
}

TEST(EpcBinaryPartitioned, ReadsComponentsInSixBits) {
  const auto part = [](std::string_view text) {
    BitText tag = Partitioned(0x3D);
    for (const char c : text) tag.Bits(6, static_cast<uint64_t>(c) & 0x3F);
    return tag;
  };
  EXPECT_EQ(LinkOf(part("5PQ7/Z43").Bits(6, 0).Bits(40, 12345)),
            "/8010/95211415PQ7%2FZ43/8011/12345");
  EXPECT_EQ(LinkOf(part("12345678901234567890123").Bits(6, 0).Bits(40, 1)),
            "/8010/952114112345678901234567890123/8011/1");
  EXPECT_EQ(RefusalOf(part("123456789012345678901234").Bits(6, 0).Bits(40, 1)),
            Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf(part("5PQ7")), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf(part("5[").Bits(6, 0).Bits(40, 1)), Errc::kInvalidIdentifier);
}

TEST(EpcBinaryPartitioned, ReadsPiecesWithASerialOfCharacters) {
  const BitText tag = Partitioned(0x41).Bits(20, 12345);
  EXPECT_EQ(LinkOf(BitText(tag).Bits(7, 1).Bits(7, 2).Ascii("32a/b").Bits(105, 0)),
            "/8006/095211411234540102/21/32a%2Fb");
  EXPECT_EQ(RefusalOf(BitText(tag).Bits(7, 3).Bits(7, 2).Ascii("1").Bits(133, 0)),
            Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf(BitText(tag).Bits(7, 1).Bits(7, 100).Ascii("1").Bits(133, 0)),
            Errc::kInvalidIdentifier);
}

TEST(EpcBinaryPartitioned, TakesTheExtensionZeroForNone) {
  EXPECT_EQ(LinkOf(Gdti(0x39).Ascii("0").Bits(133, 0)), "/414/9521141123454");
  EXPECT_EQ(LinkOf(Gdti(0x39).Ascii("00").Bits(126, 0)), "/414/9521141123454/254/00");
  EXPECT_EQ(RefusalOf(Gdti(0x39).Bits(140, 0)), Errc::kInvalidIdentifier);
}

TEST(EpcBinaryPartitioned, WantsZerosBehindTheScheme) {
  const BitText tag = Partitioned(0x30).Bits(20, 12345).Bits(38, 1);
  EXPECT_EQ(LinkOf(BitText(tag).Bits(32, 0)), "/01/09521141123454/21/1");
  EXPECT_EQ(RefusalOf(BitText(tag).Bits(31, 0).Bits(1, 1)), Errc::kInvalidIdentifier);
  const BitText sscc = Partitioned(0x31).Bits(34, 1234567890);
  EXPECT_EQ(LinkOf(BitText(sscc).Bits(24, 0)), "/00/195211412345678900");
  EXPECT_EQ(RefusalOf(BitText(sscc).Bits(24, 1)), Errc::kInvalidIdentifier);
}

struct TextCase {
  std::string_view name;
  uint64_t encoding, length;
  BitText characters;
  std::string_view serial;  // Empty: refused.
};
class EpcBinaryText : public testing::TestWithParam<TextCase> {};

TEST_P(EpcBinaryText, IsReadInItsEncoding) {
  const TextCase& text = GetParam();
  BitText tag = Plain("f7").Hex("09520123456788").Bits(3, text.encoding).Bits(5, text.length);
  // The characters were built as hexadecimal: whole, since the tests choose them so.
  tag.Hex(text.characters.AsHex());
  if (text.serial.empty()) {
    EXPECT_EQ(RefusalOf(tag), Errc::kInvalidIdentifier);
  } else {
    EXPECT_EQ(LinkOf(tag), "/01/09520123456788/21/" + std::string(text.serial));
  }
}

constexpr uint64_t Code40(uint64_t a, uint64_t b, uint64_t c) { return 1600 * a + 40 * b + c + 1; }

INSTANTIATE_TEST_SUITE_P(
    Encodings, EpcBinaryText,
    testing::Values(
        TextCase{"Digits", 0, 4, BitText().Bits(14, 7), "0007"},
        TextCase{"DigitsTooMany", 0, 1, BitText().Bits(4, 10), ""},
        TextCase{"UpperHex", 1, 4, BitText().Hex("0a1f"), "0A1F"},
        TextCase{"LowerHex", 2, 4, BitText().Hex("0a1f"), "0a1f"},
        TextCase{"Base64Url", 3, 3, BitText().Bits(6, 26).Bits(6, 62).Bits(6, 63), "a-_"},
        TextCase{"Ascii", 4, 3, BitText().Ascii("a+b"), "a%2Bb"},
        TextCase{"AsciiControl", 4, 1, BitText().Bits(7, 7), ""},
        TextCase{"Code40", 5, 3, BitText().Bits(16, Code40(1, 27, 30)), "A-0"},
        TextCase{"Code40Padded", 5, 4,
                 BitText().Bits(16, Code40(1, 2, 3)).Bits(16, Code40(39, 0, 0)), "ABC9"},
        TextCase{"Code40PadInside", 5, 3, BitText().Bits(16, Code40(1, 0, 3)), ""},
        TextCase{"Code40WithoutPad", 5, 2, BitText().Bits(16, Code40(1, 2, 3)), ""},
        TextCase{"Code40Zero", 5, 3, BitText().Bits(16, 0), ""},
        TextCase{"Code40OverRange", 5, 3, BitText().Bits(16, 64001), ""},
        TextCase{"Encoding6", 6, 1, BitText().Bits(8, 0x40), ""},
        TextCase{"Encoding7", 7, 1, BitText().Bits(8, 0x40), ""},
        TextCase{"CutShort", 4, 20, BitText().Ascii("abc"), ""}),
    [](const testing::TestParamInfo<TextCase>& info) { return std::string(info.param.name); });

TEST(EpcBinaryPlain, RefusesASerialOfNothing) {
  EXPECT_EQ(RefusalOf(Plain("f7").Hex("09520123456788").Bits(8, 0)), Errc::kWrongLength);
}

TEST(EpcBinaryPlain, PassesOverWhatFollowsTheIdentifier) {
  const auto tag = [](std::string_view header, bool data_follows) {
    return Plain(header, data_follows).Hex("095201234567891235");
  };
  EXPECT_EQ(LinkOf(tag("f9", true).Hex("17261231")), "/00/095201234567891235");
  EXPECT_EQ(LinkOf(tag("ef", false).Hex("525065f1876f0d996d8000")), "/00/095201234567891235");
  EXPECT_EQ(LinkOf(tag("f9", false).Hex("0000")), "/00/095201234567891235");
  EXPECT_EQ(RefusalOf(tag("f9", false).Hex("17261231")), Errc::kInvalidIdentifier);
}

TEST(EpcBinaryPlain, ReadsTheKindsOfDates) {
  const std::string_view ais[] = {"11", "13", "15", "16", "17", "7006", "7007"};
  const auto tag = [](uint64_t type, uint64_t year, uint64_t month, uint64_t day) {
    return Plain("fb")
        .Bits(4, type)
        .Bits(7, year)
        .Bits(4, month)
        .Bits(5, day)
        .Hex("0952012345678801")
        .Bits(4, 1)
        .Bits(4, 0);
  };
  for (uint64_t type = 0; type < 7; ++type) {
    EXPECT_EQ(LinkOf(tag(type, 26, 12, 31)),
              "/01/09520123456788/21/1?" + std::string(ais[type]) + "=261231");
  }
  EXPECT_EQ(RefusalOf(tag(7, 26, 12, 31)), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf(tag(4, 100, 12, 31)), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf(tag(4, 26, 13, 31)), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf(tag(4, 26, 2, 30)), Errc::kInvalidIdentifier);
}

TEST(EpcBinaryPlain, EndsDelimitedKeysByEither) {
  EXPECT_EQ(LinkOf(Plain("fa").Hex("95211415678f")), "/8004/95211415678");
  EXPECT_EQ(LinkOf(Plain("fa").Hex("952114e").Bits(3, 4).Bits(5, 2).Ascii("ab")), "/8004/952114ab");
  EXPECT_EQ(RefusalOf(Plain("fa").Hex("95211415678")), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf(Plain("fa").Hex("9521a")), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf(Plain("fa").Hex("1234567890123456789012345678901f")),
            Errc::kInvalidIdentifier);
  EXPECT_EQ(LinkOf(Plain("f0").Hex("95211415678f").Bits(4, 2).Bits(7, 77)),
            "/8010/95211415678/8011/77");
}

TEST(EpcBinaryPlain, ReadsEveryKey) {
  EXPECT_EQ(LinkOf(Plain("f5").Hex("952114112345678906")), "/8017/952114112345678906");
  EXPECT_EQ(LinkOf(Plain("e8").Hex("952114112345678906")), "/8017/952114112345678906");
  EXPECT_EQ(LinkOf(Plain("e7").Hex("952114112345678906")), "/8018/952114112345678906");
  EXPECT_EQ(LinkOf(Plain("eb").Hex("09521141123454").Hex("02").Bits(7, 15)),
            "/8003/0952114112345415");
  EXPECT_EQ(LinkOf(Plain("f2").Hex("9521141123454").Hex("01").Bits(4, 0)), "/414/9521141123454");
}

TEST(EpcBinary, BoundsTheSegment) {
  std::string link;
  const std::string longest = "ef9" + std::string(limits::kEpcSegmentOctetsMax, '0');
  const Status decoded = DecodeEpcBinary("eh" + longest, link);
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(decoded.error().code, Errc::kTooLarge);
}

TEST(EpcBinary, RefusesEveryHeaderThatIsNotListed) {
  const std::string_view listed =
      "2c 2d 2e 30 31 32 33 34 36 37 38 39 3a 3c 3d 3e 3f 40 41 "
      "f0 f1 f2 f3 f4 f5 f6 f7 f8 f9 fa fb e6 eb e9 ed e7 e8 ea fd ec ef ee fc";
  for (uint64_t header = 0; header < 256; ++header) {
    const std::string hex = BitText().Bits(8, header).AsHex();
    std::string link;
    const Status decoded = DecodeEpcBinary("eh" + hex, link);
    ASSERT_FALSE(decoded.ok());
    const bool unknown = decoded.error().detail == "an EPC header without a GS1 key";
    EXPECT_EQ(unknown, listed.find(hex) == std::string_view::npos) << hex;
  }
}

}  // namespace
}  // namespace idnode
