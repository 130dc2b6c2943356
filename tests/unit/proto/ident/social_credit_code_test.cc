#include "proto/ident/social_credit_code.h"

#include <gtest/gtest.h>

#include <string>

namespace idnode {
namespace {

TEST(SocialCreditCode, HasTheCheckCharacterOfTheStandard) {
  for (const auto* code : {"91350100M000100Y43", "91310000607216908F", "91370100163148771H"}) {
    EXPECT_TRUE(LooksLikeSocialCreditCode(code));
    EXPECT_TRUE(CheckSocialCreditCode(code).ok()) << code;
  }
}

TEST(SocialCreditCode, IsRefusedWithAnyOneCharacterChanged) {
  const std::string code = "91350100M000100Y43";
  for (size_t i = 0; i < code.size(); ++i) {
    for (const char c : std::string_view("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
      std::string changed = code;
      changed[i] = c;
      EXPECT_EQ(CheckSocialCreditCode(changed).ok(), c == code[i]) << changed;
    }
  }
  EXPECT_FALSE(CheckSocialCreditCode("91350100m000100y43").ok());
}

TEST(SocialCreditCode, IsNotMeantByAnOrdinaryName) {
  EXPECT_FALSE(LooksLikeSocialCreditCode("ACME-FACTORY-00001"));
  EXPECT_FALSE(LooksLikeSocialCreditCode("acmefactorynumber1"));
  EXPECT_FALSE(LooksLikeSocialCreditCode("91350100M000100Y4"));
}

}  // namespace
}  // namespace idnode
