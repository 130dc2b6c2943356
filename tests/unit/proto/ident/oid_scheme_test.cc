#include "proto/ident/oid_scheme.h"

#include "tests/unit/proto/ident/scheme_cases.h"

namespace idnode {
namespace {

constexpr std::string_view kMost = "340282366920938463463374607431768211455";  // 2^128 - 1.

TEST(Oid, IsOneHoweverItIsWritten) {
  for (const auto* text :
       {"1.2.156.3001.11.1.1", "urn:oid:1.2.156.3001.11.1.1", "URN:OID:1.2.156.3001.11.1.1"}) {
    EXPECT_EQ(CanonicalOf(text), "1.2.156.3001.11.1.1") << text;
    EXPECT_EQ(ToHex(KeyOf(text)), "4f01010102019c020bb9010b01010101") << text;
  }
}

TEST(Oid, OfRootsZeroAndOneHasFortyArcsBelow) {
  EXPECT_EQ(CanonicalOf("0.39"), "0.39");
  EXPECT_EQ(CanonicalOf("1.39.1"), "1.39.1");
  EXPECT_EQ(CanonicalOf("1.40"), "invalid_identifier");
  EXPECT_EQ(CanonicalOf("0.40.5"), "invalid_identifier");
  EXPECT_EQ(CanonicalOf("2.40"), "2.40");
  EXPECT_EQ(CanonicalOf("2.16.156.1"), "2.16.156.1");
  EXPECT_EQ(CanonicalOf("urn:oid:3.1"), "invalid_identifier");
}

TEST(Oid, HasArcsOfUpTo128Bits) {
  const std::string most = "2.25." + std::string(kMost);
  EXPECT_EQ(CanonicalOf(most), most);
  EXPECT_EQ(*TextOfKey(KeyOf(most)), most);
  EXPECT_EQ(CanonicalOf("2.25.340282366920938463463374607431768211456"), "too_large");
  EXPECT_EQ(CanonicalOf("2.25." + std::string(kMost) + "0"), "too_large");
  EXPECT_EQ(CanonicalOf("1." + std::string(kMost)), "invalid_identifier");
}

TEST(Oid, KeepsEveryArcThroughItsKey) {
  for (const auto* arc : {"0", "1", "127", "128", "255", "256", "65535", "65536", "4294967295",
                          "4294967296", "18446744073709551615", "18446744073709551616"}) {
    const std::string text = std::string("1.2.") + arc;
    EXPECT_EQ(*TextOfKey(KeyOf(text)), text);
  }
}

TEST(Oid, IsRefusedWithAnEmptyArcOrALeadingZero) {
  for (const auto* text : {"1.", "1..2", "1.2.", "1.02", "1.2.00", "urn:oid:", "urn:oid:1",
                           "urn:oid:01.2", "urn:oid:.1"}) {
    EXPECT_EQ(CanonicalOf(text), "invalid_identifier") << text;
  }
  EXPECT_EQ(CanonicalOf("urn:oid:1.2.x"), "not_digits");
  EXPECT_EQ(CanonicalOf("urn:oid:1.2/3"), "not_digits");
}

TEST(Oid, IsNoHandleAndNoProductCode) {
  EXPECT_EQ(ParseIdentifier("0")->scheme, Scheme::kHandle) << "the heartbeat";
  EXPECT_EQ(ParseIdentifier("0.NA/1.2")->scheme, Scheme::kHandle);
  EXPECT_EQ(ParseIdentifier("1.2.3/x")->scheme, Scheme::kHandle);
  EXPECT_EQ(ParseIdentifier("10.1000")->scheme, Scheme::kHandle);
  EXPECT_EQ(ParseIdentifier("20.500.1")->scheme, Scheme::kHandle);
  EXPECT_EQ(ParseIdentifier("88.118.8")->scheme, Scheme::kHandle);
}

TEST(Oid, SortsSiblingsByNumber) {
  const char* ascending[] = {"1.2.1",     "1.2.1.5",   "1.2.2",
                             "1.2.10",    "1.2.255",   "1.2.256",
                             "1.2.256.0", "1.2.65536", "1.2.18446744073709551616",
                             "1.3"};
  for (size_t i = 1; i < std::size(ascending); ++i) {
    EXPECT_LT(KeyOf(ascending[i - 1]), KeyOf(ascending[i])) << ascending[i];
  }
}

TEST(Oid, LiesUnderItsArcs) {
  ExpectUnder(Scheme::kOid, "1.2.156.3001.11.1.1",
              {"1.2", "1.2.156", "urn:oid:1.2.156.3001", "1.2.156.3001.11.1.1"},
              {"1.2.156.300", "1.2.156.3002", "1.2.156.3001.1", "1.3", "1.2.156.3001.11.1.1.1"});
  ExpectUnder(Scheme::kOid, "1.2.255", {"1.2.255"}, {"1.2.256", "1.2.254"});
  ExpectUnder(Scheme::kOid, "1.2.255.255", {"1.2.255.255"}, {"1.2.255.0"});
}

TEST(Oid, OfMoreThan64OctetsIsNoPrefix) {
  EXPECT_EQ(
      PrefixRefusalOf(Scheme::kOid, "1.2.156." + std::string(kMost) + "." + std::string(kMost)),
      Errc::kTooLarge);
  EXPECT_EQ(PrefixRefusalOf(Scheme::kOid, "1"), Errc::kInvalidIdentifier);
  EXPECT_EQ(PrefixRefusalOf(Scheme::kOid, ""), Errc::kInvalidIdentifier);
}

TEST(Oid, IsCorruptInAKeyThatIsNotCanonical) {
  for (const std::string key :
       {std::string("O\x01\x01", 3), std::string("O\x01\x01\x00", 4),
        std::string("O\x01\x01\x02\x00\x05", 6), std::string("O\x01\x03\x01\x01", 5),
        std::string("O\x01\x01\x01\x28", 5), std::string("O\x01\x01\x11", 4) + std::string(17, 'x'),
        std::string("O\x01\x01\x02\x05", 5)}) {
    EXPECT_FALSE(TextOfKey(key)) << ToHex(key);
    PrefixMatter matter;
    EXPECT_FALSE(MatterOfKey(key, matter)) << ToHex(key);
  }
}

TEST(Oid, IsRegisteredUpTo255Octets) {
  std::string text = "1.2";
  while (text.size() + 2 <= 255) text += ".7";
  EXPECT_EQ(text.size(), 255u);
  EXPECT_EQ(RegistrationRefusalOf(text), Errc::kInternal);
  EXPECT_EQ(RegistrationRefusalOf(text + ".7"), Errc::kTooLarge);
}

}  // namespace
}  // namespace idnode
