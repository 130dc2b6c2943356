#include "proto/base/text.h"

#include <gtest/gtest.h>

namespace idnode {
namespace {

TEST(UpperAscii, FoldsAsciiAlone) {
  EXPECT_EQ(UpperAscii("az AZ 09 [`{@"), "AZ AZ 09 [`{@");
  EXPECT_EQ(UpperAscii("straße ÿ 标识"), "STRAßE ÿ 标识");
  EXPECT_EQ(UpperAscii(""), "");
}

TEST(EqualFolded, DisregardsTheCaseOfAscii) {
  EXPECT_TRUE(EqualFolded("Content-Type", "cONTENT-tYPE"));
  EXPECT_TRUE(EqualFolded("", ""));
  EXPECT_FALSE(EqualFolded("a", "ab"));
  EXPECT_FALSE(EqualFolded("[", "{"));
  EXPECT_FALSE(EqualFolded("ä", "Ä"));
}

// Long texts are compared eight octets at once.
TEST(EqualFolded, DisregardsTheCaseOfAsciiWhereverItIs) {
  for (size_t at = 0; at < 17; ++at) {
    for (int x = 0; x < 256; ++x) {
      for (int y = 0; y < 256; ++y) {
        std::string a(17, 'm'), b(17, 'M');
        a[at] = static_cast<char>(x);
        b[at] = static_cast<char>(y);
        ASSERT_EQ(EqualFolded(a, b), UpperAscii(a[at]) == UpperAscii(b[at])) << at << x << y;
      }
    }
  }
}

// Each text also at every distance from the start of a word, and followed by more.
void ExpectUtf8(std::string_view text, bool expected) {
  for (size_t before = 0; before <= 9; ++before) {
    for (size_t after = 0; after <= 9; after += 9) {
      const std::string whole =
          std::string(before, 'a').append(text).append(std::string(after, 'z'));
      EXPECT_EQ(IsUtf8(whole), expected) << before << " before and " << after << " after";
    }
  }
}

TEST(IsUtf8, AcceptsTheEdgesOfEachLength) {
  for (const std::string_view text :
       {std::string_view(""), std::string_view("\0", 1), std::string_view("\x7f"),
        std::string_view("\xc2\x80"), std::string_view("\xdf\xbf"),
        std::string_view("\xe0\xa0\x80"), std::string_view("\xed\x9f\xbf"),
        std::string_view("\xee\x80\x80"), std::string_view("\xef\xbf\xbf"),
        std::string_view("\xf0\x90\x80\x80"), std::string_view("\xf4\x8f\xbf\xbf"),
        std::string_view("工业互联网标识解析 ✓ 😀 ascii again")}) {
    ExpectUtf8(text, true);
  }
}

TEST(IsUtf8, RefusesWhatTheStandardForbids) {
  for (const std::string_view text : {
           "\x80",              // A continuation alone.
           "\xbf",              //
           "\xc0\x80",          // NUL in two octets.
           "\xc1\xbf",          // Overlong.
           "\xe0\x80\x80",      // Overlong.
           "\xe0\x9f\xbf",      // Overlong.
           "\xf0\x80\x80\x80",  // Overlong.
           "\xf0\x8f\xbf\xbf",  // Overlong.
           "\xed\xa0\x80",      // The first surrogate.
           "\xed\xbf\xbf",      // The last surrogate.
           "\xf4\x90\x80\x80",  // U+110000.
           "\xf5\x80\x80\x80",  // A lead of nothing.
           "\xff",              //
           "\xfe",              //
           "\xc2",              // Cut short.
           "\xe6\xa0",          // Cut short.
           "\xf0\x9f\x98",      // Cut short.
           "\xc2\xc2\x80",      // A lead where a continuation should be.
           "\xe6\xa0z",         //
           "\xf0\x9f\x98z",     //
           "\xe6\xa0\xc0",      //
       }) {
    ExpectUtf8(text, false);
  }
}

// The octets of `point` in the pattern of UTF-8, whether or not it may stand there.
std::string EncodePoint(uint32_t point) {
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | (point >> shift & 0x3f)); };
  if (point < 0x80) return {static_cast<char>(point)};
  if (point < 0x800) return {static_cast<char>(0xc0 | point >> 6), tail(0)};
  if (point < 0x10000) return {static_cast<char>(0xe0 | point >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xf0 | point >> 18), tail(12), tail(6), tail(0)};
}

TEST(IsUtf8, AcceptsEveryCharacterButSurrogates) {
  for (uint32_t point = 0; point < 0x120000; ++point) {
    const bool surrogate = point >= 0xd800 && point <= 0xdfff;
    ASSERT_EQ(IsUtf8(EncodePoint(point)), !surrogate && point <= 0x10ffff) << point;
  }
}

TEST(HasControlCharacter, FindsEachOfThemWhereverItStands) {
  for (uint32_t point = 0; point < 0x3000; ++point) {
    const bool control = point < 0x20 || (point >= 0x7f && point <= 0x9f);
    for (const size_t before : {0, 1, 7, 8, 12}) {
      const std::string text =
          std::string(before, '~').append(EncodePoint(point)).append("    标识");
      ASSERT_EQ(HasControlCharacter(text), control) << point << " after " << before;
    }
  }
}

TEST(HasControlCharacter, IsNotMisledByTheLastOctetsOfOthers) {
  EXPECT_FALSE(HasControlCharacter(""));
  EXPECT_FALSE(HasControlCharacter("\u0100\u0101"));  // C4 80 C4 81.
  EXPECT_FALSE(HasControlCharacter("\u00a0"));        // C2 A0.
  EXPECT_TRUE(HasControlCharacter("\u0085"));
}

TEST(ParseDecimal, ReadsTheWholeText) {
  EXPECT_EQ(*ParseDecimal("0"), 0u);
  EXPECT_EQ(*ParseDecimal("007"), 7u);
  EXPECT_EQ(*ParseDecimal("18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(*ParseDecimal("100", 100), 100u);
}

TEST(ParseDecimal, RefusesAnythingElse) {
  for (const std::string_view text : {"", " 1", "1 ", "+1", "-1", "-0", "1a", "0x10", "1.0", "1e3",
                                      "１", "18446744073709551616", "99999999999999999999999999"}) {
    const auto number = ParseDecimal(text);
    ASSERT_FALSE(number) << text;
    EXPECT_EQ(number.error().code, Errc::kMalformed);
  }
  EXPECT_FALSE(ParseDecimal("101", 100));
  EXPECT_FALSE(ParseDecimal({}));
}

}  // namespace
}  // namespace idnode
