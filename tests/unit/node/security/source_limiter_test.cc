#include "node/security/source_limiter.h"

#include <gtest/gtest.h>

#include <string>

namespace idnode {
namespace {

constexpr uint64_t kSecond = 1'000'000;
constexpr uint64_t kStart = 1'000 * kSecond;
constexpr uint64_t kSalt = 42;

Address At(const std::string& text) { return *ParseAddress(text); }

SourceLimiter::Rules Limited(uint32_t questions_per_second) {
  SourceLimiter::Rules rules;
  rules.questions_per_second = questions_per_second;
  rules.burst_seconds = 1;
  rules.slip = 0;
  rules.amplification = 3;
  rules.slots = 1'024;
  return rules;
}

int Answered(SourceLimiter& limiter, const Address& source, int questions, uint64_t now) {
  int answered = 0;
  for (int i = 0; i < questions; ++i) {
    answered += limiter.OnQuestion(source, 60, now) == SourceLimiter::Verdict::kAnswer;
  }
  return answered;
}

class SourceLimiterTest : public testing::Test {
 protected:
  ProvenSources proven{300, kSalt};
};

TEST_F(SourceLimiterTest, AnswersTheRateAndTheBurstAndNoMore) {
  SourceLimiter limiter(Limited(10), proven, kSalt);
  const Address source = At("192.0.2.1");
  EXPECT_EQ(Answered(limiter, source, 100, kStart), 10);
  EXPECT_EQ(Answered(limiter, source, 100, kStart), 0);
  EXPECT_EQ(Answered(limiter, source, 100, kStart + kSecond / 2), 5);
  EXPECT_EQ(Answered(limiter, source, 100, kStart + 100 * kSecond), 10);
  EXPECT_EQ(limiter.counts().limited, 90u + 100u + 95u + 90u);
}

TEST_F(SourceLimiterTest, HoldsANetworkTogetherAndNobodyElse) {
  SourceLimiter limiter(Limited(10), proven, kSalt);
  EXPECT_EQ(Answered(limiter, At("192.0.2.1"), 20, kStart), 10);
  EXPECT_EQ(Answered(limiter, At("192.0.2.254"), 20, kStart), 0);
  EXPECT_EQ(Answered(limiter, At("192.0.3.1"), 20, kStart), 10);
  EXPECT_EQ(Answered(limiter, At("2001:db8:0:1::1"), 20, kStart), 10);
  EXPECT_EQ(Answered(limiter, At("2001:db8:0:ff::1"), 20, kStart), 0);
  EXPECT_EQ(Answered(limiter, At("2001:db8:0:100::1"), 20, kStart), 10);
}

TEST_F(SourceLimiterTest, LetsEveryOtherRefusalSlip) {
  SourceLimiter::Rules rules = Limited(1);
  rules.slip = 2;
  SourceLimiter limiter(rules, proven, kSalt);
  const Address source = At("192.0.2.1");
  EXPECT_EQ(limiter.OnQuestion(source, 60, kStart), SourceLimiter::Verdict::kAnswer);
  EXPECT_EQ(limiter.OnQuestion(source, 60, kStart), SourceLimiter::Verdict::kDrop);
  EXPECT_EQ(limiter.OnQuestion(source, 60, kStart), SourceLimiter::Verdict::kBusy);
  EXPECT_EQ(limiter.OnQuestion(source, 60, kStart), SourceLimiter::Verdict::kDrop);
  EXPECT_EQ(limiter.counts().slipped, 1u);
}

TEST_F(SourceLimiterTest, OnlyCountsInADryRun) {
  SourceLimiter::Rules rules = Limited(1);
  rules.dry_run = true;
  SourceLimiter limiter(rules, proven, kSalt);
  EXPECT_EQ(Answered(limiter, At("192.0.2.1"), 5, kStart), 5);
  EXPECT_EQ(limiter.counts().limited, 4u);
  EXPECT_TRUE(limiter.MaySend(At("192.0.2.9"), 1'000, kStart));
  EXPECT_EQ(limiter.counts().left_to_tcp, 1u);
}

TEST_F(SourceLimiterTest, SparesTheNetworksThatMayAsk) {
  SourceLimiter::Rules rules = Limited(1);
  rules.unlimited = *Networks::Parse({"127.0.0.0/8", "10.0.0.0/8"});
  SourceLimiter limiter(rules, proven, kSalt);
  EXPECT_EQ(Answered(limiter, At("127.0.0.1"), 50, kStart), 50);
  EXPECT_EQ(Answered(limiter, At("10.1.2.3"), 50, kStart), 50);
  EXPECT_TRUE(limiter.MaySend(At("10.1.2.3"), 100'000, kStart));
}

TEST_F(SourceLimiterTest, SendsAnUnprovenSourceThreeTimesWhatItSent) {
  SourceLimiter limiter(Limited(0), proven, kSalt);
  const Address source = At("192.0.2.1");
  EXPECT_FALSE(limiter.MaySend(source, 1, kStart));
  (void)limiter.OnQuestion(source, 100, kStart);
  EXPECT_TRUE(limiter.MaySend(source, 200, kStart));
  EXPECT_TRUE(limiter.MaySend(source, 100, kStart));
  EXPECT_FALSE(limiter.MaySend(source, 1, kStart));
  (void)limiter.OnQuestion(source, 100, kStart + kSecond / 2);
  EXPECT_TRUE(limiter.MaySend(source, 300, kStart + kSecond / 2));
  EXPECT_FALSE(limiter.MaySend(source, 1, kStart + kSecond / 2));
}

TEST_F(SourceLimiterTest, ForgetsWhatIsOlderThanASecond) {
  SourceLimiter limiter(Limited(0), proven, kSalt);
  const Address source = At("192.0.2.1");
  (void)limiter.OnQuestion(source, 100, kStart);
  EXPECT_FALSE(limiter.MaySend(source, 1, kStart + kSecond));
  (void)limiter.OnQuestion(source, 100, kStart + kSecond);
  EXPECT_TRUE(limiter.MaySend(source, 300, kStart + kSecond));
}

TEST_F(SourceLimiterTest, NeverSendsMoreThanThreeTimesWhatCameHoweverTheyMix) {
  SourceLimiter limiter(Limited(0), proven, kSalt);
  const Address source = At("2001:db8::1");
  uint64_t received = 0, sent = 0, state = 7;
  uint64_t now = kStart;
  for (int i = 0; i < 100'000; ++i) {
    state = state * 6364136223846793005 + 1442695040888963407;
    now += state >> 50;
    if ((state >> 20) % 3 == 0) {
      received += 100;
      (void)limiter.OnQuestion(source, 100, now);
    } else if (limiter.MaySend(source, (state >> 30) % 500, now)) {
      sent += (state >> 30) % 500;
    }
  }
  EXPECT_LE(sent, 3 * received);
  EXPECT_GT(sent, received);
}

TEST_F(SourceLimiterTest, SendsTheProvenWhatTheyAskFor) {
  SourceLimiter limiter(Limited(0), proven, kSalt);
  proven.Prove(At("192.0.2.1"), kStart);
  EXPECT_TRUE(limiter.MaySend(At("192.0.2.1"), 100'000, kStart));
  EXPECT_FALSE(limiter.MaySend(At("192.0.2.2"), 1, kStart));
}

}  // namespace
}  // namespace idnode
