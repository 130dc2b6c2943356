#include "node/security/proven_sources.h"

#include <gtest/gtest.h>

#include <string>

namespace idnode {
namespace {

constexpr uint64_t kSecond = 1'000'000;
constexpr uint64_t kStart = 1'000 * kSecond;

Address At(const std::string& text) { return *ParseAddress(text); }

TEST(ProvenSources, HoldForAWhile) {
  ProvenSources proven(300, 42);
  const Address source = At("192.0.2.1");
  EXPECT_FALSE(proven.IsProven(source, kStart));
  proven.Prove(source, kStart);
  EXPECT_TRUE(proven.IsProven(source, kStart));
  EXPECT_TRUE(proven.IsProven(source, kStart + 299 * kSecond));
  EXPECT_FALSE(proven.IsProven(source, kStart + 300 * kSecond));
  EXPECT_FALSE(proven.IsProven(At("192.0.2.2"), kStart));
  EXPECT_FALSE(proven.IsProven(At("2001:db8::1"), kStart));
}

TEST(ProvenSources, AreRenewedWhileTheySpeak) {
  ProvenSources proven(300, 42);
  const Address source = At("2001:db8::1");
  for (uint64_t second = 0; second < 2'000; second += 7) {
    proven.Prove(source, kStart + second * kSecond);
    ASSERT_TRUE(proven.IsProven(source, kStart + (second + 289) * kSecond));
  }
}

// The clock in an entry has 24 bits and runs round after 194 days.
TEST(ProvenSources, KnowTheTimeWhenTheClockRunsRound) {
  ProvenSources proven(300, 42);
  const Address source = At("192.0.2.1");
  const uint64_t round = (uint64_t{1} << 24) * kSecond;
  proven.Prove(source, round - 100 * kSecond);
  EXPECT_TRUE(proven.IsProven(source, round + 150 * kSecond));
  EXPECT_FALSE(proven.IsProven(source, round + 250 * kSecond));
}

TEST(ProvenSources, GiveNobodyThePlaceOfAnother) {
  ProvenSources proven(300, 42, 1);
  proven.Prove(At("192.0.2.1"), kStart);
  EXPECT_FALSE(proven.IsProven(At("192.0.2.2"), kStart));
  proven.Prove(At("192.0.2.2"), kStart);
  EXPECT_FALSE(proven.IsProven(At("192.0.2.1"), kStart)) << "forgotten, not mistaken";
}

}  // namespace
}  // namespace idnode
