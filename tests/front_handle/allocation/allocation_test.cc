#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "tests/front/counted_heap.h"
#include "tests/front_handle/transport_node.h"

namespace idnode {
namespace {

using counted_heap::taken;
constexpr uint32_t kQuestions = 100'000;
constexpr uint32_t kTogether = 20;
constexpr uint32_t kRecords = 200;

// What the loops take from the heap for cached answers, once they are warm.
class Allocation : public TransportNode {
 protected:
  Allocation() {
    for (uint32_t i = 0; i < kRecords; ++i) {
      const std::string handle = "88.118.8/SN-" + std::to_string(i);
      node.Put(handle,
               {UrlValue(), {.index = 2, .permissions = kAdminRead, .type = "NOTE", .data = "n"}});
      questions_.push_back(Resolve(handle, i));
    }
    Open();
    counted_heap::CountOn(loops);
  }

  std::vector<std::string> questions_;
};

TEST_F(Allocation, OfNothingForAnswersOverUdp) {
  UdpAsker asker(udp());
  std::array<char, 2'048> answer;
  const auto ask = [&](uint32_t count, uint32_t together) {
    for (uint32_t n = 0; n < count; n += together) {
      for (uint32_t i = 0; i < together; ++i) asker.Send(questions_[(n + i) % kRecords]);
      for (uint32_t i = 0; i < together; ++i) {
        ASSERT_GT(::recv(asker.descriptor(), answer.data(), answer.size(), 0), 100);
      }
    }
  };
  ask(4'000, 1);
  const uint64_t before = taken;
  EXPECT_GT(before, 0u);  // Getting warm took something; that many come at once takes no more.
  ask(kQuestions, kTogether);
  EXPECT_EQ(taken - before, 0u);
  EXPECT_GE(front->counts().cache_hits, kQuestions);
}

TEST_F(Allocation, OfNothingForAnswersOverTcp) {
  std::vector<std::unique_ptr<TcpAsker>> askers;
  for (int i = 0; i < 8; ++i) askers.push_back(std::make_unique<TcpAsker>(tcp()));
  std::array<char, 65'536> answers;
  size_t answer_octets = 0;  // Of one round; known once one was asked alone.
  std::string round;
  for (uint32_t i = 0; i < kTogether; ++i) {
    round += questions_[i];
    answer_octets += askers[0]->Ask(questions_[i]).size();
  }
  const auto send = [&](TcpAsker& asker) { ASSERT_TRUE(asker.Send(round)); };
  const auto receive = [&](TcpAsker& asker) {
    for (size_t got = 0; got < answer_octets;) {
      const ssize_t more = ::recv(asker.descriptor(), answers.data(), answers.size(), 0);
      ASSERT_GT(more, 0);
      got += static_cast<size_t>(more);
    }
  };
  // Alone, a round is one batch: what a connection keeps is as large then as it ever gets.
  for (uint32_t n = 0; n < 4'000; n += kTogether) {
    TcpAsker& asker = *askers[n / kTogether % askers.size()];
    send(asker);
    receive(asker);
  }
  const uint64_t before = taken;
  EXPECT_GT(before, 0u);  // Getting warm took something; that others come too takes no more.
  for (uint32_t n = 0; n < kQuestions; n += kTogether * 8) {
    for (auto& asker : askers) send(*asker);
    for (auto& asker : askers) receive(*asker);
  }
  EXPECT_EQ(taken - before, 0u);
  EXPECT_GE(front->counts().messages, kQuestions);
}

}  // namespace
}  // namespace idnode
