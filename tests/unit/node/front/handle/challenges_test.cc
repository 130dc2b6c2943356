#include "node/front/handle/challenges.h"

#include <gtest/gtest.h>

#include <set>

#include "node/front/handle/received_request.h"
#include "node/runtime/random.h"

namespace idnode {
namespace {

constexpr uint64_t kSecond = 1'000'000;

class ChallengesTest : public ::testing::Test {
 protected:
  Challenges::Opening Outside(std::string_view address = "192.0.2.1", size_t octets = 100) {
    return {.source = *ParseAddress(address), .octets = octets, .digest = "d", .request = request};
  }
  Challenges::Opening Inside(uint32_t session_id, uint32_t request_id, std::string digest = "d") {
    return {.source = *ParseAddress("192.0.2.1"),
            .session_id = session_id,
            .request_id = request_id,
            .octets = 100,
            .digest = std::move(digest),
            .request = request};
  }
  static Errc ErrorOf(const Result<std::vector<Challenges::Challenge>>& answer) {
    return answer ? Errc::kInternal : answer.error().code;
  }

  std::shared_ptr<const ReceivedRequest> request = std::make_shared<ReceivedRequest>();
  Challenges challenges{{}, RandomOctets};
};

TEST_F(ChallengesTest, HavePositiveOddNumbersAndNoncesOfTheirOwn) {
  std::set<uint32_t> numbers;
  std::set<std::string> nonces;
  for (int i = 0; i < 200; ++i) {
    const auto challenge = challenges.Open(Outside(), 0);
    EXPECT_EQ(challenge.number % 2, 1u);
    EXPECT_LE(challenge.number, 0x7FFFFFFFu);
    EXPECT_EQ(challenge.nonce.size(), 16u);
    numbers.insert(challenge.number);
    nonces.insert(challenge.nonce);
  }
  EXPECT_EQ(numbers.size(), 200u);
  EXPECT_EQ(nonces.size(), 200u);
}

TEST_F(ChallengesTest, TakeExactlyOneAnswer) {
  const auto challenge = challenges.Open(Outside(), 0);
  const auto answered = challenges.Answer(challenge.number, kSecond);
  ASSERT_TRUE(answered.ok());
  ASSERT_EQ(answered->size(), 1u);
  EXPECT_EQ(answered->front().nonce, challenge.nonce);
  EXPECT_EQ(answered->front().request, request);
  EXPECT_TRUE(challenges.Claim(answered->front()));
  EXPECT_EQ(ErrorOf(challenges.Answer(challenge.number, kSecond)), Errc::kNotFound);
  EXPECT_EQ(challenges.count(), 0u);
  EXPECT_EQ(challenges.octets(), 0u);
}

TEST_F(ChallengesTest, ExpireAfterAMinuteAndAreForgottenAfterTwo) {
  const auto challenge = challenges.Open(Outside(), 0);
  EXPECT_EQ(ErrorOf(challenges.Answer(challenge.number, 60 * kSecond)), Errc::kTimeout);
  challenges.Open(Outside(), 120 * kSecond);
  EXPECT_EQ(ErrorOf(challenges.Answer(challenge.number, 120 * kSecond)), Errc::kNotFound);
  EXPECT_EQ(challenges.count(), 1u);
}

TEST_F(ChallengesTest, AreTheSameForARequestThatIsSentAgainInItsSession) {
  const auto challenge = challenges.Open(Inside(8, 1), 0);
  EXPECT_EQ(challenge.number, 8u);
  EXPECT_EQ(challenges.Open(Inside(8, 1), kSecond).nonce, challenge.nonce);
  EXPECT_NE(challenges.Open(Inside(8, 2), kSecond).nonce, challenge.nonce);
  EXPECT_NE(challenges.Open(Inside(8, 1, "of other octets"), kSecond).nonce, challenge.nonce);
  EXPECT_NE(challenges.Open(Inside(10, 1), kSecond).nonce, challenge.nonce);
  EXPECT_EQ(challenges.count(), 4u);
}

TEST_F(ChallengesTest, OfOneSessionAreOfferedToAnAnswerUntilItIsClaimed) {
  const auto first = challenges.Open(Inside(8, 1), 0);
  const auto second = challenges.Open(Inside(8, 2), 0);
  const auto waiting = challenges.Answer(8, kSecond);
  ASSERT_TRUE(waiting.ok());
  EXPECT_EQ(waiting->size(), 2u);
  EXPECT_TRUE(challenges.Claim(second));
  EXPECT_FALSE(challenges.Claim(second)) << "once";
  const auto left = challenges.Answer(8, kSecond);
  ASSERT_TRUE(left.ok());
  ASSERT_EQ(left->size(), 1u);
  EXPECT_EQ(left->front().nonce, first.nonce);
}

TEST_F(ChallengesTest, OfOneSessionTakeNoMoreAnswersThanMayWait) {
  challenges.Open(Inside(8, 1), 0);
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(challenges.Answer(8, kSecond).ok()) << i;
  EXPECT_EQ(ErrorOf(challenges.Answer(8, kSecond)), Errc::kNotFound);
}

TEST_F(ChallengesTest, OfOneSessionPushOutTheirOldest) {
  const auto oldest = challenges.Open(Inside(8, 0), 0);
  for (uint32_t i = 1; i <= 8; ++i) challenges.Open(Inside(8, i), i);
  EXPECT_EQ(challenges.count(), 8u);
  EXPECT_FALSE(challenges.Claim(oldest));
}

TEST_F(ChallengesTest, OfOneNetworkPushOutItsOldestOnly) {
  Challenges few({.of_network_max = 3}, RandomOctets);
  const auto other = few.Open(Outside("198.51.100.1"), 0);
  const auto oldest = few.Open(Outside("192.0.2.1"), 1);
  for (int i = 0; i < 3; ++i) few.Open(Outside("192.0.2.99"), 2);
  EXPECT_EQ(few.count(), 4u);
  EXPECT_EQ(ErrorOf(few.Answer(oldest.number, 3)), Errc::kNotFound);
  EXPECT_TRUE(few.Answer(other.number, 3).ok());
}

TEST_F(ChallengesTest, AreBoundedInNumberAndOctets) {
  Challenges few({.count_max = 4, .octets_max = 1'000}, RandomOctets);
  const auto oldest = few.Open(Outside("192.0.2.1", 10), 0);
  for (int i = 0; i < 4; ++i) few.Open(Outside("192.0.2.1", 10), 1);
  EXPECT_EQ(few.count(), 4u);
  EXPECT_EQ(ErrorOf(few.Answer(oldest.number, 1)), Errc::kNotFound);

  few.Open(Outside("192.0.2.1", 985), 2);
  EXPECT_EQ(few.count(), 2u);
  EXPECT_EQ(few.octets(), 995u);
}

}  // namespace
}  // namespace idnode
