#include "proto/ident/ecode_scheme.h"

#include "tests/unit/proto/ident/scheme_cases.h"

namespace idnode {
namespace {

TEST(Ecode, IsOneWithAnyOfItsMarks) {
  for (const auto* text : {"E=1000112345678", "e=1000112345678", "E:1000112345678",
                           "ecode:1000112345678", "ECODE=1000112345678"}) {
    EXPECT_EQ(CanonicalOf(text), "E=1000112345678") << text;
    EXPECT_EQ(KeyOf(text), "E1000112345678") << text;
  }
}

TEST(Ecode, NeedsItsMark) {
  EXPECT_EQ(ParseIdentifier("1000112345678")->scheme, Scheme::kGs1) << "a product code";
  EXPECT_EQ(CanonicalOf("1000112345679"), "check_digit") << "a wrong one";
  EXPECT_EQ(ParseIdentifier("E1000112345678")->scheme, Scheme::kHandle);
}

TEST(Ecode, HasTheLengthsOfItsVersion) {
  struct Case {
    std::string head;
    size_t main_max;
  };
  for (const Case& each : {Case{"10001", 20}, Case{"20001", 28}, Case{"300001", 39}}) {
    const std::string longest = "E=" + each.head + std::string(each.main_max, '7');
    EXPECT_EQ(CanonicalOf(longest), longest);
    EXPECT_EQ(CanonicalOf(longest + "7"), "wrong_length") << each.head;
    EXPECT_EQ(CanonicalOf("E=" + each.head + "7"), "E=" + each.head + "7");
    EXPECT_EQ(CanonicalOf("E=" + each.head), "wrong_length") << each.head;
    EXPECT_EQ(CanonicalOf("E=" + each.head.substr(0, each.head.size() - 1)), "wrong_length");
  }
}

TEST(Ecode, HasTheAlphabetOfItsVersion) {
  EXPECT_EQ(CanonicalOf("E=10001A"), "not_digits");
  EXPECT_EQ(CanonicalOf("E=20001 1"), "not_digits");
  EXPECT_EQ(CanonicalOf("E=300001aB9"), "E=300001aB9");
  EXPECT_EQ(CanonicalOf("E=300001a-9"), "invalid_identifier");
  EXPECT_EQ(CanonicalOf("E=400001产品-1"), "E=400001产品-1");
  EXPECT_EQ(CanonicalOf("E=400001\xFF"), "not_utf8");
  EXPECT_EQ(CanonicalOf("E=1000A1"), "not_digits");
}

TEST(Ecode, OfVersionZeroIsItsGs1Code) {
  EXPECT_EQ(CanonicalOf("E=06901234567892"), "unsupported");
  EXPECT_EQ(CanonicalOf("E=50001"), "invalid_identifier");
  EXPECT_EQ(CanonicalOf("E="), "invalid_identifier");
  EXPECT_EQ(CanonicalOf("ecode:x"), "invalid_identifier");
}

TEST(Ecode, IsRegisteredWithoutControlsAndBlankEnds) {
  EXPECT_EQ(RegistrationRefusalOf("E=400001产 品"), Errc::kInternal);
  EXPECT_EQ(RegistrationRefusalOf("E=400001产\t品"), Errc::kControlCharacter);
  EXPECT_EQ(RegistrationRefusalOf("E=400001产 "), Errc::kInvalidIdentifier);
  EXPECT_EQ(RegistrationRefusalOf("E=400001" + std::string(248, 'x')), Errc::kTooLarge);
}

TEST(Ecode, LiesUnderItsNumberSystemAndTheBeginningOfItsCode) {
  ExpectUnder(Scheme::kEcode, "E=1000112345678", {"10001", "E=10001", "1000112", "1000112345678"},
              {"10002", "20001", "100013", "10001123456789"});
  ExpectUnder(Scheme::kEcode, "E=400001产品", {"400001", "400001产"}, {"400002", "400001品"});
}

TEST(Ecode, HasPrefixesOfAWholeNumberSystem) {
  EXPECT_EQ(ParsePrefix(Scheme::kEcode, "ecode:10001")->text, "10001");
  EXPECT_EQ(PrefixRefusalOf(Scheme::kEcode, "1000"), Errc::kWrongLength);
  EXPECT_EQ(PrefixRefusalOf(Scheme::kEcode, "30000"), Errc::kWrongLength);
  EXPECT_EQ(PrefixRefusalOf(Scheme::kEcode, ""), Errc::kInvalidIdentifier);
  EXPECT_EQ(PrefixRefusalOf(Scheme::kEcode, "10001x"), Errc::kNotDigits);
  EXPECT_EQ(PrefixRefusalOf(Scheme::kEcode, "400001" + std::string(59, 'x')), Errc::kTooLarge);
}

TEST(Ecode, IsCorruptInAKeyThatIsNotCanonical) {
  for (const std::string key : {"E1", "E10001", "E10001x", "E01", "EE=100011", "E400001\xFF"}) {
    EXPECT_FALSE(TextOfKey(key)) << key;
  }
}

}  // namespace
}  // namespace idnode
