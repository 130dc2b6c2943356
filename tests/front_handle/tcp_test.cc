#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "proto/handle/responses.h"
#include "tests/front_handle/transport_node.h"

namespace idnode {
namespace {

class TcpTest : public TransportNode {
 protected:
  TcpTest() { node.Put("88.118.8/SN-1", {UrlValue()}); }

  // The dispatcher says when it is asked, and answers "late" when it is let go.
  struct Gate {
    std::promise<void> asked, go;
  };
  void TellToWait(Gate& gate) {
    dispatcher.Tell([&gate, let_go = gate.go.get_future().share()](const Question& question) {
      gate.asked.set_value();
      let_go.wait();
      Reply reply;
      reply.messages.push_back(ToldDispatcher::MessageOf(question, "late"));
      return reply;
    });
  }

  // Returns once the front says so; false: not in time.
  bool WaitForConnections(uint64_t count) {
    const auto until = std::chrono::steady_clock::now() + Patience(20);
    while (front->counts().connections != count) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::yield();
    }
    return true;
  }
};

TEST_F(TcpTest, KeepsTheConnectionForTheNextQuestion) {
  Open();
  TcpAsker ipv4(front->tcp_ports().at(0));
  TcpAsker ipv6(front->tcp_ports().at(1), true);
  for (TcpAsker* asker : {&ipv4, &ipv6}) {
    for (uint32_t id = 1; id <= 20; ++id) {
      const std::string answer = asker->Ask(Resolve("88.118.8/SN-1", id));
      EXPECT_EQ(CodeIn(answer), 1u);
      EXPECT_EQ(IdIn(answer), id);
    }
  }
  EXPECT_EQ(front->counts().connections, 2u);
  EXPECT_EQ(front->counts().messages, 40u);
}

TEST_F(TcpTest, AnswersWhatIsPipelinedInOrder) {
  Open();
  TcpAsker asker(tcp());
  constexpr uint32_t kMany = 3'000;
  std::string in;
  for (uint32_t id = 0; id < kMany; ++id) {
    if (id % 500 == 3) {
      in += GetSite(id);
    } else {
      in += Resolve(id % 7 == 0 ? "88.118.8/NO" : "88.118.8/SN-1", id);
    }
  }
  std::thread sender([&] { EXPECT_TRUE(asker.Send(in)); });
  for (uint32_t id = 0; id < kMany; ++id) ASSERT_EQ(IdIn(asker.Receive()), id);
  sender.join();
  EXPECT_EQ(dispatcher.asked, 6);
}

// Loops that stand still until the end of its scope: what comes meanwhile is readable at once.
class HeldLoops {
 public:
  explicit HeldLoops(EventLoops& loops) {
    const auto let_go = let_go_.get_future().share();
    for (size_t i = 0; i < loops.size(); ++i) {
      std::promise<void> held;
      boost::asio::post(loops.io(i), [&held, let_go] {
        held.set_value();
        let_go.wait();
      });
      held.get_future().wait();
    }
  }
  ~HeldLoops() { let_go_.set_value(); }

