#include <gtest/gtest.h>

#include "node/front/handle/recent_answers.h"

namespace idnode {
namespace {

using Seen = RecentAnswers::Seen;

TEST(RecentAnswers, AreUnderWayAndThenRepeated) {
  RecentAnswers recent({});
  EXPECT_EQ(recent.See("a", 0).seen, Seen::kNever);
  EXPECT_EQ(recent.See("a", 1).seen, Seen::kUnderWay);
  recent.Remember("a", {"one", "two"});
  const auto sight = recent.See("a", 2);
  EXPECT_EQ(sight.seen, Seen::kAnswered);
  EXPECT_EQ(sight.messages, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(recent.See("b", 2).seen, Seen::kNever);
}

TEST(RecentAnswers, AreForgottenAfterTheirTime) {
  RecentAnswers recent({.lifetime_micros = 10});
  EXPECT_EQ(recent.See("a", 0).seen, Seen::kNever);
  EXPECT_EQ(recent.See("a", 10).seen, Seen::kNever);
  EXPECT_EQ(recent.count(), 1u);
}

TEST(RecentAnswers, AreBoundedInNumberAndOctets) {
  RecentAnswers recent({.count_max = 2, .octets_max = 10});
  for (const char* key : {"a", "b", "c"}) EXPECT_EQ(recent.See(key, 0).seen, Seen::kNever);
  EXPECT_EQ(recent.count(), 2u);
  recent.Remember("a", {"gone"});
  recent.Remember("b", {"123456"});
  recent.Remember("c", {"123456"});
  EXPECT_EQ(recent.count(), 1u);
  EXPECT_EQ(recent.See("c", 0).seen, Seen::kAnswered);
  recent.See("d", 0);
  recent.Remember("d", {"longer than all of them may be"});
  EXPECT_EQ(recent.count(), 0u);
}

}  // namespace
}  // namespace idnode
