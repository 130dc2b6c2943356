#include "node/service/forwarded_cache.h"

#include <gtest/gtest.h>

namespace idnode {
namespace {

std::shared_ptr<const ForwardedAnswer> AnswerOf(size_t octets) {
  return std::make_shared<const ForwardedAnswer>(
      ForwardedAnswer{"tcp://192.0.2.1:2641", {}, std::string(octets, 'r')});
}

TEST(ForwardedCache, KeepsAnAnswerForItsTime) {
  ForwardedCache cache(1u << 20);
  const auto answer = AnswerOf(100);
  EXPECT_EQ(cache.Find("k", Position{1}, 0), nullptr);
  cache.Put("k", Position{1}, 1'000, answer);
  EXPECT_EQ(cache.Find("k", Position{1}, 999), answer);
  EXPECT_EQ(cache.Find("k", Position{1}, 1'000), nullptr);
  EXPECT_EQ(cache.octets(), 0u);
}

TEST(ForwardedCache, ForgetsWhatIsRoutedOtherwiseSince) {
  ForwardedCache cache(1u << 20);
  cache.Put("k", Position{1}, 1'000, AnswerOf(100));
  EXPECT_EQ(cache.Find("k", Position{2}, 0), nullptr);
  EXPECT_EQ(cache.Find("k", Position{1}, 0), nullptr);
}

TEST(ForwardedCache, DropsWhatWasAskedForLongestAgo) {
  ForwardedCache cache(16'000);
  for (int i = 0; i < 10; ++i) {
    cache.Put("k" + std::to_string(i), Position{1}, 1'000, AnswerOf(1'000));
    EXPECT_NE(cache.Find("k0", Position{1}, 0), nullptr) << i;
  }
  for (int i = 10; i < 20; ++i) {
    cache.Put("k" + std::to_string(i), Position{1}, 1'000, AnswerOf(1'000));
    EXPECT_NE(cache.Find("k0", Position{1}, 0), nullptr) << i;
    EXPECT_LE(cache.octets(), 16'000u);
  }
  EXPECT_EQ(cache.Find("k1", Position{1}, 0), nullptr);
  EXPECT_NE(cache.Find("k19", Position{1}, 0), nullptr);
}

TEST(ForwardedCache, KeepsNoGiantAndOneAnswerForAKey) {
  ForwardedCache cache(16'000);
  cache.Put("giant", Position{1}, 1'000, AnswerOf(2'000));
  EXPECT_EQ(cache.Find("giant", Position{1}, 0), nullptr);
  const auto later = AnswerOf(200);
  cache.Put("k", Position{1}, 1'000, AnswerOf(100));
  cache.Put("k", Position{1}, 1'000, later);
  EXPECT_EQ(cache.Find("k", Position{1}, 0), later);
  const size_t one = cache.octets();
  cache.Put("k", Position{1}, 1'000, AnswerOf(200));
  EXPECT_EQ(cache.octets(), one);
}

}  // namespace
}  // namespace idnode
