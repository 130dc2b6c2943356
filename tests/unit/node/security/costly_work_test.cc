#include "node/security/costly_work.h"

#include <gtest/gtest.h>

#include <string>

#include "proto/handle/requests.h"

namespace idnode {
namespace {

TEST(Cost, OfAPasswordGrowsWithItsRoundsAndItsLength) {
  const auto cost = [](uint32_t iterations, uint32_t key_bits) {
    std::string octets;
    EncodePasswordAnswer({.salt = "0123456789abcdef",
                          .iterations = iterations,
                          .key_bits = key_bits,
                          .mac = "0123456789abcdef0123"},
                         octets);
    return CostOfSecretAnswer(octets[0] == 0x22 ? octets : "\x22" + octets);
  };
  EXPECT_EQ(cost(10'000, 160), 5u);
  EXPECT_EQ(cost(100'000, 512), 161u);
  EXPECT_LT(CostOfSecretAnswer("\x02"
                               "abc"),
            cost(10'000, 160));
  EXPECT_EQ(CostOfSecretAnswer(""), kVerificationCost);
}

TEST(Cost, OfAKeyAgreementGrowsWithTheGroup) {
  EXPECT_EQ(CostOfKeyAgreement(128), 1u);
  EXPECT_EQ(CostOfKeyAgreement(256), 4u);
  EXPECT_EQ(CostOfKeyAgreement(512), 32u);
  EXPECT_EQ(CostOfKeyAgreement(SIZE_MAX - 127), 32u) << "longer ones are refused, not computed";
}

}  // namespace
}  // namespace idnode
