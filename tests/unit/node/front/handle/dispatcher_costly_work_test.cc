#include <gtest/gtest.h>

#include "node/front/handle/costly_work.h"
#include "proto/handle/requests.h"

namespace idnode {
namespace {

constexpr uint64_t kSecond = 1'000'000;
constexpr SourceAllowance::Limits kLimits{
    .of_network_per_second = 10, .of_network_burst = 20, .per_second = 30, .burst = 45};

Address From(std::string_view text) { return *ParseAddress(text); }

TEST(SourceAllowance, IsSpentByANetworkAndFillsAgain) {
  SourceAllowance allowance(kLimits, 1);
  EXPECT_TRUE(allowance.Take(From("192.0.2.1"), 15, 0));
  EXPECT_FALSE(allowance.Take(From("192.0.2.200"), 6, 0)) << "the same /24";
  EXPECT_TRUE(allowance.Take(From("192.0.2.200"), 5, 0));
  EXPECT_FALSE(allowance.Take(From("192.0.2.1"), 1, 99'999));
  EXPECT_TRUE(allowance.Take(From("192.0.2.1"), 1, 100'000));
  EXPECT_FALSE(allowance.Take(From("192.0.2.1"), 21, 1'000 * kSecond)) << "no more than a burst";
  EXPECT_TRUE(allowance.Take(From("192.0.2.1"), 20, 1'000 * kSecond));
}

TEST(SourceAllowance, OfOneNetworkDoesNotTouchAnothers) {
  SourceAllowance allowance(kLimits, 1);
  EXPECT_TRUE(allowance.Take(From("192.0.2.1"), 20, 0));
  EXPECT_TRUE(allowance.Take(From("2001:db8::1"), 20, 0));
  EXPECT_FALSE(allowance.Take(From("2001:db8::ffff:ffff:ffff:ffff"), 1, 0)) << "the same /64";
}

TEST(SourceAllowance, IsBoundedForAllTogether) {
  SourceAllowance allowance(kLimits, 1);
  EXPECT_TRUE(allowance.Take(From("192.0.2.1"), 20, 0));
  EXPECT_TRUE(allowance.Take(From("198.51.100.1"), 20, 0));
  EXPECT_FALSE(allowance.Take(From("203.0.113.1"), 20, 0));
  EXPECT_TRUE(allowance.Take(From("203.0.113.1"), 20, kSecond / 2)) << "nothing was taken before";
}

TEST(SourceAllowance, IsOnlyLookedAtByAllows) {
  SourceAllowance allowance(kLimits, 1);
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(allowance.Allows(From("192.0.2.1"), 20, 0));
  EXPECT_TRUE(allowance.Take(From("192.0.2.1"), 20, 0));
  EXPECT_FALSE(allowance.Allows(From("192.0.2.1"), 1, 0));
}

TEST(SourceAllowance, DoesNotFillWhenTheClockStandsOrGoesBack) {
  SourceAllowance allowance(kLimits, 1);
  EXPECT_TRUE(allowance.Take(From("192.0.2.1"), 20, 5 * kSecond));
  EXPECT_FALSE(allowance.Take(From("192.0.2.1"), 1, 5 * kSecond));
  EXPECT_FALSE(allowance.Take(From("192.0.2.1"), 1, kSecond));
  EXPECT_TRUE(allowance.Take(From("192.0.2.1"), 10, 6 * kSecond));
}

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
