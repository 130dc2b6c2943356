#include "proto/ident/identifier.h"

#include <gtest/gtest.h>

#include "proto/base/limits.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

constexpr std::string_view kGtinKey = "470269012345678900";  // 6901234567892

std::string KeyOf(std::string_view text) {
  const auto identifier = ParseIdentifier(text);
  return identifier ? ToHex(identifier->key) : std::string(RowOf(identifier.error().code).name);
}

Errc RefusalOf(std::string_view text) {
  const auto identifier = ParseIdentifier(text);
  return identifier ? Errc::kInternal : identifier.error().code;
}

Errc RegistrationOf(std::string_view text) {
  const auto identifier = ParseIdentifier(text);
  if (!identifier) return Errc::kInternal;
  const Status status = CheckForRegistration(*identifier);
  return status ? Errc::kInternal : status.error().code;
}

TEST(Identifier, OfAHandleKeepsTheTextAndFoldsTheKey) {
  const auto identifier = ParseIdentifier("88.118.8/Sn-产品");
  ASSERT_TRUE(identifier);
  EXPECT_EQ(identifier->scheme, Scheme::kHandle);
  EXPECT_EQ(identifier->text, "88.118.8/Sn-产品");
  EXPECT_EQ(identifier->key, "H88.118.8/SN-产品");
}

TEST(Identifier, OfAProductIsOneHoweverItIsWritten) {
  for (const auto* text : {"6901234567892", "06901234567892", "01/06901234567892",
                           "01/6901234567892", "(01)06901234567892", "(01)6901234567892"}) {
    const auto identifier = ParseIdentifier(text);
    ASSERT_TRUE(identifier) << text;
    EXPECT_EQ(identifier->scheme, Scheme::kGs1);
    EXPECT_EQ(identifier->text, "01/06901234567892");
    EXPECT_EQ(ToHex(identifier->key), kGtinKey);
  }
}

TEST(Identifier, OfAShortGtinIsPadded) {
  EXPECT_EQ(ParseIdentifier("95201238")->text, "01/00000095201238");
  EXPECT_EQ(ParseIdentifier("952012345672")->text, "01/00952012345672");
}

TEST(Identifier, OfAnSsccAndAGlnIsAPathOrInBrackets) {
  EXPECT_EQ(KeyOf("00/095201234567891235"), "4701952012345678912300");
  EXPECT_EQ(KeyOf("(00)095201234567891235"), "4701952012345678912300");
  EXPECT_EQ(KeyOf("414/9520123456788"), "4703952012345678");
  EXPECT_EQ(KeyOf("(414)9520123456788"), "4703952012345678");
}

TEST(Identifier, OfDifferentGs1KeysWithTheSameDigitsDiffers) {
  EXPECT_NE(KeyOf("414/9520123456788"), KeyOf("9520123456788"));
}

TEST(Identifier, SaysWhyAGs1KeyIsRefused) {
  EXPECT_EQ(RefusalOf("6901234567893"), Errc::kCheckDigit);
  EXPECT_EQ(RefusalOf("01/06901234567893"), Errc::kCheckDigit);
  EXPECT_EQ(RefusalOf("01/0690123456789A"), Errc::kNotDigits);
  EXPECT_EQ(RefusalOf("01/069012345678924"), Errc::kWrongLength);
  EXPECT_EQ(RefusalOf("00/12345"), Errc::kWrongLength);
  EXPECT_EQ(RefusalOf("00/6901234567892"), Errc::kWrongLength);
  EXPECT_EQ(RefusalOf("414/9520123456789"), Errc::kCheckDigit);
  EXPECT_EQ(RefusalOf("(01)"), Errc::kWrongLength);
  EXPECT_EQ(RefusalOf("(01)ABC"), Errc::kNotDigits);
  EXPECT_EQ(RefusalOf("(01"), Errc::kUnknownScheme);
  EXPECT_EQ(RefusalOf("(99)1"), Errc::kUnknownScheme);
}

TEST(Identifier, BelowAGs1KeyHasAChildOfItsKey) {
  const std::string key(kGtinKey);
  EXPECT_EQ(KeyOf("01/06901234567892/10/L1"), key + "00014c31");
  EXPECT_EQ(KeyOf("(01)06901234567892(21)S1"), key + "00045331");
  EXPECT_EQ(KeyOf("https://a.example/stem/01/06901234567892/21/S1?17=261231"), key + "00045331");
  EXPECT_EQ(ParseIdentifier("01/6901234567892/21/a%2fb")->text, "01/06901234567892/21/a%2Fb");
  EXPECT_EQ(KeyOf("01/06901234567892/21/a") == KeyOf("01/06901234567892/21/A"), false);
}

