#include "proto/handle/challenge.h"

#include <gtest/gtest.h>

#include "proto/crypto/cipher.h"
#include "proto/crypto/digest.h"
#include "proto/handle/requests.h"
#include "tests/unit/proto/handle/worked_messages.h"

namespace idnode {
namespace {

// spec/handle-protocol.md 5.4.
constexpr std::string_view kKey = "secret";
const std::string kNonce = worked::Octets("000102030405060708090a0b0c0d0e0f");
const std::string kDigest =
    worked::Octets("2163f44105180734123bc3b65e1d1face3334d1e3ce43ac61406baf30b312e00");
const std::string kSalt = worked::Octets("101112131415161718191a1b1c1d1e1f");

bool Verifies(std::string_view signed_response) {
  return VerifySecretAnswer(kKey, kNonce, kDigest, signed_response);
}

TEST(SecretAnswer, OfTheWorkedExamplesIsGivenAndVerified) {
  const std::string password = AnswerWithSecret({2, 11}, kKey, kNonce, kDigest, kSalt);
  EXPECT_EQ(password, DecodeChallengeAnswer(DecodeMessage(worked::kAnswer)->body)->signed_response);
  EXPECT_TRUE(Verifies(password));
  EXPECT_EQ(AnswerWithSecret({2, 7}, kKey, kNonce, kDigest, kSalt), password);

  const std::string sha1 = AnswerWithSecret({2, 6}, kKey, kNonce, kDigest, kSalt);
  EXPECT_EQ(ToHex(sha1), "02b317a45af15adf7f142893a46e910392c8d8afbf");
  EXPECT_TRUE(Verifies(sha1));
  EXPECT_EQ(AnswerWithSecret({2, 1}, kKey, kNonce, kDigest, kSalt), sha1);
}

TEST(SecretAnswer, OfEveryCodeIsVerified) {
  const std::string message = kNonce + kDigest;
  const std::string enclosed = std::string(kKey) + message + std::string(kKey);
  EXPECT_TRUE(Verifies('\x01' + *DigestOf("md5", enclosed)));
  EXPECT_TRUE(Verifies('\x02' + *DigestOf("sha1", enclosed)));
  EXPECT_TRUE(Verifies('\x03' + *DigestOf("sha256", enclosed)));
  EXPECT_TRUE(Verifies('\x12' + *MacOf("sha1", kKey, message)));
  EXPECT_TRUE(Verifies('\x13' + *MacOf("sha256", kKey, message)));
  EXPECT_FALSE(Verifies('\x04' + *DigestOf("sha256", enclosed)));
  EXPECT_FALSE(Verifies('\x03' + *DigestOf("sha1", enclosed)));
  EXPECT_FALSE(Verifies('\x13' + *MacOf("sha1", kKey, message)));
}

TEST(SecretAnswer, OfVersionsBelow2_1IsGivenButNotAccepted) {
  const std::string bare = AnswerWithSecret({2, 0}, kKey, kNonce, kDigest, kSalt);
  EXPECT_EQ(bare, *DigestOf("md5", std::string(kKey) + kNonce + kDigest + std::string(kKey)));
  EXPECT_FALSE(Verifies(bare));
}

TEST(SecretAnswer, IsRefusedWithAnyOctetChangedOrMissing) {
  for (const HandleVersion version : {HandleVersion{2, 11}, HandleVersion{2, 6}}) {
    const std::string answer = AnswerWithSecret(version, kKey, kNonce, kDigest, kSalt);
    for (size_t place = 0; place < answer.size(); ++place) {
      const bool is_iterations = version.minor == 11 && place >= 21 && place < 25;
      if (is_iterations) continue;  // Changed below, where it costs less.
      std::string changed = answer;
      changed[place] = static_cast<char>(changed[place] ^ 1);
      EXPECT_FALSE(Verifies(changed)) << place;
      EXPECT_FALSE(Verifies(answer.substr(0, place))) << place;
    }
  }
  std::string fewer = AnswerWithSecret({2, 11}, kKey, kNonce, kDigest, kSalt);
  fewer[24] = '\x0F';
  EXPECT_FALSE(Verifies(fewer));
}

TEST(SecretAnswer, ProvesOneKeyForOneChallenge) {
  const std::string answer = AnswerWithSecret({2, 6}, kKey, kNonce, kDigest, kSalt);
  EXPECT_FALSE(VerifySecretAnswer("Secret", kNonce, kDigest, answer));
  EXPECT_FALSE(VerifySecretAnswer(kKey, kDigest, kNonce, answer));
  EXPECT_FALSE(VerifySecretAnswer(kKey, kNonce, "", answer));
  const std::string of_nothing = AnswerWithSecret({2, 6}, "", kNonce, kDigest, kSalt);
  EXPECT_FALSE(VerifySecretAnswer("", kNonce, kDigest, of_nothing))
      << "an empty key proves nothing";
}

// Whoever may choose the length of the derived key guesses it.
TEST(SecretAnswer, IsRefusedUnderAKeyShortEnoughToGuess) {
  const std::string derived = *Pbkdf2("sha1", kKey, kSalt, 1, 1);
  const std::string mac = *MacOf("sha1", derived, kNonce + kDigest);
  std::string octets(1, '\x22');
  EncodePasswordAnswer({kSalt, 1, 8, mac}, octets);
  EXPECT_FALSE(Verifies(octets)) << "although it is computed as it should be";
}

TEST(PasswordOctets, AreTheKeysOctetsAsLatin1InUtf8) {
  EXPECT_EQ(PasswordOctets("secret"), "secret");
  EXPECT_EQ(ToHex(PasswordOctets(worked::Octets("00 7f 80 bf c0 ff"))), "007fc280c2bfc380c3bf");
  EXPECT_EQ(ToHex(*Pbkdf2("sha1", PasswordOctets("\x80\xFF"), kSalt, 1, 20)),
            "fba035bfe400801fa977ccae35aa20192841c758");
}

}  // namespace
}  // namespace idnode
