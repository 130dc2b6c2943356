#include <gtest/gtest.h>

#include "proto/base/text.h"
#include "proto/ident/gs1_key.h"
#include "proto/ident/identifier.h"

namespace idnode {
namespace {

std::string KeyOf(std::string_view text) { return ParseIdentifier(text)->key; }

IdentifierPrefix HandlePrefix(std::string_view text) { return *ParsePrefix(Scheme::kHandle, text); }
IdentifierPrefix Gs1Prefix(std::string_view text) { return *ParsePrefix(Scheme::kGs1, text); }

char TypeOf(Gs1Key key) { return static_cast<char>(key); }

bool Holds(const KeyRange& range, const std::string& key) {
  return range.from <= key && key < range.until;
}

std::string MatterOf(std::string_view key) {
  PrefixMatter matter;
  return MatterOfKey(key, matter) ? matter.text : "refused";
}

TEST(Prefix, OfAHandleIsFolded) {
  EXPECT_EQ(HandlePrefix("0.na").text, "0.NA");
  EXPECT_EQ(HandlePrefix("88.118.8").text, "88.118.8");
}

TEST(Prefix, OfAHandleHoldsNeitherSlashNorBlank) {
  for (const std::string text : {"", "88/1", "88 1", "88\t", "/"}) {
    EXPECT_EQ(ParsePrefix(Scheme::kHandle, text).error().code, Errc::kInvalidIdentifier) << text;
  }
  EXPECT_EQ(ParsePrefix(Scheme::kHandle, "88\xFF").error().code, Errc::kNotUtf8);
  EXPECT_EQ(ParsePrefix(Scheme::kHandle, std::string(65, '8')).error().code, Errc::kTooLarge);
}

TEST(Prefix, OfGs1HasThreeToTwelveDigits) {
  EXPECT_EQ(Gs1Prefix("690").text, "690");
  EXPECT_EQ(Gs1Prefix("690123456789").text, "690123456789");
  EXPECT_EQ(ParsePrefix(Scheme::kGs1, "69").error().code, Errc::kWrongLength);
  EXPECT_EQ(ParsePrefix(Scheme::kGs1, "6901234567892").error().code, Errc::kWrongLength);
  EXPECT_EQ(ParsePrefix(Scheme::kGs1, "690x").error().code, Errc::kNotDigits);
}

TEST(Prefix, OfASchemeThatThereIsNotIsRefused) {
  EXPECT_EQ(ParsePrefix(static_cast<Scheme>('?'), "1.2.156").error().code, Errc::kUnsupported);
}

TEST(Matter, OfAHandleIsThePartBeforeTheFirstSlash) {
  EXPECT_EQ(MatterOf("H88.118.8/A/B"), "88.118.8");
  EXPECT_EQ(MatterOf("H88.118.8"), "88.118.8");
}

TEST(Matter, OfAGs1KeyIsItsDigitsFromTheCompanyOn) {
  EXPECT_EQ(MatterOf(KeyOf("16901234567899")), "690123456789");
  EXPECT_EQ(MatterOf(KeyOf("00/095201234567891235")), "9520123456789123");
  EXPECT_EQ(MatterOf(KeyOf("414/9520123456788")), "952012345678");
}

TEST(Matter, OfWhatIsNoKeyIsRefused) {
  for (const std::string key : {"", "H", "H/X", "G", "G\x02\x69", "X88/X"}) {
    EXPECT_EQ(MatterOf(key), "refused") << key;
  }
  EXPECT_EQ(MatterOf("G\x03\x69\x01\x23\x45\x67\x8A"), "refused");
}

TEST(Range, OfAHandlePrefixHoldsItsNamesOnly) {
  const KeyRange range = RangeOf(HandlePrefix("88.118.8"));
  EXPECT_EQ(range.from, "H88.118.8/");
  EXPECT_EQ(range.until, "H88.118.80");
  for (const std::string text : {"88.118.8/", "88.118.8/A", "88.118.8/\xEF\xBF\xBF"}) {
    EXPECT_TRUE(Holds(range, KeyOf(text))) << text;
  }
  for (const std::string text :
       {"88.118.8", "88.118.8.1/A", "88.118.80/A", "88.118/8", "88.118.7/A"}) {
    EXPECT_FALSE(Holds(range, KeyOf(text))) << text;
  }
}

TEST(Range, OfAnOddNumberOfDigitsEndsInTheMiddleOfAnOctet) {
  const KeyRange range = RangeOf(Gs1Prefix("6901234"), TypeOf(Gs1Key::kGtin));
  EXPECT_EQ(ToHex(range.from), "470269012340");
  EXPECT_EQ(ToHex(range.until), "470269012350");
}

TEST(Range, OfAnEvenNumberOfDigitsEndsAtAnOctet) {
  const KeyRange range = RangeOf(Gs1Prefix("699999"), TypeOf(Gs1Key::kGln));
  EXPECT_EQ(ToHex(range.from), "4703699999");
  EXPECT_EQ(ToHex(range.until), "470369999a");
}

TEST(Range, WithoutAKeyTypeHoldsAllGs1Keys) {
  const KeyRange range = RangeOf(Gs1Prefix("690"));
  EXPECT_TRUE(Holds(range, KeyOf("00/095201234567891235")));
  EXPECT_TRUE(Holds(range, KeyOf("414/9520123456788")));
  EXPECT_FALSE(Holds(range, KeyOf("88/X")));
}

TEST(Range, HoldsAKeyExactlyWhenThePrefixCoversIt) {
  std::vector<std::string> keys;
  for (const std::string body :
       {"0690123456789", "1690123456789", "0690123500000", "0690123399999", "0690999999999",
        "0691000000000", "9699999999999", "0000009520123"}) {
    keys.push_back(KeyOf(body + CheckDigitOf(body)));
  }
  for (const auto* digits : {"690", "6901", "69012", "690123", "6901234", "690123456789", "699",
                             "699999999999", "000", "00000952012"}) {
    const IdentifierPrefix prefix = Gs1Prefix(digits);
    const KeyRange range = RangeOf(prefix, TypeOf(Gs1Key::kGtin));
    for (const std::string& key : keys) {
      EXPECT_EQ(Holds(range, key), Covers(prefix, key)) << digits << " " << ToHex(key);
      EXPECT_EQ(Covers(prefix, key), MatterOf(key).starts_with(digits)) << digits;
    }
  }
}

TEST(Covers, MatchesAHandlePrefixWhole) {
  const IdentifierPrefix prefix = HandlePrefix("88.118.8");
  EXPECT_TRUE(Covers(prefix, "H88.118.8/A"));
  EXPECT_FALSE(Covers(prefix, "H88.118.8"));
  EXPECT_FALSE(Covers(prefix, "H88.118.8.1/A"));
  EXPECT_FALSE(Covers(prefix, "H88.118.88/A"));
  EXPECT_FALSE(Covers(prefix, "G88.118.8/A"));
}

TEST(Covers, NothingOfAnotherSchemeAndNoBrokenKey) {
  EXPECT_FALSE(Covers(Gs1Prefix("690"), "H690/1"));
  EXPECT_FALSE(Covers(Gs1Prefix("690"), "G\x02\x69\x01"));
  EXPECT_FALSE(Covers(IdentifierPrefix{Scheme::kGs1, ""}, KeyOf("6901234567892")));
}

TEST(Gs1KeyTypes, AreThoseOfTheRows) { EXPECT_EQ(Gs1KeyTypes(), std::string_view("\x01\x02\x03")); }

}  // namespace
}  // namespace idnode