 private:
  std::promise<void> let_go_;
};

// What is readable at once is served in batches of several connections: whatever some of them ask,
// each has its own answers, in its own order.
TEST_F(TcpTest, AnswersManyThatAreReadableAtOnce) {
  Open();
  constexpr uint32_t kAskers = 60, kPipelined = 50;
  const std::string half = Resolve("88.118.8/SN-1", 1);
  Envelope too_long = Asking{.request_id = 1}.envelope();
  too_long.message_octets = 0xFFFF'FFFF;
  std::string impossible;
  EncodeEnvelope(too_long, impossible);

  std::vector<std::unique_ptr<TcpAsker>> askers;
  for (uint32_t i = 0; i < kAskers; ++i) askers.push_back(std::make_unique<TcpAsker>(tcp()));
  ASSERT_TRUE(WaitForConnections(kAskers));
  {
    const HeldLoops held(loops);
    for (uint32_t i = 0; i < kAskers; ++i) {
      std::string in = Resolve(i % 2 == 0 ? "88.118.8/SN-1" : "88.118.8/NO", 0);
      if (i % 6 == 1) {
        for (uint32_t id = 1; id <= kPipelined; ++id) in += Resolve("88.118.8/SN-1", id);
      }
      if (i % 6 == 2) in += GetSite(1) + Resolve("88.118.8/SN-1", 2);
      if (i % 6 == 3) in += half.substr(0, 30);
      if (i % 6 == 4) in += impossible;
      ASSERT_TRUE(askers[i]->Send(in));
    }
  }
  for (uint32_t i = 0; i < kAskers; ++i) {
    SCOPED_TRACE(i);
    const std::string first = askers[i]->Receive();
    EXPECT_EQ(CodeIn(first), i % 2 == 0 ? 1u : 100u);
    EXPECT_EQ(IdIn(first), 0u);
    if (i % 6 == 1) {
      for (uint32_t id = 1; id <= kPipelined; ++id) ASSERT_EQ(IdIn(askers[i]->Receive()), id);
    }
    if (i % 6 == 2) {
      EXPECT_EQ(IdIn(askers[i]->Receive()), 1u);
      EXPECT_EQ(IdIn(askers[i]->Receive()), 2u);
    }
    if (i % 6 == 3) EXPECT_EQ(IdIn(askers[i]->Ask(half.substr(30))), 1u);
    if (i % 6 == 4) {
      EXPECT_EQ(CodeIn(askers[i]->Receive()), 2u);
      EXPECT_TRUE(askers[i]->IsClosed());
    }
  }
  EXPECT_EQ(dispatcher.asked, 10);
}

TEST_F(TcpTest, AnswersAQuestionThatComesOctetByOctet) {
  Open();
  TcpAsker asker(tcp());
  const std::string question = Resolve("88.118.8/SN-1");
  for (const char octet : question) ASSERT_TRUE(asker.Send({&octet, 1}));
  EXPECT_EQ(CodeIn(asker.Receive()), 1u);
}

TEST_F(TcpTest, AnswersAClientThatEndsItsSide) {
  Open();
  TcpAsker asker(tcp());
  asker.Send(Resolve("88.118.8/SN-1", 1) + GetSite(2) + Resolve("88.118.8/SN-1", 3));
  asker.EndSending();
  for (uint32_t id = 1; id <= 3; ++id) EXPECT_EQ(IdIn(asker.Receive()), id);
  EXPECT_TRUE(asker.IsClosed());
}

TEST_F(TcpTest, RefusesPartOfAMessageAndCloses) {
  Open();
  for (const size_t octets : {10u, 20u, 40u}) {
    TcpAsker asker(tcp());
    asker.Send(Resolve("88.118.8/SN-1", 1) + Resolve("88.118.8/SN-1", 2).substr(0, octets));
    asker.EndSending();
    EXPECT_EQ(IdIn(asker.Receive()), 1u);
    EXPECT_EQ(CodeIn(asker.Receive()), 4u);
    EXPECT_TRUE(asker.IsClosed());
  }
}

TEST_F(TcpTest, RefusesALengthThatCannotBeAndCloses) {
  Open();
  for (const uint32_t octets : {262'145u, 0xFFFF'FFFFu}) {
    TcpAsker asker(tcp());
    Envelope envelope = Asking{.request_id = 5}.envelope();
    envelope.message_octets = octets;
    std::string in;
    EncodeEnvelope(envelope, in);
    const std::string answer = asker.Ask(in + std::string(5'000, 'x'));
    EXPECT_EQ(CodeIn(answer), 2u);
    EXPECT_EQ(IdIn(answer), 5u);
    EXPECT_TRUE(asker.IsClosed());
  }
}

TEST_F(TcpTest, ForgetsAClientThatGoesAway) {
  Open();
  {
    TcpAsker idle(tcp());
    TcpAsker asking(tcp());
    TcpAsker partly(tcp());
    asking.Ask(Resolve("88.118.8/SN-1"));
    partly.Ask(Resolve("88.118.8/SN-1"));
    partly.Send("part");
    ASSERT_TRUE(WaitForConnections(3));
  }
  EXPECT_TRUE(WaitForConnections(0));
}

TEST_F(TcpTest, ForgetsAClientThatGoesAwayBeforeItsAnswer) {
  Gate gate;
  TellToWait(gate);
  Open();
  {
    TcpAsker asker(tcp());
    asker.Send(GetSite(1));
    gate.asked.get_future().wait();
    const linger reset{1, 0};
    setsockopt(asker.descriptor(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  }
  EXPECT_TRUE(WaitForConnections(0));
  gate.go.set_value();
  TcpAsker next(tcp());
  EXPECT_EQ(CodeIn(next.Ask(Resolve("88.118.8/SN-1"))), 1u);
}

TEST_F(TcpTest, ClosesWhatIsIdle) {
  options.idle_seconds = 1;
  Open();
  TcpAsker asker(tcp());
  EXPECT_EQ(CodeIn(asker.Ask(Resolve("88.118.8/SN-1"))), 1u);
  EXPECT_TRUE(asker.IsClosed());
}

TEST_F(TcpTest, RefusesAMessageThatTakesTooLong) {
  options.message_seconds = 1;
  Open();
  TcpAsker asker(tcp());
  asker.Send(Resolve("88.118.8/SN-1", 3).substr(0, 40));
  const std::string answer = asker.Receive();
  EXPECT_EQ(CodeIn(answer), 4u);
  EXPECT_EQ(IdIn(answer), 3u);
  EXPECT_TRUE(asker.IsClosed());
}

TEST_F(TcpTest, ClosesOnAClientThatDoesNotRead) {
  options.write_seconds = 1;
  node.Put("88.118.8/LARGE", {UrlValue(std::string(60'000, 'x'))});
  Open();
  TcpAsker asker(tcp(), false, 4'096);
  std::string in;
  for (int i = 0; i < 2'000; ++i) in += Resolve("88.118.8/LARGE");
  std::thread sender([&] { asker.Send(in); });  // Until the server has gone.
  EXPECT_TRUE(asker.WaitUntilGone());
  sender.join();
  EXPECT_TRUE(WaitForConnections(0));
}

TEST_F(TcpTest, TurnsAwayTheConnectionThatIsTooMany) {
  options.connections_max = 2;  // One on each loop.
  Open();
  std::vector<std::unique_ptr<TcpAsker>> askers;
  int turned_away = 0, answered = 0;
  for (int i = 0; i < 8; ++i) {
    askers.push_back(std::make_unique<TcpAsker>(tcp()));
    const std::string answer = askers.back()->Ask(Resolve("88.118.8/SN-1"));
    ++(answer.empty() ? turned_away : answered);
  }
  EXPECT_LE(answered, 2);
  EXPECT_GE(turned_away, 6);
}

TEST_F(TcpTest, SendsAllMessagesOfAReply) {
  dispatcher.Tell([](const Question& question) {
    EXPECT_EQ(question.transport, Transport::kTcp);
    EXPECT_NE(question.connection, nullptr);
    Reply reply;
    for (int i = 0; i < 10; ++i) {
      reply.messages.push_back(
          ToldDispatcher::MessageOf(question, std::string(200'000, static_cast<char>('a' + i))));
    }
    return reply;
  });
  Open();
  TcpAsker asker(tcp());
  asker.Send(GetSite(1) + Resolve("88.118.8/SN-1", 2));
  for (int i = 0; i < 10; ++i) {
    const auto answered = ReadAnswer(asker.Receive());
    ASSERT_TRUE(answered.has_value());
    EXPECT_EQ(answered->body, std::string(200'000, static_cast<char>('a' + i)));
  }
  EXPECT_EQ(IdIn(asker.Receive()), 2u);
}

TEST_F(TcpTest, ClosesWhenTheDispatcherSaysSo) {
  dispatcher.Tell([](const Question& question) {
    Reply reply;
    reply.messages.push_back(ToldDispatcher::MessageOf(question, "bye"));
    reply.close = true;
    return reply;
  });
  Open();
  TcpAsker asker(tcp());
  EXPECT_EQ(IdIn(asker.Ask(GetSite(1) + Resolve("88.118.8/SN-1", 2))), 1u);
  EXPECT_TRUE(asker.IsClosed());
}

TEST_F(TcpTest, ReadsTheDiskElsewhere) {
  for (int i = 0; i < 20; ++i) node.Put("88.118.8/COLD-" + std::to_string(i), {UrlValue()});
  ASSERT_TRUE(node.store->engine().Compact().ok());
  Open();
  TcpAsker asker(tcp());
  std::string in;
  for (uint32_t id = 0; id < 20; ++id) in += Resolve("88.118.8/COLD-" + std::to_string(id), id);
  asker.Send(in);
  for (uint32_t id = 0; id < 20; ++id) {
    const std::string answer = asker.Receive();
    EXPECT_EQ(CodeIn(answer), 1u);
    EXPECT_EQ(IdIn(answer), id);
  }
}

TEST_F(TcpTest, AnswersWhatIsUnderWayWhenItStops) {
  Gate gate;
  TellToWait(gate);
  Open();
  TcpAsker idle(tcp());
  EXPECT_EQ(CodeIn(idle.Ask(Resolve("88.118.8/SN-1"))), 1u);
  TcpAsker waiting(tcp());
  waiting.Send(GetSite(1));
  gate.asked.get_future().wait();
  std::thread stopper([&] { front->Stop(20); });
  EXPECT_TRUE(idle.IsClosed());
  gate.go.set_value();
  EXPECT_EQ(IdIn(waiting.Receive()), 1u);
  EXPECT_TRUE(waiting.IsClosed());
  stopper.join();
  EXPECT_EQ(front->counts().connections, 0u);
}

TEST_F(TcpTest, CountsWhatTheKernelTook) {
  Open();
  TcpAsker asker(tcp());
  for (int i = 0; i < 5; ++i) asker.Ask(Resolve("88.118.8/SN-1"));
  asker.Ask(Resolve("88.118.8/NO"));
  asker.EndSending();
  EXPECT_TRUE(asker.IsClosed());
  EXPECT_EQ(Counted(Protocol::kHandleTcp, ResolutionOutcome::kFound), 5u);
  EXPECT_EQ(Counted(Protocol::kHandleTcp, ResolutionOutcome::kNotFound), 1u);
  EXPECT_EQ(Counted(Protocol::kHandleUdp, ResolutionOutcome::kFound), 0u);
}

}  // namespace
}  // namespace idnode
