#include "proto/handle/identity.h"

#include <gtest/gtest.h>

namespace idnode {
namespace {

TEST(HandleIdentity, IsWrittenAsIndexAndHandle) {
  const HandleIdentity identity{"88.118.8/ADMIN", 300};
  EXPECT_EQ(TextOf(identity), "300:88.118.8/ADMIN");
  EXPECT_EQ(*ParseHandleIdentity("300:88.118.8/ADMIN"), identity);
  EXPECT_EQ(*ParseHandleIdentity("0:a:b"), (HandleIdentity{"a:b", 0})) << "the first colon counts";
  EXPECT_EQ(ParseHandleIdentity("4294967295:x")->index, 4'294'967'295u);
}

TEST(HandleIdentity, IsRefusedWithoutIndexOrHandle) {
  for (const std::string_view text :
       {"", ":", "300", "300:", ":88.1/x", "-1:88.1/x", "x:88.1/x", " 1:88.1/x", "4294967296:x"}) {
    const auto identity = ParseHandleIdentity(text);
    ASSERT_FALSE(identity) << text;
    EXPECT_EQ(identity.error().code, Errc::kMalformed);
  }
}

TEST(Means, TakesThePrefixInAnyCaseAndTheSuffixAsItIs) {
  const HandleIdentity identity{"88.Abc/Admin", 300};
  EXPECT_TRUE(Means({"88.Abc/Admin", 300}, identity));
  EXPECT_TRUE(Means({"88.ABC/Admin", 300}, identity));
  EXPECT_FALSE(Means({"88.Abc/ADMIN", 300}, identity));
  EXPECT_FALSE(Means({"88.Abc/Admin2", 300}, identity));
  EXPECT_FALSE(Means({"88.Abc", 300}, identity));
  EXPECT_FALSE(Means({"", 300}, identity));
}

TEST(Means, TakesAWholeHandleOfPrefixesInAnyCase) {
  EXPECT_TRUE(Means({"0.na/88.abc", 200}, {"0.NA/88.ABC", 200}));
  EXPECT_TRUE(Means({"88.abc", 200}, {"88.ABC", 200})) << "no suffix";
  EXPECT_FALSE(Means({"0/na", 200}, {"0/NA", 200})) << "not below \"0.\"";
}

TEST(Means, TakesIndexZeroOfAReferenceForEveryIndex) {
  const HandleIdentity identity{"88.1/x", 300};
  EXPECT_TRUE(Means({"88.1/x", 0}, identity));
  EXPECT_FALSE(Means({"88.1/x", 301}, identity));
  EXPECT_FALSE(Means({"88.1/x", 300}, {"88.1/x", 0})) << "an identity does not choose";
  EXPECT_FALSE(Means({"88.1/y", 0}, identity));
}

}  // namespace
}  // namespace idnode
