#include "proto/gs1/element_string.h"

#include <gtest/gtest.h>

#include <string>

#include "proto/base/limits.h"

// What the case file does not show (tests/conformance/gs1_element_string_test.cc has that).
namespace idnode {
namespace {

std::string BracketedOf(const std::string& text) {
  Gs1ElementList elements;
  const Status parsed = ParseElementString(text, elements);
  if (!parsed) return "refused: " + std::string(parsed.error().detail);
  std::string bracketed;
  AppendBracketed(elements, bracketed);
  return bracketed;
}
Errc RefusalOf(const std::string& text) {
  Gs1ElementList elements;
  const Status parsed = ParseElementString(text, elements);
  if (!parsed) return parsed.error().code;
  const Status checked = CheckElements(elements);
  return checked ? Errc::kInternal : checked.error().code;
}
std::string PrintedOf(const std::string& text) {
  Gs1ElementList elements;
  EXPECT_TRUE(ParseElementString(text, elements).ok());
  std::string printed;
  AppendFnc1(elements, printed, kFnc1InPrint);
  return printed;
}
std::string UriOf(const std::string& text) {
  Gs1ElementList elements;
  EXPECT_TRUE(ParseElementString(text, elements).ok());
  std::string uri;
  const Status appended = AppendCanonicalUri(elements, uri);
  return appended ? uri : "refused: " + std::string(appended.error().detail);
}

TEST(ElementString, IsSeparatedByEitherSign) {
  EXPECT_EQ(BracketedOf("\x1D"
                        "0109520123456788"
                        "10L1\x1D"
                        "21S1"),
            "(01)09520123456788(10)L1(21)S1");
  EXPECT_EQ(BracketedOf("^010952012345678810L1^21S1"), "(01)09520123456788(10)L1(21)S1");
}

TEST(ElementString, MayHaveSeparatorsThatAreNotNeeded) {
  EXPECT_EQ(BracketedOf("^0109520123456788^10L1^"), "(01)09520123456788(10)L1");
  EXPECT_EQ(RefusalOf("^0109520123456788^^10L1"), Errc::kInvalidIdentifier);
}

TEST(ElementString, IsPrintedWithTheSeparatorsThatAreNeeded) {
  EXPECT_EQ(PrintedOf("(01)09520123456788(17)261231(10)L1(21)S1"),
            "^01095201234567881726123110L1^21S1");
  EXPECT_EQ(PrintedOf("(10)L1(01)09520123456788"), "^10L1^0109520123456788");
  EXPECT_EQ(PrintedOf("(01)09520123456788(10)A\\(1)"), "^010952012345678810A(1)");
}

TEST(ElementString, CutShortIsRefused) {
  EXPECT_EQ(RefusalOf("^01095201234567"), Errc::kWrongLength);
  EXPECT_EQ(RefusalOf("^01095201^10L1"), Errc::kWrongLength);
  EXPECT_EQ(RefusalOf("^01"), Errc::kWrongLength);
  EXPECT_EQ(RefusalOf("^0"), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf("^"), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf("(01)"), Errc::kWrongLength);
  EXPECT_EQ(RefusalOf("(01"), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf("("), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf(""), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf("0109520123456788"), Errc::kInvalidIdentifier);
}

TEST(ElementString, HasEachAiOnce) {
  EXPECT_EQ(RefusalOf("(01)09520123456788(10)A(10)A"), Errc::kInvalidIdentifier);
  EXPECT_EQ(UriOf("(01)09520123456788(10)A(10)A"), "refused: an AI occurs twice");
}

TEST(ElementString, IsBounded) {
  EXPECT_EQ(RefusalOf("(91)" + std::string(limits::kIdentifierQueryOctetsMax, 'A')),
            Errc::kTooLarge);
}

TEST(ElementString, PutsALotBesideATpxIntoTheQuery) {
  EXPECT_EQ(UriOf("(01)09520123456788(10)L1(235)T1"),
            "https://id.gs1.org/01/09520123456788/235/T1?10=L1");
}

TEST(ElementString, MakesNoLinkOfWhatMayStandNowhereInIt) {
  EXPECT_EQ(UriOf("(00)095201234567891235(21)S1"),
            "refused: an AI that this key cannot have in a Digital Link");
  EXPECT_EQ(UriOf("(10)L1"), "refused: no AI that may start a Digital Link path");
}

}  // namespace
}  // namespace idnode
