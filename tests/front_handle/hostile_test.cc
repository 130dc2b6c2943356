#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "node/front/handle/tcp_connection.h"
#include "tests/front_handle/transport_node.h"

namespace idnode {
namespace {

constexpr uint32_t kOtherSource = INADDR_LOOPBACK + 1;

// Clients that want to do harm, and one that only asks.
class HostileTest : public TransportNode {
 protected:
  HostileTest() {
    node.Put("88.118.8/SN-1", {UrlValue()});
    node.Put("88.118.8/LARGE", {UrlValue(std::string(60'000, 'x'))});
  }

  // The client that only asks is answered, over both transports.
  void ExpectAnswers(int count) {
    UdpAsker udp_asker(udp());
    TcpAsker tcp_asker(tcp());
    for (int i = 0; i < count; ++i) {
      const auto id = static_cast<uint32_t>(i);
      ASSERT_EQ(IdIn(udp_asker.Ask(Resolve("88.118.8/SN-1", id))), id);
      ASSERT_EQ(IdIn(tcp_asker.Ask(Resolve("88.118.8/SN-1", id))), id);
    }
  }
  bool WaitUntil(const std::function<bool()>& reached) {
    const auto until = std::chrono::steady_clock::now() + Patience(60);
    while (!reached()) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::yield();
    }
    return true;
  }
  // Until it is let go, the dispatcher answers nobody.
  std::promise<void> TellToWait() {
    std::promise<void> go;
    dispatcher.Tell([let_go = go.get_future().share()](const Question& question) {
      let_go.wait();
      Reply reply;
      reply.messages.push_back(ToldDispatcher::MessageOf(question, "late"));
      return reply;
    });
    return go;
  }
  // A question for the dispatcher, of more than `octets`.
  static std::string LongGetSite(uint32_t id, size_t octets) {
    return Asking{.handle = std::string(octets, '/'),
                  .op_code = static_cast<uint32_t>(OpCode::kGetSiteInfo),
                  .request_id = id}
        .octets();
  }
};

// A question in several datagrams.
std::vector<std::string> LongQuestion(uint32_t id) {
  Asking asking{.request_id = id};
  const std::string type(100, 't');
  for (int i = 0; i < 15; ++i) asking.types.push_back(type);
  asking.types.push_back("URL");
  const std::string message = asking.message();
  std::vector<std::string> datagrams(FragmentCount(message.size()));
  for (size_t i = 0; i < datagrams.size(); ++i) {
    EncodeFragment(asking.envelope(), message, i, datagrams[i]);
  }
  return datagrams;
}

// spec/reliability.md R44. Each has sent part of a message, and takes its time.
TEST_F(HostileTest, ThousandsOfSlowConnectionsKeepLittleAndDelayNobody) {
  constexpr size_t kSlow = 2'000;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 3 * kSlow);
  setrlimit(RLIMIT_NOFILE, &limit);
  ASSERT_GE(limit.rlim_cur, 2 * kSlow + 200) << "both ends of the connections are here";
  options.message_seconds = 1'000;
  Open();
  const std::string part = Resolve("88.118.8/SN-1").substr(0, 40);
  std::vector<std::unique_ptr<TcpAsker>> slow;
  for (size_t i = 0; i < kSlow; ++i) {
    slow.push_back(std::make_unique<TcpAsker>(tcp()));
    ASSERT_TRUE(slow.back()->Send(part));
  }
  ASSERT_TRUE(WaitUntil([&] { return front->counts().held_octets >= kSlow * part.size(); }));
  ASSERT_TRUE(WaitUntil([&] { return front->counts().connections == kSlow; }));
  EXPECT_LE(front->counts().held_octets, kSlow * 256);
  EXPECT_LE(sizeof(HandleConnection), 1'024u);
  ExpectAnswers(500);
  // And they are served like others, once they have finished.
  for (size_t i = 0; i < kSlow; i += 97) {
    EXPECT_EQ(CodeIn(slow[i]->Ask(Resolve("88.118.8/SN-1").substr(40))), 1u);
  }
  EXPECT_EQ(front->counts().closed_for_room, 0u);
}

// None of them reads; what waits for them is more than the loops may keep.
TEST_F(HostileTest, ClientsThatDoNotReadAreClosedWhenTogetherTheyKeepTooMuch) {
  constexpr size_t kRoom = 8u << 20;
  constexpr size_t kOvershoot = 2 * (FrameSession::kOutputOctetsMax + kMessageOctetsMax);
  options.held_octets_max = kRoom;
  options.write_seconds = 1'000;
  Open();
  std::string in;
  for (uint32_t id = 0; id < 400; ++id) in += Resolve("88.118.8/LARGE", id);
  std::vector<std::unique_ptr<TcpAsker>> deaf;
  TcpAsker other(tcp());
  for (size_t i = 0; i < 40; ++i) {
    deaf.push_back(std::make_unique<TcpAsker>(tcp(), false, 4'096));
    (void)deaf.back()->Send(in);  // It may be closed by now.
    ASSERT_EQ(IdIn(other.Ask(Resolve("88.118.8/SN-1", 7))), 7u) << "who reads is spared";
    EXPECT_LE(front->counts().held_octets, kRoom + kOvershoot);
  }
  ASSERT_TRUE(WaitUntil([&] { return front->counts().closed_for_room > 0; }));
  ExpectAnswers(100);
  EXPECT_EQ(CodeIn(other.Ask(Resolve("88.118.8/SN-1"))), 1u);
}

// Parts of messages that will never be whole are kept in the same room.
TEST_F(HostileTest, ClientsThatNeverFinishAreClosedWhenTogetherTheyKeepTooMuch) {
  constexpr size_t kRoom = 4u << 20;
  options.held_octets_max = kRoom;
  options.message_seconds = 1'000;
  Open();
  Envelope envelope = Asking{}.envelope();
  envelope.message_octets = kMessageOctetsMax;
  std::string part;
  EncodeEnvelope(envelope, part);
  part.resize(kMessageOctetsMax, 'x');
  std::vector<std::unique_ptr<TcpAsker>> unfinished;
  for (size_t i = 0; i < 60; ++i) {
    unfinished.push_back(std::make_unique<TcpAsker>(tcp()));
    (void)unfinished.back()->Send(part);
  }
  ASSERT_TRUE(WaitUntil([&] { return front->counts().closed_for_room > 0; }));
  EXPECT_LE(front->counts().held_octets, kRoom + 8 * kMessageOctetsMax);
  ExpectAnswers(100);
  unfinished.clear();
  EXPECT_TRUE(WaitUntil([&] { return front->counts().held_octets == 0; }));
}

TEST_F(HostileTest, QuestionsThatWaitAreTooManyWhenTheirOctetsAre) {
  options.asked_octets_max = 20'000;  // 10,000 for each of two loops.
  std::promise<void> go = TellToWait();
  Open();
  TcpAsker tcp_asker(tcp());
  UdpAsker udp_asker(udp());
  std::string in;
  for (uint32_t id = 0; id < 20; ++id) in += LongGetSite(id, 1'000);
  ASSERT_TRUE(tcp_asker.Send(in));
  for (uint32_t id = 0; id < 100; ++id) udp_asker.Send(LongGetSite(id, 300));
  EXPECT_EQ(CodeIn(udp_asker.ReceiveOne()), 3u) << "at once";
  ASSERT_TRUE(WaitUntil([&] { return front->counts().messages == 20; }));
  EXPECT_GT(front->counts().asked_octets, 0u);
  EXPECT_LE(front->counts().asked_octets, options.asked_octets_max);
  go.set_value();
  int answered = 0, busy = 0;
  for (uint32_t id = 0; id < 20; ++id) {
    const std::string answer = tcp_asker.Receive();
    ASSERT_EQ(IdIn(answer), id) << "in order";
    answered += CodeIn(answer) == 1;
    busy += CodeIn(answer) == 3;
  }
  EXPECT_EQ(answered + busy, 20);
  EXPECT_GE(busy, 11);
  EXPECT_TRUE(WaitUntil([&] { return front->counts().asked_octets == 0; }));
  ASSERT_TRUE(tcp_asker.Send(LongGetSite(50, 1'000)));
  EXPECT_EQ(CodeIn(tcp_asker.Receive()), 1u);
}

// 3.6: who gets no answer sends all of it again, with the same id.
TEST_F(HostileTest, APieceThatWasLostMayComeAgain) {
  Open();
  UdpAsker asker(udp());
  const std::vector<std::string> datagrams = LongQuestion(77);
  ASSERT_GE(datagrams.size(), 4u);
  for (size_t lost = 0; lost < datagrams.size(); ++lost) {
    for (size_t i = 0; i < datagrams.size(); ++i) {
      if (i != lost) asker.Send(datagrams[i]);
    }
    EXPECT_EQ(IdIn(asker.Ask(Resolve("88.118.8/SN-1", 1))), 1u) << "no answer came before";
    for (const std::string& each : datagrams) asker.Send(each);
    EXPECT_EQ(IdIn(asker.ReceiveOne()), 77u);
    // The pieces behind the one that was lost have begun it anew; these make it whole again.
    for (size_t i = 0; i <= lost; ++i) asker.Send(datagrams[i]);
    EXPECT_EQ(IdIn(asker.ReceiveOne()), 77u);
  }
}

// First pieces of messages that never end push out those of their own source.
TEST_F(HostileTest, AFloodOfPiecesPushesOutItsOwn) {
  Open();
  UdpAsker flood(udp(), false, kOtherSource);
  UdpAsker asker(udp());
  const std::vector<std::string> datagrams = LongQuestion(77);
  asker.Send(datagrams[0]);
  for (uint32_t id = 0; id < 4'000; ++id) {
    flood.Send(LongQuestion(id)[0]);
    // Not faster than the loop takes them, lest the kernel drop the pieces of both.
    if (id % 50 == 49) {
      ASSERT_EQ(CodeIn(flood.Ask(Resolve("88.118.8/SN-1"))), 1u);
    }
  }
  for (size_t i = 1; i < datagrams.size(); ++i) asker.Send(datagrams[i]);
  EXPECT_EQ(IdIn(asker.ReceiveOne()), 77u);
  EXPECT_TRUE(WaitUntil([&] { return front->counts().reassemblies_dropped >= 3'900; }));
}

}  // namespace
}  // namespace idnode
