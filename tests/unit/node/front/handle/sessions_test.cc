#include "node/front/handle/sessions.h"

#include <gtest/gtest.h>

#include <set>

#include "node/runtime/random.h"

namespace idnode {
namespace {

constexpr uint64_t kSecond = 1'000'000;

Sessions::Terms From(std::string_view address, uint32_t idle_seconds = 60) {
  return {.version = kHandleVersion,
          .key = std::string(32, 'k'),
          .identity = {},
          .idle_seconds = idle_seconds,
          .source = *ParseAddress(address)};
}

TEST(CounterWindow, AcceptsEachCounterOnce) {
  CounterWindow window;
  EXPECT_FALSE(window.Accept(0)) << "clients begin with 1";
  for (const uint32_t counter : {1u, 2u, 5u, 3u, 4u}) {
    EXPECT_TRUE(window.Accept(counter)) << counter;
    EXPECT_FALSE(window.Accept(counter)) << counter;
  }
}

TEST(CounterWindow, TakesWhatIsOlderThanItRemembersForAReplay) {
  CounterWindow window;
  EXPECT_TRUE(window.Accept(1'000));
  EXPECT_TRUE(window.Accept(801));
  EXPECT_FALSE(window.Accept(800));
  EXPECT_TRUE(window.Accept(1'001));
  EXPECT_FALSE(window.Accept(801));
  EXPECT_FALSE(window.Accept(802) && window.Accept(802));
}

TEST(CounterWindow, GoesAheadByAnyLeap) {
  CounterWindow window;
  EXPECT_TRUE(window.Accept(UINT32_MAX - 1));
  EXPECT_TRUE(window.Accept(UINT32_MAX));
  EXPECT_FALSE(window.Accept(UINT32_MAX));
  EXPECT_FALSE(window.Accept(1));
  EXPECT_TRUE(window.Accept(UINT32_MAX - 199));
  EXPECT_FALSE(window.Accept(UINT32_MAX - 200));
}

TEST(Sessions, HavePositiveEvenNumbersThatDiffer) {
  Sessions sessions({}, RandomOctets);
  std::set<uint32_t> ids;
  for (int i = 0; i < 500; ++i) {
    const uint32_t id = sessions.Open(From("192.0.2.1"), 0)->id;
    EXPECT_GT(id, 0u);
    EXPECT_LE(id, 0x7FFFFFFFu);
    EXPECT_EQ(id % 2, 0u);
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 500u);
}

TEST(Sessions, NeverGiveANumberThatIsTaken) {
  int calls = 0;
  Sessions sessions({}, [&](size_t octets) {
    return std::string(octets, static_cast<char>(++calls / 4));  // 0, 0, 0, 1, 1, 1, 1, 2…
  });
  const uint32_t first = sessions.Open(From("192.0.2.1"), 0)->id;
  EXPECT_NE(first, 0u);
  EXPECT_NE(sessions.Open(From("192.0.2.1"), 0)->id, first);
}

TEST(Sessions, EndWhenTheyWereIdleForAsLongAsWasAgreed) {
  Sessions sessions({}, RandomOctets);
  const uint32_t id = sessions.Open(From("192.0.2.1", 60), 0)->id;
  EXPECT_NE(sessions.Find(id, 59 * kSecond), nullptr);
  EXPECT_NE(sessions.Find(id, 118 * kSecond), nullptr) << "use prolongs it";
  EXPECT_EQ(sessions.Find(id, 178 * kSecond), nullptr);
  EXPECT_EQ(sessions.count(), 0u);
}

TEST(Sessions, AreNotKeptLongerThanTheServerAllowsNorForNoTimeAtAll) {
  Sessions sessions({.idle_seconds_max = 100}, RandomOctets);
  const uint32_t greedy = sessions.Open(From("192.0.2.1", UINT32_MAX), 0)->id;
  const uint32_t modest = sessions.Open(From("192.0.2.1", 0), 0)->id;
  EXPECT_NE(sessions.Find(modest, kSecond - 1), nullptr);
  EXPECT_NE(sessions.Find(greedy, 99 * kSecond), nullptr);
  EXPECT_EQ(sessions.Find(greedy, 199 * kSecond), nullptr);
}

TEST(Sessions, AreForgottenBySweepingAndByClosing) {
  Sessions sessions({}, RandomOctets);
  sessions.Open(From("192.0.2.1", 10), 0);
  const uint32_t closed = sessions.Open(From("192.0.2.1", 60), 0)->id;
  const uint32_t kept = sessions.Open(From("192.0.2.1", 60), 0)->id;
  sessions.Close(closed);
  sessions.Close(closed);
  sessions.Sweep(30 * kSecond);
  EXPECT_EQ(sessions.count(), 1u);
  EXPECT_EQ(sessions.Find(closed, 30 * kSecond), nullptr);
  EXPECT_NE(sessions.Find(kept, 30 * kSecond), nullptr);
}

TEST(Sessions, OfOneNetworkPushOutItsOldestOnly) {
  Sessions sessions({.count_max = 100, .of_network_max = 3}, RandomOctets);
  const uint32_t other = sessions.Open(From("198.51.100.1"), 0)->id;
  const uint32_t oldest = sessions.Open(From("192.0.2.1"), 0)->id;
  const uint32_t next = sessions.Open(From("192.0.2.77"), 0)->id;
  for (int i = 0; i < 2; ++i) sessions.Open(From("192.0.2.200"), 0);
  EXPECT_EQ(sessions.count(), 4u);
  EXPECT_EQ(sessions.Find(oldest, 0), nullptr);
  EXPECT_NE(sessions.Find(next, 0), nullptr);
  EXPECT_NE(sessions.Find(other, 0), nullptr);
}

TEST(Sessions, AtTheirLimitPushOutTheOneLongestOutOfUse) {
  Sessions sessions({.count_max = 3}, RandomOctets);
  const uint32_t first = sessions.Open(From("192.0.2.1"), 0)->id;
  const uint32_t second = sessions.Open(From("198.51.100.1"), 1)->id;
  sessions.Open(From("203.0.113.1"), 2);
  EXPECT_NE(sessions.Find(first, 3), nullptr);
  sessions.Open(From("203.0.113.2"), 4);
  EXPECT_EQ(sessions.count(), 3u);
  EXPECT_NE(sessions.Find(first, 5), nullptr);
  EXPECT_EQ(sessions.Find(second, 5), nullptr);
}

}  // namespace
}  // namespace idnode