TEST(Identifier, OfASerialOfALotIsThatOfTheSerialAndKeepsTheLotInItsText) {
  const auto serial = ParseIdentifier("01/06901234567892/22/V/10/L1/21/S1");
  ASSERT_TRUE(serial);
  EXPECT_EQ(serial->key, ParseIdentifier("01/06901234567892/21/S1")->key);
  EXPECT_EQ(serial->text, "01/06901234567892/22/V/10/L1/21/S1");
  EXPECT_EQ(*TextOfKey(serial->key), "01/06901234567892/21/S1");
}

TEST(Identifier, BelowAGs1KeyInTheWrongPlaceIsRefused) {
  for (const auto* text :
       {"01/06901234567892/21/S1/10/L1", "01/06901234567892/17/261231", "01/06901234567892/10",
        "01/06901234567892//", "00/095201234567891235/10/A", "01/06901234567892/10/%",
        "https://a.example/01", "https://a.example", "(01)06901234567892(235)T(21)S1"}) {
    EXPECT_EQ(RefusalOf(text), Errc::kInvalidIdentifier) << text;
  }
}

TEST(Identifier, OfEveryGs1KeyIsReadAsAPathAndInBrackets) {
  for (const std::string ai_and_value :
       {"253/9520123456788AB", "255/9520123456788", "401/9520123ABC-7", "402/95201234567890122",
        "417/9520123456788", "8003/09520123456788", "8004/9520123-A", "8006/095201234567880102",
        "8010/9520123-P", "8013/9520123ModelXHT", "8017/952012345678901233",
        "8018/952012345678901233", "415/9520123456788/8020/R"}) {
    const auto path = ParseIdentifier(ai_and_value);
    ASSERT_TRUE(path) << ai_and_value;
    EXPECT_EQ(path->text, ai_and_value);
    EXPECT_EQ(*TextOfKey(path->key), ai_and_value);
  }
  EXPECT_EQ(KeyOf("(8004)9520123-A"), KeyOf("8004/9520123-A"));
  EXPECT_EQ(KeyOf("(415)9520123456788(8020)R"), KeyOf("415/9520123456788/8020/R"));
}

TEST(Identifier, OfSixOrMoreBareDigitsIsAProductCode) {
  EXPECT_EQ(RefusalOf("123456"), Errc::kWrongLength) << "a printed UPC-E";
  EXPECT_EQ(RefusalOf("1234567"), Errc::kWrongLength);
  EXPECT_EQ(RefusalOf("123456789"), Errc::kWrongLength);
  EXPECT_EQ(RefusalOf("095201234567891235"), Errc::kWrongLength) << "an SSCC needs its path";
  EXPECT_EQ(ParseIdentifier("12345")->scheme, Scheme::kHandle);
}

TEST(Identifier, WithoutASlashIsAPrefixAndMeansItsPrefixHandle) {
  EXPECT_EQ(ParseIdentifier("88.118.8")->key, "H0.NA/88.118.8");
  EXPECT_EQ(ParseIdentifier("88.118.8")->key, ParseIdentifier("0.na/88.118.8")->key);
  EXPECT_EQ(ParseIdentifier("88.118.8")->text, "88.118.8");
  EXPECT_EQ(ParseIdentifier("0.na")->key, "H0.NA/0.NA");
  EXPECT_EQ(ParseIdentifier("0")->key, "H0.NA/0");
  const std::string longest(limits::kIdentifierQueryOctetsMax - 5, 'x');
  EXPECT_EQ(ParseIdentifier(ParseIdentifier(longest)->key.substr(1))->key,
            ParseIdentifier(longest)->key);
  EXPECT_EQ(RefusalOf(longest + "x"), Errc::kTooLarge);
}

TEST(Identifier, WithoutASlashMustLookLikeAPrefix) {
  EXPECT_EQ(RefusalOf("bid:efabc"), Errc::kUnknownScheme);
  EXPECT_EQ(RefusalOf("hello world"), Errc::kUnknownScheme);
  EXPECT_EQ(RefusalOf("标识"), Errc::kUnknownScheme);
}

TEST(Identifier, WithAnAiButNoDigitIsAHandleName) {
  EXPECT_EQ(ParseIdentifier("01/ABC")->scheme, Scheme::kHandle);
  EXPECT_EQ(ParseIdentifier("414/x")->scheme, Scheme::kHandle);
  EXPECT_EQ(ParseIdentifier("02/06901234567892")->scheme, Scheme::kHandle);
}

