#include "proto/ident/handle_name.h"

#include <gtest/gtest.h>

#include "proto/base/limits.h"
#include "proto/base/text.h"

namespace idnode {
namespace {

std::string KeyOf(std::string_view text) {
  std::string key;
  AppendHandleKey(text, key);
  return key;
}

TEST(HandleName, IsSplitAtItsFirstSlash) {
  const auto name = ParseHandleName("88.118.8/a/b");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->prefix, "88.118.8");
  EXPECT_EQ(name->suffix, "a/b");
  EXPECT_TRUE(name->has_slash);
}

TEST(HandleName, WithoutASlashIsABarePrefix) {
  const auto name = ParseHandleName("88.118.8");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->prefix, "88.118.8");
  EXPECT_EQ(name->suffix, "");
  EXPECT_FALSE(name->has_slash);
}

TEST(HandleName, MayHaveAnEmptySuffixAndAnyUtf8) {
  EXPECT_TRUE(ParseHandleName("88.118.8/"));
  EXPECT_TRUE(ParseHandleName("88.118.8/产品 一\t"));
}

TEST(HandleName, SaysWhyItIsRefused) {
  EXPECT_EQ(ParseHandleName("").error().code, Errc::kInvalidIdentifier);
  EXPECT_EQ(ParseHandleName("/suffix").error().code, Errc::kInvalidIdentifier);
  EXPECT_EQ(ParseHandleName("88.118.8/\xFF").error().code, Errc::kNotUtf8);
}

TEST(HandleName, HasAtMost2048Octets) {
  std::string name = "88/" + std::string(limits::kIdentifierQueryOctetsMax - 3, 'x');
  EXPECT_TRUE(ParseHandleName(name));
  name += 'x';
  EXPECT_EQ(ParseHandleName(name).error().code, Errc::kTooLarge);
}

TEST(HandleKey, FoldsAsciiLettersOnly) {
  EXPECT_EQ(KeyOf("88.118.8/aZ@[`{é产İ"), "H88.118.8/AZ@[`{é产İ");
}

TEST(HandleKey, FoldsEveryOctetAtEveryPlaceAlike) {
  for (int octet = 0; octet < 256; ++octet) {
    for (size_t place = 0; place < 17; ++place) {
      std::string text(17, '~');
      text[place] = static_cast<char>(octet);
      EXPECT_EQ(KeyOf(text), 'H' + UpperAscii(text)) << octet << " at " << place;
    }
  }
}

TEST(HandleKey, IsAppended) {
  std::string out = "before";
  AppendHandleKey("88/x", out);
  EXPECT_EQ(out, "beforeH88/X");
}

TEST(Heartbeat, IsTheSingleZero) {
  EXPECT_TRUE(IsHeartbeat("0"));
  EXPECT_FALSE(IsHeartbeat("00"));
  EXPECT_FALSE(IsHeartbeat("0/"));
  EXPECT_FALSE(IsHeartbeat(""));
}

TEST(AllottablePrefix, IsDigitsBetweenDots) {
  for (const auto* prefix : {"88", "88.118.8", "86.122.062001", "88.10166.12345678", "0.0"}) {
    EXPECT_TRUE(CheckAllottablePrefix(prefix)) << prefix;
  }
  for (const auto* prefix :
       {"", ".", "88.", ".88", "88..1", "88.a", "88/1", "0.NA", "88.123456789", "88 ", "８８"}) {
    EXPECT_EQ(CheckAllottablePrefix(prefix).error().code, Errc::kInvalidIdentifier) << prefix;
  }
}

TEST(AllottablePrefix, HasAtMost64Octets) {
  std::string prefix = "8";
  while (prefix.size() < 63) prefix += ".8";
  EXPECT_EQ(prefix.size(), 63u);
  EXPECT_TRUE(CheckAllottablePrefix(prefix + "8"));
  EXPECT_EQ(CheckAllottablePrefix(prefix + ".8").error().code, Errc::kTooLarge);
}

TEST(Prefix, LiesUnderItselfAndWhatItIsDerivedFrom) {
  EXPECT_TRUE(IsUnder("88.118.8", "88.118.8"));
  EXPECT_TRUE(IsUnder("88.118.8", "88.118"));
  EXPECT_TRUE(IsUnder("88.118.8", "88"));
  EXPECT_TRUE(IsUnder("0.na.1", "0.NA"));
  EXPECT_FALSE(IsUnder("88.1188", "88.118"));
  EXPECT_FALSE(IsUnder("88.118", "88.118.8"));
  EXPECT_FALSE(IsUnder("88.118", ""));
}

TEST(PrefixHandle, NamesAPrefix) {
  EXPECT_EQ(PrefixNamedBy("0.NA/88.118.8"), "88.118.8");
  EXPECT_EQ(PrefixNamedBy("0.na/88.118.x/y"), "88.118.x/y");
  EXPECT_EQ(PrefixNamedBy("0.NA/"), "");
  EXPECT_EQ(PrefixNamedBy("0.N"), "");
  EXPECT_EQ(PrefixNamedBy("88.118.8/0.NA/1"), "");
  EXPECT_EQ(PrefixNamedByKey("H0.NA/88.118.8"), "88.118.8");
  EXPECT_EQ(PrefixNamedByKey("G0.NA/88.118.8"), "");
  EXPECT_EQ(PrefixNamedByKey(""), "");
}

TEST(ParentPrefix, IsWhatAPrefixIsDerivedFrom) {
  EXPECT_EQ(ParentPrefix("88.118.8"), "88.118");
  EXPECT_EQ(ParentPrefix("88"), "");
  EXPECT_EQ(ParentPrefix(""), "");
}

}  // namespace
}  // namespace idnode
