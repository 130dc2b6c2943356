#include "node/front/http/web_sessions.h"

#include <gtest/gtest.h>

#include <string>

namespace idnode {
namespace {

constexpr uint64_t kNow = 1'800'000'000;

Address SourceOf(uint8_t last) {
  Address source{};
  source[15] = last;
  return source;
}

TEST(WebSessionsTest, RememberWhoProvedWhat) {
  WebSessions sessions;
  const auto opened = sessions.Open(SourceOf(1), kNow);
  EXPECT_EQ(opened.nonce.size(), 16u);
  EXPECT_FALSE(sessions.Find(opened.id, kNow)->authority);
  HandleAuthority authority;
  authority.has_identity = true;
  authority.identity = {"88.118.8/ADMIN", 300};
  sessions.Authenticate(opened.id, authority, "header");
  const auto found = sessions.Find(opened.id, kNow);
  EXPECT_EQ(found->authority->identity.index, 300u);
  EXPECT_EQ(found->proof, "header");
  EXPECT_EQ(found->nonce, opened.nonce);
  sessions.Forget(opened.id);
  EXPECT_FALSE(sessions.Find(opened.id, kNow)->authority);
  EXPECT_TRUE(sessions.Close(opened.id));
  EXPECT_FALSE(sessions.Close(opened.id));
  EXPECT_FALSE(sessions.Find(opened.id, kNow));
}

TEST(WebSessionsTest, EndWhenTheyAreNotUsed) {
  WebSessions sessions({.idle_seconds = 10});
  const std::string id = sessions.Open(SourceOf(1), kNow).id;
  EXPECT_TRUE(sessions.Find(id, kNow + 10));
  EXPECT_TRUE(sessions.Find(id, kNow + 20));
  EXPECT_FALSE(sessions.Find(id, kNow + 31));
  EXPECT_EQ(sessions.size(), 0u);
}

TEST(WebSessionsTest, OfOneSourceTakeNobodyElsesPlace) {
  WebSessions sessions({.sessions_max = 100, .of_source_max = 3});
  const std::string other = sessions.Open(SourceOf(2), kNow).id;
  const std::string first = sessions.Open(SourceOf(1), kNow).id;
  const std::string second = sessions.Open(SourceOf(1), kNow).id;
  sessions.Open(SourceOf(1), kNow);
  EXPECT_TRUE(sessions.Find(first, kNow));  // Used: the second is the oldest now.
  for (int i = 0; i < 2; ++i) sessions.Open(SourceOf(1), kNow);
  EXPECT_FALSE(sessions.Find(second, kNow));
  EXPECT_TRUE(sessions.Find(first, kNow));
  EXPECT_TRUE(sessions.Find(other, kNow));
  EXPECT_EQ(sessions.size(), 4u);
}

TEST(WebSessionsTest, AreNeverMoreThanTheirLimit) {
  WebSessions sessions({.sessions_max = 5});
  const std::string first = sessions.Open(SourceOf(0), kNow).id;
  for (uint8_t i = 1; i < 50; ++i) sessions.Open(SourceOf(i), kNow);
  EXPECT_EQ(sessions.size(), 5u);
  EXPECT_FALSE(sessions.Find(first, kNow));
}

}  // namespace
}  // namespace idnode
