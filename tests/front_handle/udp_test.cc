#include <gtest/gtest.h>

#include <map>
#include <string>
#include <thread>
#include <vector>

#include "proto/handle/fragments.h"
#include "proto/handle/responses.h"
#include "tests/front_handle/transport_node.h"

namespace idnode {
namespace {

using UdpTest = TransportNode;

// The datagrams of `octets` (a message with its envelope), as a client sends them.
std::vector<std::string> Cut(std::string_view octets) {
  const Envelope envelope = DecodeEnvelope(octets);
  const std::string_view message = octets.substr(kEnvelopeOctets);
  std::vector<std::string> datagrams(FragmentCount(message.size()));
  for (size_t i = 0; i < datagrams.size(); ++i) EncodeFragment(envelope, message, i, datagrams[i]);
  return datagrams;
}

std::string Joined(const std::vector<std::string>& datagrams) {
  std::map<uint32_t, std::string> pieces;
  for (const std::string& each : datagrams) {
    EXPECT_LE(each.size(), kDatagramOctetsMax);
    const Envelope envelope = DecodeEnvelope(each);
    EXPECT_EQ(envelope.truncated, datagrams.size() > 1);
    pieces[envelope.sequence] = each.substr(kEnvelopeOctets);
  }
  EXPECT_EQ(pieces.size(), datagrams.size());
  std::string all;
  if (!datagrams.empty()) EncodeEnvelope(DecodeEnvelope(datagrams[0]), all);
  for (const auto& [number, piece] : pieces) all += piece;
  return all;
}

TEST_F(UdpTest, AnswersResolutionsOnEveryAddress) {
  node.Put("88.118.8/SN-1", {UrlValue()});
  Open();
  UdpAsker ipv4(front->udp_ports().at(0));
  UdpAsker ipv6(front->udp_ports().at(1), true);
  for (UdpAsker* asker : {&ipv4, &ipv6}) {
    for (uint32_t id = 1; id <= 20; ++id) {
      const std::string answer = asker->Ask(Resolve("88.118.8/SN-1", id));
      EXPECT_EQ(CodeIn(answer), 1u);
      EXPECT_EQ(IdIn(answer), id);
    }
  }
  EXPECT_EQ(CodeIn(ipv4.Ask(Resolve("88.118.8/NO"))), 100u);
  EXPECT_EQ(CodeIn(ipv4.Ask(Resolve("10.1000/NO"))), 301u);
}

TEST_F(UdpTest, AnswersABurstOfManyClients) {
  for (int i = 0; i < 50; ++i) node.Put("88.118.8/SN-" + std::to_string(i), {UrlValue()});
  Open();
  constexpr uint32_t kEach = 40;  // Fewer than a socket holds.
  std::vector<std::unique_ptr<UdpAsker>> askers;
  for (int i = 0; i < 16; ++i) askers.push_back(std::make_unique<UdpAsker>(udp()));
  for (uint32_t id = 0; id < kEach; ++id) {
    for (auto& asker : askers) asker->Send(Resolve("88.118.8/SN-" + std::to_string(id % 60), id));
  }
  for (auto& asker : askers) {
    std::vector<bool> seen(kEach);
    for (uint32_t i = 0; i < kEach; ++i) {
      const auto answered = ReadAnswer(asker->ReceiveOne());
      ASSERT_TRUE(answered.has_value());
      const uint32_t id = answered->envelope.request_id;
      ASSERT_LT(id, kEach);
      EXPECT_FALSE(seen[id]);
      seen[id] = true;
      EXPECT_EQ(answered->code(), id % 60 < 50 ? 1u : 100u);
    }
  }
  EXPECT_EQ(front->counts().datagrams, 16u * kEach);
}

TEST_F(UdpTest, CutsALongAnswer) {
  std::vector<Value> values;
  const std::string data(200, 'd');
  for (uint32_t i = 1; i <= 19; ++i) values.push_back({.index = i, .type = "DESC", .data = data});
  node.Put("88.118.8/LONG", values);
  Open();
  UdpAsker asker(udp());
  for (int again = 0; again < 3; ++again) {
    asker.Send(Resolve("88.118.8/LONG"));
    const auto datagrams = asker.Receive();
    EXPECT_GE(datagrams.size(), 8u);
    const auto answered = ReadAnswer(Joined(datagrams));
    ASSERT_TRUE(answered.has_value());
    EXPECT_EQ(DecodeResolutionResponse(answered->body)->values.size(), 19u);
  }
}

TEST_F(UdpTest, LeavesALongerAnswerToTcp) {
  options.udp_fragments_max = 4;
  node.Put("88.118.8/LONG", {UrlValue(std::string(3'000, 'x'))});
  node.Put("88.118.8/SHORT", {UrlValue()});
  Open();
  UdpAsker asker(udp());
  asker.Send(Resolve("88.118.8/LONG", 1));
  EXPECT_EQ(IdIn(asker.Ask(Resolve("88.118.8/SHORT", 2))), 2u);
  TcpAsker tcp_asker(tcp());
  EXPECT_EQ(CodeIn(tcp_asker.Ask(Resolve("88.118.8/LONG"))), 1u);
  EXPECT_EQ(CodeIn(asker.Ask(Resolve("88.118.8/NO"))), 100u);  // The loop has counted before this.
  EXPECT_EQ(Counted(Protocol::kHandleUdp, ResolutionOutcome::kFound), 1u);
}

TEST_F(UdpTest, JoinsAQuestionOfSeveralDatagramsInAnyOrder) {
  node.Put("88.118.8/SN-1", {UrlValue()});
  Open();
  Asking asking{.request_id = 77};
  const std::string type(100, 't');
  for (int i = 0; i < 15; ++i) asking.types.push_back(type);
  asking.types.push_back("URL");
  std::vector<std::string> datagrams = Cut(asking.octets());
  ASSERT_GE(datagrams.size(), 4u);
  std::swap(datagrams[0], datagrams[2]);
  UdpAsker asker(udp());
  for (const std::string& each : datagrams) asker.Send(each);
  const std::string answer = asker.ReceiveOne();
  EXPECT_EQ(CodeIn(answer), 1u);
  EXPECT_EQ(IdIn(answer), 77u);
}

TEST_F(UdpTest, RefusesWhatIsNoMessageAndGoesOn) {
  node.Put("88.118.8/SN-1", {UrlValue()});
  Open();
  UdpAsker asker(udp());
  const std::string whole = Resolve("88.118.8/SN-1", 5);
  asker.Send({});
  asker.Send("x");
  asker.Send(whole.substr(0, kEnvelopeOctets - 1));
  Envelope envelope = DecodeEnvelope(whole);
  for (const auto& [octets, code] : {std::pair(262'145u, 2u), std::pair(0xFFFF'FFFFu, 2u),
                                     std::pair(0u, 4u), std::pair(23u, 4u), std::pair(300u, 4u)}) {
    envelope.message_octets = octets;
    std::string datagram;
    EncodeEnvelope(envelope, datagram);
    const std::string answer = asker.Ask(datagram + whole.substr(kEnvelopeOctets));
    EXPECT_EQ(CodeIn(answer), code) << octets;
    EXPECT_EQ(IdIn(answer), 5u);
  }
  EXPECT_EQ(CodeIn(asker.Ask(whole.substr(0, whole.size() - 1))), 4u);
  EXPECT_EQ(CodeIn(asker.Ask(whole)), 1u);
}

TEST_F(UdpTest, ReadsTheDiskElsewhere) {
  for (int i = 0; i < 20; ++i) node.Put("88.118.8/SN-" + std::to_string(i), {UrlValue()});
  ASSERT_TRUE(node.store->engine().Compact().ok());  // To where nothing is in memory yet.
  Resolver::Scratch scratch;
  ResolutionNote note;
  const auto cold = node.resolver->Resolve("88.118.8/SN-1", Reach::kMemoryOnly, scratch, note);
  ASSERT_FALSE(cold.ok());
  ASSERT_EQ(cold.error().code, Errc::kBusy);
  Open();
  UdpAsker asker(udp());
  for (uint32_t id = 0; id < 20; ++id) asker.Send(Resolve("88.118.8/SN-" + std::to_string(id), id));
  for (uint32_t id = 0; id < 20; ++id) EXPECT_EQ(CodeIn(asker.ReceiveOne()), 1u);
  // Counted after they were sent: the next answer of the same loop comes later still.
  EXPECT_EQ(CodeIn(asker.Ask(Resolve("88.118.8/NO"))), 100u);
  EXPECT_EQ(Counted(Protocol::kHandleUdp, ResolutionOutcome::kFound), 20u);
}

TEST_F(UdpTest, AsksTheDispatcherAndCutsItsAnswer) {
  dispatcher.Tell([](const Question& question) {
    EXPECT_EQ(question.transport, Transport::kUdp);
    EXPECT_TRUE(IsLoopback(question.source));
    EXPECT_EQ(question.connection, nullptr);
    Reply reply;
    reply.messages.push_back(ToldDispatcher::MessageOf(question, std::string(2'000, 's')));
    reply.note = ResolutionNote{1, TrafficClass::kExternal, ResolutionOutcome::kDenied};
    return reply;
  });
  Open();
  UdpAsker asker(udp());
  asker.Send(GetSite(9));
  const auto answered = ReadAnswer(Joined(asker.Receive()));
  ASSERT_TRUE(answered.has_value());
  EXPECT_EQ(answered->body, std::string(2'000, 's'));
  EXPECT_EQ(answered->envelope.request_id, 9u);
  EXPECT_EQ(dispatcher.asked, 1);
  // Counted after it was sent: the next answer of the same loop comes later still.
  asker.Send(GetSite(10));
  asker.Receive();
  EXPECT_GE(Counted(Protocol::kHandleUdp, ResolutionOutcome::kDenied), 1u);
}

TEST_F(UdpTest, SaysNothingWhenTheDispatcherDoes) {
  dispatcher.Tell([](const Question&) { return Reply{}; });
  node.Put("88.118.8/SN-1", {UrlValue()});
  Open();
  UdpAsker asker(udp());
  asker.Send(GetSite(9));
  EXPECT_EQ(IdIn(asker.Ask(Resolve("88.118.8/SN-1", 10))), 10u);
}

TEST_F(UdpTest, ClassesWhoAsks) {
  services.traffic.internal = *Networks::Parse({"127.0.0.0/8"});
  services.traffic.probe = *Networks::Parse({"::1"});
  node.Put("88.118.8/SN-1", {UrlValue()});
  node.counts.Drain(Now());
  Open();
  EXPECT_EQ(CodeIn(UdpAsker(udp()).Ask(Resolve("88.118.8/SN-1"))), 1u);
  EXPECT_EQ(CodeIn(UdpAsker(front->udp_ports().at(1), true).Ask(Resolve("88.118.8/SN-1"))), 1u);
  front->Stop(1);
  std::map<TrafficClass, int64_t> classes;
  for (const TallyRow& row : node.counts.Drain(Now())) {
    classes[row.figure.traffic_class] += row.delta;
  }
  EXPECT_EQ(classes, (std::map<TrafficClass, int64_t>{{TrafficClass::kInternal, 1},
                                                      {TrafficClass::kProbe, 1}}));
}

// A write is seen by whoever asks after it was acknowledged, on whichever loop.
TEST_F(UdpTest, AnswersWithWhatWasAcknowledged) {
  Open();
  std::vector<std::unique_ptr<UdpAsker>> askers;
  for (int i = 0; i < 8; ++i) askers.push_back(std::make_unique<UdpAsker>(udp()));
  for (int round = 0; round < 50; ++round) {
    const std::string data = "http://a.cn/" + std::to_string(round);
    node.Put("88.118.8/SN-1", {UrlValue(data)});
    for (auto& asker : askers) {
      const auto answered = ReadAnswer(asker->Ask(Resolve("88.118.8/SN-1")));
      ASSERT_TRUE(answered.has_value());
      ASSERT_EQ(DecodeResolutionResponse(answered->body)->values.at(0).data, data);
    }
  }
  EXPECT_GT(front->counts().cache_misses, 0u);
}

TEST_F(UdpTest, RefusesAnAddressThatIsTakenOrNone) {
  Open();
  HandleOptions taken;
  taken.udp_listen = {"127.0.0.1:" + std::to_string(udp())};
  EXPECT_EQ(HandleFront::Open(loops, work, taken, services).error().code, Errc::kInUse);
  taken = {};
  taken.tcp_listen = {"127.0.0.1:" + std::to_string(tcp())};
  EXPECT_EQ(HandleFront::Open(loops, work, taken, services).error().code, Errc::kInUse);
  taken.tcp_listen = {"localhost"};
  EXPECT_EQ(HandleFront::Open(loops, work, taken, services).error().code, Errc::kMalformed);
}

}  // namespace
}  // namespace idnode
