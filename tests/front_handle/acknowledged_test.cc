#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "proto/handle/responses.h"
#include "tests/front_handle/transport_node.h"

namespace idnode {
namespace {

constexpr size_t kKeys = 256;
constexpr size_t kTogether = 32;  // Datagrams that wait for their answers.

// The long version: ten million pairs of a write and a question after it.
size_t Rounds() { return TestsAll() ? 4'883 : 40; }

std::string LinkOf(size_t round) { return "http://a.cn/" + std::to_string(round); }

// What is written over and over, and asked for over every transport and both loops. A pair is a
// write that was acknowledged, and a question after it.
class AcknowledgedTest : public TransportNode {
 protected:
  AcknowledgedTest() {
    for (size_t i = 0; i < kKeys; ++i) {
      handles_.push_back("88.118.8/SN-" + std::to_string(i));
      questions_.push_back(Resolve(handles_.back(), static_cast<uint32_t>(i)));
    }
  }

  // Writes `round` into all, and waits for the acknowledgement.
  void WriteAll(size_t round) {
    const std::string link = LinkOf(round);
    std::vector<RegisterItem> items;
    for (const std::string& handle : handles_) {
      items.push_back({RegisterAction::kPut, handle, {UrlValue(link)}});
    }
    const auto result = node.registrar->RegisterAndWait(items, node.op, "", Now());
    ASSERT_TRUE(result.status.ok());
    for (const RegisterItemResult& each : result.items) {
      ASSERT_NE(each.outcome, RegisterOutcome::kRefused);
    }
  }

  // Whether the answer says what was written in `round` or later.
  static bool IsFresh(std::string_view octets, size_t round) {
    const auto answered = ReadAnswer(octets);
    if (!answered || answered->code() != 1) return false;
    const auto body = DecodeResolutionResponse(answered->body);
    if (!body || body->values.empty()) return false;
    const std::string_view link = body->values.front().data;
    return std::strtoull(std::string(link.substr(link.rfind('/') + 1)).c_str(), nullptr, 10) >=
           round;
  }
  uint64_t StaleOverTcp(TcpAsker& asker, size_t round) const {
    std::string all;
    for (const std::string& question : questions_) all += question;
    uint64_t stale = asker.Send(all) ? 0 : kKeys;
    for (size_t i = 0; i < kKeys; ++i) stale += !IsFresh(asker.Receive(), round);
    return stale;
  }
  uint64_t StaleOverUdp(UdpAsker& asker, size_t round) const {
    uint64_t stale = 0;
    for (size_t i = 0; i < kKeys; i += kTogether) {
      for (size_t n = 0; n < kTogether; ++n) asker.Send(questions_[i + n]);
      for (size_t n = 0; n < kTogether; ++n) stale += !IsFresh(asker.ReceiveOne(), round);
    }
    return stale;
  }

  std::vector<std::string> handles_, questions_;
};

// Each asks before the acknowledgement too, so that the caches of both loops hold answers of every
// age when it comes. Four connections and four sockets: the kernel spreads them over the loops.
TEST_F(AcknowledgedTest, WritesAreSeenByWhoeverAsksAfterwardsOnWhicheverLoop) {
  constexpr size_t kAskers = 8;
  const size_t rounds = Rounds();
  WriteAll(0);
  Open();
  std::barrier acknowledged(kAskers + 1), asked(kAskers + 1);
  std::atomic<uint64_t> stale{0};
  std::vector<std::thread> askers;
  for (size_t n = 0; n < kAskers; ++n) {
    askers.emplace_back([&, over_tcp = n % 2 == 0] {
      const auto tcp_asker = over_tcp ? std::make_unique<TcpAsker>(tcp()) : nullptr;
      const auto udp_asker = over_tcp ? nullptr : std::make_unique<UdpAsker>(udp());
      const auto ask = [&](size_t round) {
        return over_tcp ? StaleOverTcp(*tcp_asker, round) : StaleOverUdp(*udp_asker, round);
      };
      for (size_t round = 1; round <= rounds; ++round) {
        stale += ask(round - 1);  // While the next one is being written.
        acknowledged.arrive_and_wait();
        stale += ask(round);
        asked.arrive_and_wait();
      }
    });
  }
  for (size_t round = 1; round <= rounds; ++round) {
    WriteAll(round);
    acknowledged.arrive_and_wait();
    asked.arrive_and_wait();
  }
  for (std::thread& asker : askers) asker.join();
  EXPECT_EQ(stale, 0u) << "of " << rounds * kKeys * kAskers << " pairs";
  EXPECT_GT(front->counts().cache_hits, rounds * kKeys) << "the caches were at work";
}

}  // namespace
}  // namespace idnode
