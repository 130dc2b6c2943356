#include "proto/crypto/sm2_cipher.h"

#include <gtest/gtest.h>

#include <string>

#include "proto/base/text.h"
#include "proto/crypto/key.h"

namespace idnode {
namespace {

std::string Octets(char x, char y, size_t text) {
  std::string octets = "\x04";
  octets.append(32, x).append(32, y).append(32, 'h').append(text, 't');
  return octets;
}

TEST(Sm2Cipher, HasTwoFormsOfTheSameOctets) {
  for (const size_t text : {1u, 16u, 20u, 100u, 127u, 128u, 255u, 256u, 5'000u}) {
    for (const char x : {'\x01', '\x7F', '\x80', '\xFF', '\0'}) {
      const std::string octets = Octets(x, 'y', text);
      const auto der = Sm2DerOf(octets);
      ASSERT_TRUE(der.ok());
      EXPECT_EQ(Sm2OctetsOf(*der).ok(), true) << text;
      EXPECT_EQ(*Sm2OctetsOf(*der), octets) << text;
    }
  }
}

TEST(Sm2Cipher, PutsAZeroBeforeNumbersThatLookNegative) {
  const auto der = Sm2DerOf(Octets('\x80', '\x01', 1));
  ASSERT_TRUE(der.ok());
  EXPECT_EQ(ToHex(der->substr(0, 6)), "306a02210080");
}

TEST(Sm2Cipher, RefusesWhatIsNone) {
  const std::string octets = Octets('x', 'y', 16);
  for (size_t size = 0; size <= 1 + 3 * 32; ++size) {
    EXPECT_FALSE(Sm2DerOf(octets.substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(Sm2DerOf("\x03" + octets.substr(1)).ok());
  const std::string der = *Sm2DerOf(octets);
  for (size_t size = 0; size < der.size(); ++size) {
    EXPECT_FALSE(Sm2OctetsOf(der.substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(Sm2OctetsOf(der + "x").ok());
}

TEST(Sm2Cipher, IsWhatAKeyEncrypts) {
  const auto key = SigningKey::Generate(KeyKind::kSm2);
  ASSERT_TRUE(key.ok());
  const auto cipher = key->verifying_key().Encrypt("a session key");
  ASSERT_TRUE(cipher.ok());
  EXPECT_EQ(cipher->size(), 1 + 3 * 32 + std::string("a session key").size());
  EXPECT_EQ(cipher->front(), '\x04');
  EXPECT_EQ(*key->Decrypt(*cipher), "a session key");
}

}  // namespace
}  // namespace idnode
