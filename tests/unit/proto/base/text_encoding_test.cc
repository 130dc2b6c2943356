#include <gtest/gtest.h>

#include <random>

#include "proto/base/text.h"

namespace idnode {
namespace {

std::string EveryOctet() {
  std::string octets;
  for (int i = 0; i < 256; ++i) octets.push_back(static_cast<char>(i));
  return octets;
}

// RFC 4648 section 10.
struct Vector {
  std::string_view octets, base64, hex;
};
constexpr Vector kVectors[] = {
    {"", "", ""},
    {"f", "Zg==", "66"},
    {"fo", "Zm8=", "666f"},
    {"foo", "Zm9v", "666f6f"},
    {"foob", "Zm9vYg==", "666f6f62"},
    {"fooba", "Zm9vYmE=", "666f6f6261"},
    {"foobar", "Zm9vYmFy", "666f6f626172"},
};

TEST(Base64, GivesTheVectorsOfTheStandard) {
  for (const Vector& vector : kVectors) {
    EXPECT_EQ(ToBase64(vector.octets), vector.base64);
    const auto octets = FromBase64(vector.base64);
    ASSERT_TRUE(octets) << vector.base64;
    EXPECT_EQ(*octets, vector.octets);

    const std::string_view unpadded = vector.base64.substr(0, vector.base64.find('='));
    EXPECT_EQ(ToBase64Url(vector.octets), unpadded);
    const auto again = FromBase64Url(unpadded);
    ASSERT_TRUE(again) << unpadded;
    EXPECT_EQ(*again, vector.octets);
  }
}

TEST(Base64, HasTwoAlphabets) {
  EXPECT_EQ(ToBase64("\xfb\xff\xfe"), "+//+");
  EXPECT_EQ(ToBase64Url("\xfb\xff\xfe"), "-__-");
  EXPECT_FALSE(FromBase64("-__-"));
  EXPECT_FALSE(FromBase64Url("+//+"));
}

TEST(Base64, ComesBackAsItWasAtEveryLength) {
  std::mt19937 random(1);
  for (size_t size = 0; size <= 300; ++size) {
    std::string octets(size, '\0');
    for (char& c : octets) c = static_cast<char>(random());
    EXPECT_EQ(*FromBase64(ToBase64(octets)), octets);
    EXPECT_EQ(*FromBase64Url(ToBase64Url(octets)), octets);
  }
}

TEST(Base64, HasOneTextForEachOctets) {
  for (const std::string_view text :
       {"Zg=", "Zg", "Z===", "====", "=", "Zg==Zg==", "Zm8=Zg==", "Z=g=", "Zg==\n",
        "Zm 8=", "Zm9vZ", "Zh==", "Zm9=", "Zm9v====", "Zm9v=", "Zm\xc3\xa4", "Z*=="}) {
    const auto octets = FromBase64(text);
    ASSERT_FALSE(octets) << text;
    EXPECT_EQ(octets.error().code, Errc::kMalformed);
  }
  for (const std::string_view text : {"Z", "Zm9vY", "Zg==", "Zm8=", "Zh", "Zm9", "Zm 8", "Z\xff"}) {
    const auto octets = FromBase64Url(text);
    ASSERT_FALSE(octets) << text;
    EXPECT_EQ(octets.error().code, Errc::kMalformed);
  }
}

TEST(Hex, GivesTheVectorsOfTheStandard) {
  for (const Vector& vector : kVectors) {
    EXPECT_EQ(ToHex(vector.octets), vector.hex);
    EXPECT_EQ(*FromHex(vector.hex), vector.octets);
  }
  EXPECT_EQ(ToHex(std::string_view("\x00\xff\xa5", 3)), "00ffa5");
  EXPECT_EQ(*FromHex("00FFa5"), std::string_view("\x00\xff\xa5", 3));
  EXPECT_EQ(*FromHex(ToHex(EveryOctet())), EveryOctet());
}

TEST(Hex, RefusesAnythingElse) {
  for (const std::string_view text : {"0", "000", "0g", "g0", " 0", "0x", "\xff\xff"}) {
    const auto octets = FromHex(text);
    ASSERT_FALSE(octets) << text;
    EXPECT_EQ(octets.error().code, Errc::kMalformed);
  }
}

TEST(PercentEncoding, KeepsUnreservedCharactersAlone) {
  EXPECT_EQ(PercentEncode("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(PercentEncode("88.118.1/a b+c%"), "88.118.1%2Fa%20b%2Bc%25");
  EXPECT_EQ(PercentEncode("标"), "%E6%A0%87");
  EXPECT_EQ(PercentEncode(std::string_view("\0\xff", 2)), "%00%FF");
  EXPECT_EQ(*PercentDecode(PercentEncode(EveryOctet())), EveryOctet());
}

TEST(PercentEncoding, IsDecodedOnce) {
  EXPECT_EQ(*PercentDecode("%2525"), "%25");
  EXPECT_EQ(*PercentDecode("a+b"), "a+b");
  EXPECT_EQ(*PercentDecode("%e6%A0%87"), "标");
  EXPECT_EQ(*PercentDecode(""), "");
  EXPECT_EQ(*PercentDecode("%41"), "A");
}

TEST(PercentEncoding, RefusesASignWithoutTwoDigits) {
  for (const std::string_view text : {"%", "%4", "a%", "a%4", "%%41", "%4g", "%g4", "%+1", "% 1"}) {
    const auto octets = PercentDecode(text);
    ASSERT_FALSE(octets) << text;
    EXPECT_EQ(octets.error().code, Errc::kMalformed);
  }
}

}  // namespace
}  // namespace idnode
