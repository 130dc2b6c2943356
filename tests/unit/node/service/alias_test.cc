#include "node/service/alias.h"

#include <gtest/gtest.h>

#include "proto/base/limits.h"
#include "proto/ident/identifier.h"

namespace idnode {
namespace {

std::string KeyOf(std::string_view text) { return ParseIdentifier(text)->key; }

TEST(Alias, IsTheFirstValueOfItsType) {
  const std::vector<Value> values = {{.index = 1, .type = "URL", .data = "https://a.example/"},
                                     {.index = 2, .type = "HS_ALIAS", .data = "88.118.8/b"},
                                     {.index = 3, .type = "HS_ALIAS", .data = "88.118.8/c"}};
  EXPECT_EQ(AliasAmong(values), "88.118.8/b");
  EXPECT_EQ(AliasAmong(std::span(values).first(1)), "");
  EXPECT_EQ(AliasAmong({}), "");
}

TEST(AliasPath, LeadsFromSchemeToScheme) {
  AliasPath path(KeyOf("did:bid:efnVUgqQFfYeu97ABf6sGm3WFtVXHZB2"));
  EXPECT_EQ(*path.Follow("88.118.8/Sn-1"), "H88.118.8/SN-1");
  EXPECT_EQ(*path.Follow("urn:oid:1.2.156.3001"), KeyOf("1.2.156.3001"));
  EXPECT_EQ(path.aliases(), 2u);
}

TEST(AliasPath, RefusesACircleHoweverItsNamesAreWritten) {
  AliasPath path(KeyOf("88.118.8/a"));
  EXPECT_EQ(path.Follow("88.118.8/A").error().code, Errc::kInvalidIdentifier) << "itself";
  ASSERT_TRUE(path.Follow("01/06901234567892"));
  ASSERT_TRUE(path.Follow("1.2.156.3001"));
  EXPECT_EQ(path.Follow("6901234567892").error().code, Errc::kInvalidIdentifier);
  EXPECT_EQ(path.Follow("urn:oid:1.2.156.3001").error().code, Errc::kInvalidIdentifier);
  EXPECT_EQ(path.aliases(), 2u);
}

TEST(AliasPath, EndsAtItsBound) {
  AliasPath path(KeyOf("88.118.8/0"));
  for (size_t i = 1; i <= limits::kAliasesMax; ++i) {
    ASSERT_TRUE(path.Follow("88.118.8/" + std::to_string(i))) << i;
  }
  EXPECT_EQ(path.Follow("88.118.8/more").error().code, Errc::kInvalidIdentifier);
  EXPECT_EQ(path.aliases(), limits::kAliasesMax);
}

TEST(AliasPath, RefusesWhatIsNoIdentifier) {
  AliasPath path(KeyOf("88.118.8/0"));
  EXPECT_EQ(path.Follow("").error().code, Errc::kInvalidIdentifier);
  EXPECT_EQ(path.Follow("6901234567893").error().code, Errc::kCheckDigit);
  EXPECT_EQ(path.aliases(), 0u);
}

}  // namespace
}  // namespace idnode
