#include <gtest/gtest.h>

#include <algorithm>

#include "proto/base/text.h"
#include "proto/gs1/key.h"
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

TEST(Gs1KeyTypes, AreThoseOfTheRowsInAscendingOrder) {
  EXPECT_EQ(Gs1KeyTypes().size(), kGs1KeyRows.size());
  EXPECT_EQ(Gs1KeyTypes().substr(0, 3), std::string_view("\x01\x02\x03"));
  EXPECT_TRUE(std::ranges::is_sorted(Gs1KeyTypes()));
}

// Numbers and texts alike, with and without qualifiers.
TEST(Gs1Prefix, HoldsEveryKindOfKeyOfItsCompany) {
  for (const std::string text :
       {"00/395201234567891236", "01/16901234567899", "01/09520123456788/22/V/10/L",
        "253/9520123456788AB", "255/9520123456788", "401/9520123ABC-7", "402/95201234567890122",
        "414/9520123456788/254/A", "415/9520123456788", "417/9520123456788", "8003/09520123456788A",
        "8004/9520123-A/7040/1ABC", "8006/095201234567880102/21/S", "8010/9520123-P/8011/1",
        "8013/9520123ModelXHT", "8017/952012345678901233/8019/1", "8018/952012345678901233"}) {
    const std::string key = KeyOf(text);
    const std::string matter = MatterOf(key);
    ASSERT_GE(matter.size(), 4u) << text;
    for (size_t size = 3; size <= std::min<size_t>(matter.size(), 12); ++size) {
      const IdentifierPrefix prefix = Gs1Prefix(matter.substr(0, size));
      EXPECT_TRUE(Covers(prefix, key)) << text << " " << prefix.text;
      EXPECT_TRUE(Holds(RangeOf(prefix, key[1]), key)) << text << " " << prefix.text;
      std::string other = prefix.text;
      other.back() = other.back() == '9' ? '0' : static_cast<char>(other.back() + 1);
      EXPECT_FALSE(Covers(Gs1Prefix(other), key)) << text << " " << other;
      EXPECT_FALSE(Holds(RangeOf(Gs1Prefix(other), key[1]), key)) << text << " " << other;
    }
  }
}

TEST(Matter, OfAGs1TextIsTheDigitsThatBeginIt) {
  EXPECT_EQ(MatterOf(KeyOf("8004/9520123-A")), "9520123");
  EXPECT_EQ(MatterOf(KeyOf("8004/95201234567890")), "95201234567890");
  EXPECT_EQ(MatterOf(KeyOf("8017/952012345678901233")), "95201234567890123");
  EXPECT_EQ(MatterOf("G\x0D"), "refused");
  EXPECT_EQ(MatterOf("G\x0D-A"), "refused");
}

}  // namespace
}  // namespace idnode
