#include "proto/crypto/key_exchange.h"

#include <gtest/gtest.h>

#include "proto/base/text.h"

namespace idnode {
namespace {

std::string Hex(std::string_view text) { return *FromHex(text); }

// RFC 2409 6.2, the group of 1,024 bits.
const std::string kP =
    Hex("ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74"
        "020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437"
        "4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed"
        "ee386bfb5a899fa5ae9f24117c4b1fe649286651ece65381ffffffffffffffff");
const std::string kG = "\x02";

// An exponent of 64 octets: `first`, the next and so on at its end, 32 of them.
std::string Exponent(int first) {
  std::string octets(32, '\0');
  for (int i = 0; i < 32; ++i) octets.push_back(static_cast<char>(first + i));
  return octets;
}

// spec/handle-protocol.md 5.6.
TEST(KeyAgreement, GivesTheWorkedSessionKeyOnBothSides) {
  const auto client_start = AgreeOnKey(kP, kG, kG, Exponent(0x01));
  ASSERT_TRUE(client_start);
  const auto server = AgreeOnKey(kP, kG, client_start->public_value, Exponent(0x21));
  ASSERT_TRUE(server);
  EXPECT_EQ(ToHex(server->public_value),
            "0cfaaafb160cda22c4b61bc983d934b3953eaf41645c7936908b573e512116d5"
            "ad177dbb3e5bdd566fa953af8fecd9edca184a033f917e7517bff399a6a8aa01"
            "240321ff82be7d764f9f7cbb4151aec400f2925aa1cbccc3e6108751f2a9e31a"
            "5c1c0a7d6396cd79f178ae67608c5318b180106c6f7d4c5cf0c2ab54a3286d2b");
  const auto client = AgreeOnKey(kP, kG, server->public_value, Exponent(0x01));
  ASSERT_TRUE(client);
  EXPECT_EQ(client->secret, server->secret);
  EXPECT_EQ(server->secret.size(), kP.size());
  EXPECT_EQ(ToHex(SessionKeyOf(server->secret)),
            "a8aea6c2abe04a3722dfe9f38a0a53472e3ce7ed32bbef7b88aff82fea5a18e8");
}

TEST(KeyAgreement, TakesNumbersWithZerosInFront) {
  const std::string zeros(8, '\0');
  const auto plain = AgreeOnKey(kP, kG, kG, Exponent(1));
  const auto padded = AgreeOnKey(zeros + kP, zeros + kG, zeros + kG, Exponent(1));
  ASSERT_TRUE(padded);
  EXPECT_EQ(padded->public_value, plain->public_value);
  EXPECT_EQ(padded->secret, plain->secret) << "of the length of p without its zeros";
}

std::string Minus(std::string number, int less) {
  number.back() = static_cast<char>(number.back() - less);
  return number;
}

TEST(KeyAgreement, RefusesNumbersThatLeaveTheSecretNoChoice) {
  for (const std::string& bad : {std::string(), std::string(4, '\0'), std::string("\x01"),
                                 Minus(kP, 1), kP, kP + '\0', std::string(4'000, '\xFF')}) {
    EXPECT_EQ(AgreeOnKey(kP, bad, kG, Exponent(1)).error().code, Errc::kMalformed) << bad.size();
    EXPECT_EQ(AgreeOnKey(kP, kG, bad, Exponent(1)).error().code, Errc::kMalformed) << bad.size();
  }
  EXPECT_TRUE(AgreeOnKey(kP, Minus(kP, 2), Minus(kP, 2), Exponent(1)));
}

TEST(KeyAgreement, RefusesModuliThatAreEvenTooSmallOrTooLarge) {
  const auto refused = [](const std::string& p) {
    const auto agreement = AgreeOnKey(p, kG, kG, Exponent(1));
    return !agreement && agreement.error().code == Errc::kMalformed;
  };
  EXPECT_TRUE(refused(""));
  EXPECT_TRUE(refused(Minus(kP, 1))) << "even";
  EXPECT_TRUE(refused("\x7F" + std::string(127, '\xFF'))) << "1023 bits";
  EXPECT_FALSE(refused(std::string(128, '\xFF')));
  EXPECT_FALSE(refused(std::string(512, '\xFF')));
  EXPECT_TRUE(refused('\x01' + std::string(512, '\xFF'))) << "4097 bits";
}

TEST(KeyAgreement, RefusesAnExponentOfAnotherLengthOrOfZero) {
  EXPECT_FALSE(AgreeOnKey(kP, kG, kG, ""));
  EXPECT_FALSE(AgreeOnKey(kP, kG, kG, std::string(63, 'x')));
  EXPECT_FALSE(AgreeOnKey(kP, kG, kG, std::string(65, 'x')));
  EXPECT_FALSE(AgreeOnKey(kP, kG, kG, std::string(64, '\0')));
  EXPECT_TRUE(AgreeOnKey(kP, kG, kG, std::string(64, '\xFF')));
}

TEST(SessionKey, DropsZerosInFrontWhileMoreThanEnoughRemains) {
  const std::string digits(40, 'd');
  EXPECT_EQ(SessionKeyOf(digits), digits.substr(0, 32));
  EXPECT_EQ(SessionKeyOf(std::string(3, '\0') + digits), digits.substr(0, 32));
  EXPECT_EQ(SessionKeyOf(std::string(3, '\0') + digits.substr(0, 31)),
            std::string(1, '\0') + digits.substr(0, 31));
  EXPECT_EQ(SessionKeyOf(std::string(100, '\0')), std::string(32, '\0'));
}

}  // namespace
}  // namespace idnode