TEST(Identifier, SaysWhyAHandleNameIsRefused) {
  EXPECT_EQ(RefusalOf(""), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf("/x"), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf("88/\xC3"), Errc::kNotUtf8);
  EXPECT_EQ(RefusalOf(std::string(2049, '8')), Errc::kTooLarge);
}

TEST(Identifier, AllocatesNothingIntoOneThatHasRoom) {
  Identifier identifier;
  ASSERT_TRUE(ParseIdentifier("88.118.8/" + std::string(100, 'x'), identifier));
  const char* key = identifier.key.data();
  const char* text = identifier.text.data();
  for (const auto* next : {"6901234567892", "00/095201234567891235", "88.118.8/SN-1",
                           "01/06901234567892/22/2A/10/L%2F1/21/S1", "8004/9520123-A/7040/1ABC"}) {
    ASSERT_TRUE(ParseIdentifier(next, identifier));
    EXPECT_EQ(identifier.key.data(), key) << next;
    EXPECT_EQ(identifier.text.data(), text) << next;
  }
}

TEST(Registration, TakesWhatIsPrintable) {
  EXPECT_EQ(RegistrationOf("88.118.8/Sn-产品 1"), Errc::kInternal);
  EXPECT_EQ(RegistrationOf("6901234567892"), Errc::kInternal);
}

TEST(Registration, RefusesGs1ThatMayOnlyBeAskedFor) {
  EXPECT_EQ(RegistrationOf("01/06901234567892/22/V/10/L/21/S"), Errc::kInternal);
  EXPECT_EQ(RegistrationOf("415/9520123456788"), Errc::kInternal);
  EXPECT_EQ(RegistrationOf("8006/095201234567880102/21/S"), Errc::kInternal);
  EXPECT_EQ(RegistrationOf("8006/095201234567880102/22/V"), Errc::kInvalidIdentifier);
  EXPECT_EQ(RegistrationOf("01/06901234567892/10/."), Errc::kDotValue);
  EXPECT_EQ(RegistrationOf("01/06901234567892/10/%2E%2E"), Errc::kDotValue);
  EXPECT_EQ(RegistrationOf("01/06901234567892/10/..."), Errc::kInternal);
}

TEST(Registration, NeedsASuffix) {
  EXPECT_EQ(RegistrationOf("88.118.8"), Errc::kInvalidIdentifier);
  EXPECT_EQ(RegistrationOf("88.118.8/"), Errc::kInvalidIdentifier);
}

TEST(Registration, RefusesControlCharacters) {
  EXPECT_EQ(RegistrationOf("88.118.8/a\tb"), Errc::kControlCharacter);
  EXPECT_EQ(RegistrationOf(std::string("88.118.8/a\0b", 12)), Errc::kControlCharacter);
  EXPECT_EQ(RegistrationOf("88.118.8/a\x7F"), Errc::kControlCharacter);
  EXPECT_EQ(RegistrationOf("88.118.8/a\xC2\x85"), Errc::kControlCharacter);
}

TEST(Registration, RefusesBlanksAtEitherEnd) {
  for (const std::string blank :
       {" ", "\xC2\xA0", "\xE3\x80\x80", "\xE2\x80\x8B", "\xEF\xBB\xBF"}) {
    EXPECT_EQ(RegistrationOf("88.118.8/a" + blank), Errc::kInvalidIdentifier);
    EXPECT_EQ(RegistrationOf(blank + "88.118.8/a"), Errc::kInvalidIdentifier);
    EXPECT_EQ(RegistrationOf("88.118.8/a" + blank + "b"), Errc::kInternal);
  }
}

TEST(Registration, TakesAtMost255Octets) {
  const std::string longest = "88.118.8/" + std::string(limits::kIdentifierOctetsMax - 9, 'x');
  EXPECT_EQ(RegistrationOf(longest), Errc::kInternal);
  EXPECT_EQ(RegistrationOf(longest + "x"), Errc::kTooLarge);
}

TEST(TextOfKey, GivesTheCanonicalText) {
  for (const std::string text :
       {"88.118.8/SN-产品", "01/06901234567892", "00/095201234567891235", "414/9520123456788"}) {
    const auto back = TextOfKey(ParseIdentifier(text)->key);
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, text);
  }
}

TEST(TextOfKey, RefusesWhatIsNoCanonicalKey) {
  for (const std::string key :
       {"", "H", "H/x", "H88/x", "H88/\xFF", "G", "G\x02", "X88/X", "O", "E", "V", "B", "D"}) {
    const auto text = TextOfKey(key);
    ASSERT_FALSE(text) << key;
    EXPECT_EQ(text.error().code, Errc::kCorrupt) << key;
  }
}

}  // namespace
}  // namespace idnode
