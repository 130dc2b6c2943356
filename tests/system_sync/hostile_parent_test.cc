// A node above that misbehaves: the child ends the stream, says why, backs off and goes on working.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "proto/base/limits.h"
#include "proto/rpc/sync.grpc.pb.h"
#include "storage/log_record.h"
#include "tests/system_sync/nodes.h"
#include "tests/system_sync/scripted_parent.h"

namespace idnode {
namespace {

using testing_sync::Ack;
using testing_sync::ChildNode;
using testing_sync::Folder;
using testing_sync::Heartbeat;
using testing_sync::LoopbackServer;
using testing_sync::ReadHello;
using testing_sync::ReadToTheEnd;
using testing_sync::Register;
using testing_sync::Registration;
using testing_sync::Script;
using testing_sync::ScriptedParent;
using testing_sync::Stream;
using testing_sync::Towards;
using testing_sync::Welcome;

class HostileParent : public testing::Test {
 protected:
  static constexpr uint64_t kRecords = 20;

  // The child hears `script`, ends the stream for this reason, comes again, and has gone on
  // registering all the while.
  void ExpectEnd(Errc why, Script script, UpstreamOptions options = {}) {
    ScriptedParent parent(std::move(script));
    LoopbackServer server(&parent, 0);
    const UpstreamOptions towards = Towards(server);
    options.address = towards.address;
    options.token = towards.token;
    options.backoff_first_ms = 5;
    options.backoff_max_ms = 20;
    ChildNode child(folder_ / "below", options);
    Register(child.store(), 1, kRecords);
    EXPECT_TRUE(child.WaitForEnd(why));
    EXPECT_TRUE(child.events().WaitFor([](const UpstreamEvent& event) {
      return event.kind == UpstreamEvent::Kind::kConnecting;
    })) << "it tries again";
    EXPECT_TRUE(child.store().ledger().Commit(Registration(kRecords + 1)).done());
    const Upstream::State state = child.upstream().state();
    EXPECT_LE(state.acknowledged, child.store().ledger().head());
  }

