#include "proto/ident/gs1_key.h"

#include <gtest/gtest.h>

#include "proto/base/text.h"

namespace idnode {
namespace {

std::string Normalised(std::string_view digits) {
  const auto gtin = NormaliseGtin(digits);
  return gtin ? std::string(gtin->data(), gtin->size()) : std::string();
}

Errc RefusalOf(std::string_view digits) {
  const auto gtin = NormaliseGtin(digits);
  return gtin ? Errc::kInternal : gtin.error().code;
}

std::string Packed(Gs1Key key, std::string_view digits) {
  std::string out;
  AppendPackedKey(key, digits, out);
  return out;
}

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
    EXPECT_EQ(CheckMod10(gtin).ok(), digit == '2') << digit;
  }
}

TEST(CheckDigit, NeedsDigits) {
  EXPECT_EQ(CheckMod10("").error().code, Errc::kNotDigits);
  EXPECT_EQ(CheckMod10("69012345678X2").error().code, Errc::kNotDigits);
}

TEST(Gtin, IsPaddedToFourteenDigits) {
  EXPECT_EQ(Normalised("95201238"), "00000095201238");
  EXPECT_EQ(Normalised("952012345672"), "00952012345672");
  EXPECT_EQ(Normalised("6901234567892"), "06901234567892");
  EXPECT_EQ(Normalised("06901234567892"), "06901234567892");
}

TEST(Gtin, IsRefusedAtAnyOtherLength) {
  const std::string digits(20, '0');
  for (size_t size = 0; size <= digits.size(); ++size) {
    const bool fits = size == 8 || (size >= 12 && size <= 14);
    EXPECT_EQ(NormaliseGtin(std::string_view(digits).substr(0, size)).ok(), fits) << size;
  }
  EXPECT_EQ(RefusalOf("123456"), Errc::kWrongLength) << "a printed UPC-E";
}

TEST(Gtin, SaysWhyItIsRefused) {
  EXPECT_EQ(RefusalOf("6901234567893"), Errc::kCheckDigit);
  EXPECT_EQ(RefusalOf("690123456789A"), Errc::kNotDigits);
  EXPECT_EQ(RefusalOf("６９０１２３４"), Errc::kNotDigits) << "full-width digits are no digits";
}

TEST(PackedKey, HasTheCompanyFirstAndNoCheckDigit) {
  EXPECT_EQ(ToHex(Packed(Gs1Key::kGtin, "16901234567899")), "470269012345678901");
  EXPECT_EQ(ToHex(Packed(Gs1Key::kSscc, "395201234567891236")), "4701952012345678912303");
  EXPECT_EQ(ToHex(Packed(Gs1Key::kGln, "9520123456788")), "4703952012345678");
}

TEST(PackedKey, IsAppended) {
  std::string out = "before";
  AppendPackedKey(Gs1Key::kGln, "9520123456788", out);
  EXPECT_EQ(out.substr(0, 6), "before");
  EXPECT_EQ(out.size(), 6u + 8u);
}

TEST(PackedKey, ComesBackWithItsCheckDigit) {
  for (const std::string gtin : {"06901234567892", "16901234567899", "00000095201238"}) {
    Gs1Key key{};
    const auto digits = UnpackKey(Packed(Gs1Key::kGtin, gtin), key);
    ASSERT_TRUE(digits);
    EXPECT_EQ(*digits, gtin);
    EXPECT_EQ(key, Gs1Key::kGtin);
  }
}

TEST(PackedKey, IsCorruptAtAnyOtherLength) {
  for (const Gs1KeyRow& row : kGs1KeyRows) {
    const std::string packed = Packed(row.key, std::string(row.digits, '0'));
    Gs1Key key{};
    for (size_t size = 0; size < packed.size(); ++size) {
      ASSERT_FALSE(UnpackKey(packed.substr(0, size), key)) << row.name << " " << size;
    }
    EXPECT_FALSE(UnpackKey(packed + '\0', key));
    EXPECT_TRUE(UnpackKey(packed, key));
  }
}

TEST(PackedKey, IsCorruptWithHalvesAboveNine) {
  const std::string packed = Packed(Gs1Key::kGtin, "06901234567892");
  Gs1Key key{};
  for (size_t place = 2; place < packed.size(); ++place) {
    for (const int octet : {0x0A, 0xA0, 0xFF}) {
      std::string damaged = packed;
      damaged[place] = static_cast<char>(octet);
      const auto digits = UnpackKey(damaged, key);
      ASSERT_FALSE(digits) << place << " " << octet;
      EXPECT_EQ(digits.error().code, Errc::kCorrupt);
    }
  }
}

TEST(PackedKey, IsCorruptWithAnUnknownType) {
  Gs1Key key{};
  for (const char type : {'\x00', '\x04', '\x7F'}) {
    std::string packed = Packed(Gs1Key::kGtin, "06901234567892");
    packed[1] = type;
    EXPECT_FALSE(UnpackKey(packed, key)) << int{type};
  }
}

}  // namespace
}  // namespace idnode
