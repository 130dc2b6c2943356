#include "sync/upstream/backoff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

namespace idnode {
namespace {

// With this chance the whole of the wait is taken: its remainder by any ceiling c is c - 1.
uint64_t LongestChance(uint64_t ceiling) { return ceiling - 1; }

TEST(Backoff, DoublesTheLongestWaitUpToTheLimit) {
  Backoff backoff(/*first_ms=*/200, /*max_ms=*/30'000);
  uint64_t ceiling = 200;
  for (int attempt = 0; attempt < 100; ++attempt) {
    EXPECT_EQ(backoff.NextMs(LongestChance(ceiling)), ceiling) << "attempt " << attempt;
    ceiling = std::min<uint64_t>(ceiling * 2, 30'000);
  }
}

TEST(Backoff, WaitsAtLeastAMillisecondAndNeverPastTheLimit) {
  uint64_t chance = 88'118;
  Backoff backoff(200, 30'000);
  for (int i = 0; i < 100'000; ++i) {
    chance = chance * 6'364'136'223'846'793'005u + 1'442'695'040'888'963'407u;
    const uint64_t ms = backoff.NextMs(i % 3 == 0 ? 0 : i % 3 == 1 ? UINT64_MAX : chance);
    ASSERT_GE(ms, 1u);
    ASSERT_LE(ms, 30'000u);
  }
}

TEST(Backoff, SpreadsChildrenOverTheWholeWait) {
  uint64_t chance = 1;
  uint64_t low = 0, high = 0;
  for (int child = 0; child < 10'000; ++child) {
    chance = chance * 6'364'136'223'846'793'005u + 1'442'695'040'888'963'407u;
    Backoff backoff(1'000, 30'000);
    const uint64_t ms = backoff.NextMs(chance >> 20);
    low += ms <= 100;
    high += ms > 900;
  }
  EXPECT_NEAR(static_cast<double>(low), 1'000, 200);
  EXPECT_NEAR(static_cast<double>(high), 1'000, 200);
}

TEST(Backoff, StartsAnewAfterASuccess) {
  Backoff backoff(200, 30'000);
  for (int i = 0; i < 10; ++i) (void)backoff.NextMs(0);
  backoff.OnSuccess();
  EXPECT_EQ(backoff.NextMs(LongestChance(200)), 200u);
  EXPECT_EQ(backoff.NextMs(LongestChance(400)), 400u);
}

TEST(Backoff, BearsLimitsThatMakeNoSense) {
  EXPECT_EQ(Backoff(0, 0).NextMs(12'345), 1u);
  EXPECT_LE(Backoff(1'000, 10).NextMs(12'345), 10u);
  Backoff widest(1, UINT64_MAX);
  for (int i = 0; i < 200; ++i) ASSERT_GE(widest.NextMs(UINT64_MAX - 1), 1u);
}

}  // namespace
}  // namespace idnode
