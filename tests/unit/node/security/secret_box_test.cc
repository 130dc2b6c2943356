#include "node/security/secret_box.h"

#include <gtest/gtest.h>

namespace idnode {
namespace {

const SecretBox kBox{std::string(32, 'k')};
constexpr std::string_view kPlace("H88.118.8/ADMIN\0\0\1\x2c", 19);

TEST(SecretBox, OpensWhatItSealed) {
  for (const std::string secret : {"", "secret", "\x80\xFF\0x"}) {
    const std::string sealed = kBox.Seal(secret, kPlace);
    EXPECT_TRUE(SecretBox::IsSealed(sealed));
    EXPECT_EQ(sealed.find("secret"), std::string::npos);
    const auto opened = kBox.Open(sealed, kPlace);
    ASSERT_TRUE(opened.ok());
    EXPECT_EQ(*opened, secret);
  }
}

TEST(SecretBox, SealsEqualSecretsOfOnePlaceEqually) {
  EXPECT_EQ(kBox.Seal("secret", kPlace), kBox.Seal("secret", kPlace));
}

TEST(SecretBox, SealsOtherSecretsAndOtherPlacesUnderOtherNonces) {
  const auto nonce = [](const std::string& sealed) { return sealed.substr(16, 12); };
  const std::string sealed = kBox.Seal("secret", kPlace);
  EXPECT_NE(nonce(kBox.Seal("Secret", kPlace)), nonce(sealed));
  EXPECT_NE(nonce(kBox.Seal("secret", "elsewhere")), nonce(sealed));
  // Where place and secret meet is told apart.
  EXPECT_NE(nonce(kBox.Seal("bc", "a")), nonce(kBox.Seal("c", "ab")));
}

TEST(SecretBox, DoesNotOpenInAnotherPlaceOrWithAnotherKey) {
  const std::string sealed = kBox.Seal("secret", kPlace);
  EXPECT_EQ(kBox.Open(sealed, "elsewhere").error().code, Errc::kForged);
  EXPECT_EQ(SecretBox(std::string(32, 'x')).Open(sealed, kPlace).error().code, Errc::kForged);
}

TEST(SecretBox, DoesNotOpenWhatWasDamagedOrCutShort) {
  const std::string sealed = kBox.Seal("secret", kPlace);
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string damaged = sealed;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_EQ(kBox.Open(damaged, kPlace).error().code, Errc::kForged) << i;
    EXPECT_FALSE(kBox.Open(std::string_view(sealed).substr(0, i), kPlace)) << i;
  }
  EXPECT_FALSE(kBox.Open("secret", kPlace));
  EXPECT_FALSE(SecretBox::IsSealed("secret"));
}

}  // namespace
}  // namespace idnode
