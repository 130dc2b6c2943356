#include "node/security/source_allowance.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace idnode
