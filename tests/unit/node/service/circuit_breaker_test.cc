#include "node/service/circuit_breaker.h"

#include <gtest/gtest.h>

namespace idnode {
namespace {

TEST(CircuitBreaker, LeavesAServerInPeaceThatFailsAgainAndAgain) {
  CircuitBreaker breaker({.failures = 3, .rest_millis = 1'000});
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(breaker.MayAsk("a", 0));
    breaker.OnFailed("a", 0);
  }
  EXPECT_TRUE(breaker.MayAsk("a", 0));
  breaker.OnFailed("a", 500);
  EXPECT_FALSE(breaker.MayAsk("a", 500));
  EXPECT_FALSE(breaker.MayAsk("a", 1'499));
  EXPECT_TRUE(breaker.MayAsk("b", 500));  // Others are others.
}

TEST(CircuitBreaker, LetsOneQuestionDecide) {
  CircuitBreaker breaker({.failures = 1, .rest_millis = 1'000});
  breaker.OnFailed("a", 0);
  EXPECT_TRUE(breaker.MayAsk("a", 1'000));
  EXPECT_FALSE(breaker.MayAsk("a", 1'000));  // Until it is known what became of the one.
  breaker.OnFailed("a", 1'200);
  EXPECT_FALSE(breaker.MayAsk("a", 2'199));
  EXPECT_TRUE(breaker.MayAsk("a", 2'200));
  breaker.OnAnswered("a");
  EXPECT_TRUE(breaker.MayAsk("a", 2'200));
  EXPECT_TRUE(breaker.MayAsk("a", 2'200));
}

TEST(CircuitBreaker, CountsFailuresInARowAlone) {
  CircuitBreaker breaker({.failures = 2, .rest_millis = 1'000});
  breaker.OnFailed("a", 0);
  breaker.OnAnswered("a");
  breaker.OnFailed("a", 0);
  EXPECT_TRUE(breaker.MayAsk("a", 0));
}

TEST(CircuitBreaker, RemembersSoManyAndNoMore) {
  CircuitBreaker breaker({.failures = 1, .rest_millis = 1'000, .servers_max = 2});
  for (const char* server : {"a", "b", "c"}) breaker.OnFailed(server, 0);
  EXPECT_FALSE(breaker.MayAsk("a", 0));
  EXPECT_FALSE(breaker.MayAsk("b", 0));
  EXPECT_TRUE(breaker.MayAsk("c", 0));
}

}  // namespace
}  // namespace idnode