  Folder folder_;
};

TEST_F(HostileParent, ClaimsToHoldWhatWasNeverSent) {
  ExpectEnd(Errc::kForged, [](Stream& stream) {
    stream.Write(Welcome(ReadHello(stream).head() + 1'000'000));
    ReadToTheEnd(stream);
  });
}

TEST_F(HostileParent, HoldsARecordThatIsNotOurs) {
  ExpectEnd(Errc::kForged, [](Stream& stream) {
    const uint64_t head = ReadHello(stream).head();
    if (head == 0) return;  // The child comes again when it has something.
    stream.Write(Welcome(head, std::string(32, 't')));
    ReadToTheEnd(stream);
  });
}

TEST_F(HostileParent, GivesNoTipForWhatItHolds) {
  ExpectEnd(Errc::kForged, [](Stream& stream) {
    const uint64_t head = ReadHello(stream).head();
    if (head == 0) return;
    stream.Write(Welcome(head));
    ReadToTheEnd(stream);
  });
}

TEST_F(HostileParent, AcknowledgesWhatWasNeverSent) {
  ExpectEnd(Errc::kForged, [](Stream& stream) {
    ReadHello(stream);
    stream.Write(Welcome(0));
    stream.Write(Ack(1'000'000));
    ReadToTheEnd(stream);
  });
}

TEST_F(HostileParent, TakesAnAcknowledgementBack) {
  ExpectEnd(Errc::kForged, [](Stream& stream) {
    ReadHello(stream);
    stream.Write(Welcome(0));
    v1::FromChild message;
    while (stream.Read(&message) && !message.has_events()) {
    }
    stream.Write(Ack(1));
    stream.Write(Ack(0));
    ReadToTheEnd(stream);
  });
}

// It takes back what it acknowledged, again and again: the child says so each time, sends it again,
// and remembers the furthest that was lost.
TEST_F(HostileParent, HoldsLessThanItAcknowledgedBefore) {
  ScriptedParent parent([](Stream& stream) {
    ReadHello(stream);
    stream.Write(Welcome(0));
    v1::FromChild message;
    while (stream.Read(&message) && !message.has_events()) {
    }
    if (message.has_events()) stream.Write(Ack(1));
  });
  LoopbackServer server(&parent, 0);
  UpstreamOptions options = Towards(server);
  options.backoff_first_ms = 5;
  options.backoff_max_ms = 20;
  ChildNode child(folder_ / "below", options);
  Register(child.store(), 1, kRecords);
  for (int again = 0; again < 3; ++again) {
    ASSERT_TRUE(child.events().WaitFor([](const UpstreamEvent& event) {
      return event.kind == UpstreamEvent::Kind::kSetBack && event.position == Position{0} &&
             event.before == Position{1};
    }));
  }
  const Upstream::State state = child.upstream().state();
  EXPECT_GE(state.setbacks, 3u);
  ASSERT_TRUE(state.setback.has_value());
  EXPECT_EQ(state.setback->from, Position{1});
  EXPECT_EQ(state.setback->to, Position{0});
  EXPECT_TRUE(child.store().ledger().Commit(Registration(kRecords + 1)).done());
}

// What it has lost is no excuse for holding what is not ours.
TEST_F(HostileParent, HoldsLessThanItAcknowledgedAndAnotherRecord) {
  auto first = std::make_shared<std::atomic<bool>>(true);
  ExpectEnd(Errc::kForged, [first](Stream& stream) {
    ReadHello(stream);
    if (!first->load()) {
      stream.Write(Welcome(1, std::string(32, 't')));
      return ReadToTheEnd(stream);
    }
    stream.Write(Welcome(0));
    uint64_t sent = 0;
    v1::FromChild message;
    while (sent < 2 && stream.Read(&message)) {
      if (!message.has_events()) continue;
      sent = message.events().first() + message.events().records_size() - 1;
    }
    if (sent < 2) return;
    first->store(false);
    stream.Write(Ack(2));
  });
}

TEST_F(HostileParent, SpeaksBeforeItWelcomes) {
  ExpectEnd(Errc::kMalformed, [](Stream& stream) {
    stream.Write(Ack(0));
    ReadToTheEnd(stream);
  });
}

TEST_F(HostileParent, WelcomesTwice) {
  ExpectEnd(Errc::kMalformed, [](Stream& stream) {
    stream.Write(Welcome(0));
    stream.Write(Welcome(0));
    ReadToTheEnd(stream);
  });
}

TEST_F(HostileParent, SaysNothingInAMessage) {
  ExpectEnd(Errc::kMalformed, [](Stream& stream) {
    stream.Write(Welcome(0));
    stream.Write(v1::FromParent());
    ReadToTheEnd(stream);
  });
}

TEST_F(HostileParent, SendsAGiantMessage) {
  ExpectEnd(Errc::kTooLarge, [](Stream& stream) {
    stream.Write(Welcome(0));
    v1::FromParent giant;
    giant.mutable_directive()->mutable_query()->set_about(
        std::string(limits::kGrpcMessageOctetsMax + 1, 'x'));
    stream.Write(giant);
    ReadToTheEnd(stream);
  });
}

TEST_F(HostileParent, NeverAnswers) {
  ExpectEnd(Errc::kTimeout, [](Stream& stream) { ReadToTheEnd(stream); }, {.silence_ms_max = 200});
}

TEST_F(HostileParent, FallsSilentAfterItsWelcome) {
  ExpectEnd(Errc::kTimeout,
            [](Stream& stream) {
              stream.Write(Welcome(0));
              ReadToTheEnd(stream);
            },
            {.silence_ms_max = 200});
}

TEST_F(HostileParent, TalksWithoutEnd) {
  ExpectEnd(Errc::kRateLimited, [](Stream& stream) {
    stream.Write(Welcome(0));
    while (stream.Write(Heartbeat())) {
    }
  });
}

TEST_F(HostileParent, EndsEveryStreamAtOnce) {
  ExpectEnd(Errc::kUnavailable, [](Stream&) {});
}

TEST_F(HostileParent, SaysFarewellForAReason) {
  const auto farewell = [](const char* code) {
    return [code](Stream& stream) {
      v1::FromParent message;
      message.mutable_farewell()->set_code(code);
      stream.Write(message);
    };
  };
  ExpectEnd(Errc::kTokenRevoked, farewell("token_revoked"));
}

TEST_F(HostileParent, SaysFarewellInWordsOfItsOwn) {
  ExpectEnd(Errc::kUnavailable, [](Stream& stream) {
    v1::FromParent message;
    message.mutable_farewell()->set_code("because");
    stream.Write(message);
  });
}

// Answers every call with octets that are no message.
class GarbledParent : public grpc::CallbackGenericService {
 public:
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext*) override {
    class Garble : public grpc::ServerGenericBidiReactor {
     public:
      Garble() {
        const grpc::Slice slice(std::string("\x0a\xff\xff\xff\xff\x7f garbled"));
        octets_ = grpc::ByteBuffer(&slice, 1);
        StartWrite(&octets_);
      }
      void OnWriteDone(bool ok) override {
        if (!ok) return Finish(grpc::Status::CANCELLED);
        StartRead(&read_);
      }
      void OnReadDone(bool ok) override {
        if (ok) return StartRead(&read_);
        Finish(grpc::Status::OK);
      }
      void OnDone() override { delete this; }

     private:
      grpc::ByteBuffer octets_, read_;
    };
    return new Garble;
  }
};

TEST_F(HostileParent, SendsOctetsThatAreNoMessage) {
  GarbledParent parent;
  LoopbackServer server(&parent);
  ChildNode child(folder_ / "below", Towards(server));
  EXPECT_TRUE(child.events().WaitFor([](const UpstreamEvent& event) {
    return event.kind == UpstreamEvent::Kind::kRefused || event.kind == UpstreamEvent::Kind::kLost;
  }));
  EXPECT_TRUE(child.store().ledger().Commit(Registration(1)).done());
}

// Unlimited credit, and not one acknowledgement: what the child has in flight is bounded all the
// same.
TEST_F(HostileParent, GivesCreditWithoutEndAndAcknowledgesNothing) {
  constexpr uint64_t kInFlight = limits::kLogRecordOctetsMax;
  std::mutex mutex;
  std::condition_variable heard;
  uint64_t octets = 0, heartbeats = 0;
  ScriptedParent parent([&](Stream& stream) {
    ReadHello(stream);
    stream.Write(Welcome(0, {}, UINT64_MAX));
    {
      std::scoped_lock lock(mutex);
      octets = 0;  // The limit is that of a stream.
    }
    for (v1::FromChild message; stream.Read(&message);) {
      std::scoped_lock lock(mutex);
      for (const std::string& record : message.events().records()) octets += record.size();
      if (!message.has_heartbeat()) continue;
      ++heartbeats;
      heard.notify_all();
      stream.Write(Heartbeat());
    }
  });
  LoopbackServer server(&parent, 0);
  UpstreamOptions options = Towards(server);
  options.pump.in_flight_octets_max = kInFlight;
  options.silence_ms_max = 8'000;
  ChildNode child(folder_ / "below", options);
  Register(child.store(), 1, 40'000);
  {
    // A heartbeat waits for the write before it: after the second, the child has sent what it may.
    std::unique_lock lock(mutex);
    const uint64_t before = heartbeats;
    EXPECT_TRUE(
        heard.wait_for(lock, testing_sync::kPatience, [&] { return heartbeats >= before + 2; }));
    EXPECT_LE(octets, kInFlight);
    EXPECT_GT(octets, kInFlight / 2);
  }
  EXPECT_GT(child.upstream().state().lag, 0u);
}

// It takes nothing off the wire: local work goes on, and the end does not wait for it.
TEST_F(HostileParent, ReadsNothing) {
  std::mutex mutex;
  std::condition_variable released;
  bool release = false;
  ScriptedParent parent([&](Stream& stream) {
    stream.Write(Welcome(0, {}, UINT64_MAX));
    std::unique_lock lock(mutex);
    released.wait(lock, [&] { return release; });
  });
  LoopbackServer server(&parent, 0);
  {
    ChildNode child(folder_ / "below", Towards(server));
    ASSERT_TRUE(child.events().WaitFor(
        [](const UpstreamEvent& event) { return event.kind == UpstreamEvent::Kind::kDocked; }));
    Register(child.store(), 1, 20'000);
    EXPECT_EQ(child.upstream().state().acknowledged, Position{0});
  }
  std::scoped_lock lock(mutex);
  release = true;
  released.notify_all();
}

}  // namespace
}  // namespace idnode
