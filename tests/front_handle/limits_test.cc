#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/front_handle/transport_node.h"

namespace idnode {
namespace {

// Its answer has more than six times the octets of a question, and so two datagrams.
Value LongValue() {
  static const std::string link = "https://id.example.cn/" + std::string(600, 'x');
  Value value = UrlValue();
  value.data = link;
  return value;
}

class LimitsTest : public TransportNode {
 protected:
  LimitsTest() { node.Put("88.118.8/LONG", {LongValue()}); }
};

TEST_F(LimitsTest, LeaveLongAnswersToTcpUntilTheAddressIsProven) {
  options.limits.amplification = 3;
  Open();
  UdpAsker udp_asker(udp());
  udp_asker.Send(Resolve("88.118.8/LONG", 1));
  EXPECT_EQ(CodeIn(udp_asker.Ask(Resolve("88.118.8/NO", 2))), 100u) << "the long one was not sent";

  TcpAsker tcp_asker(tcp());
  tcp_asker.Send(Resolve("88.118.8/LONG", 3));
  EXPECT_EQ(CodeIn(tcp_asker.Receive()), 1u);
  udp_asker.Send(Resolve("88.118.8/LONG", 4));
  const std::vector<std::string> datagrams = udp_asker.Receive();
  ASSERT_EQ(datagrams.size(), 2u);
  EXPECT_EQ(DecodeEnvelope(datagrams[0]).request_id, 4u);
  EXPECT_EQ(front->counts().limits.left_to_tcp, 1u);
}

// A client's datagrams arrive at one loop, so its bucket is one.
TEST_F(LimitsTest, AnswerTheBurstAndSlipEveryOther) {
  options.limits.questions_per_second = 1;
  options.limits.burst_seconds = 10;
  options.limits.slip = 2;
  Open();
  UdpAsker asker(udp());
  for (uint32_t id = 1; id <= 30; ++id) asker.Send(Resolve("88.118.8/NO", id));
  int answered = 0, busy = 0;
  for (int i = 0; i < 20; ++i) {
    const uint32_t code = CodeIn(asker.ReceiveOne());
    answered += code == 100;
    busy += code == 3;
  }
  EXPECT_GE(answered, 10);  // One more for each second that this took.
  EXPECT_EQ(answered + busy, 20);
  EXPECT_GE(busy, 8);
}

TEST_F(LimitsTest, HoldOverTcpAsWell) {
  options.limits.questions_per_second = 1;
  options.limits.burst_seconds = 10;
  Open();
  TcpAsker asker(tcp());
  int busy = 0;
  for (uint32_t id = 1; id <= 30; ++id) {
    asker.Send(Resolve("88.118.8/NO", id));
    busy += CodeIn(asker.Receive()) == 3;
  }
  EXPECT_GE(busy, 15);  // One less for each second that this took.
}

TEST_F(LimitsTest, SpareTheNetworksThatMayAsk) {
  options.limits.questions_per_second = 1;
  options.limits.burst_seconds = 1;
  options.limits.amplification = 1;
  options.limits.unlimited = *Networks::Parse({"127.0.0.0/8"});
  Open();
  UdpAsker asker(udp());
  for (uint32_t id = 1; id <= 50; ++id) {
    asker.Send(Resolve("88.118.8/LONG", id));
    ASSERT_EQ(asker.Receive().size(), 2u);
  }
}

TEST_F(LimitsTest, CloseTheConnectionsOfANetworkThatHasEnough) {
  options.connections_per_network = 4;  // Two on each of two loops.
  Open();
  std::vector<std::unique_ptr<TcpAsker>> open;
  int refused = 0;
  for (int i = 0; i < 40; ++i) {
    auto asker = std::make_unique<TcpAsker>(tcp());
    asker->Send(Resolve("88.118.8/NO", 1));
    const bool served = CodeIn(asker->Receive()) == 100;
    refused += !served;
    if (served) open.push_back(std::move(asker));
  }
  EXPECT_EQ(open.size(), 4u);
  EXPECT_EQ(refused, 36);
  // One that leaves makes room.
  open.pop_back();
  bool served = false;
  for (int i = 0; i < 200 && !served; ++i) {
    TcpAsker asker(tcp());
    asker.Send(Resolve("88.118.8/NO", 1));
    served = CodeIn(asker.Receive()) == 100;
  }
  EXPECT_TRUE(served);
}

}  // namespace
}  // namespace idnode
