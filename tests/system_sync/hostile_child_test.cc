// A child that misbehaves: it hears a farewell with the reason, and nothing of it is stored.
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proto/base/limits.h"
#include "proto/rpc/sync.grpc.pb.h"
#include "storage/children.h"
#include "tests/system_sync/nodes.h"
#include "tests/system_sync/scripted_child.h"

namespace idnode {
namespace {

using testing_sync::Folder;
using testing_sync::kNode;
using testing_sync::kToken;
using testing_sync::Parent;
using testing_sync::ScriptedChild;

class HostileChild : public testing::Test {
 protected:
  HostileChild() : parent_(folder_ / "above", 0, {.heartbeat_seconds = 1}) {
    parent_.PutToken(kToken, "88.118.5");
    auto below = testing_sync::OpenStore(folder_ / "below", testing_sync::ChildIdentity());
    below->ledger().Start();
    testing_sync::Register(*below, 1, 10);
    records_ = *below->log().Read(Position{1}, 100, 1u << 20);
    below->Close();
  }

  std::string CallCode(const std::string& token) {
    ScriptedChild child(parent_, token);
    child.Hello();
    EXPECT_EQ(child.ReadFarewell(), "");
    return child.Finish().error_message();
  }
  std::string HelloCode(const std::function<void(v1::Hello&)>& change,
                        const std::string& token = kToken) {
    ScriptedChild child(parent_, token);
    child.Hello(change);
    return child.ReadFarewell();
  }
  // A docked child does `act` and hears this farewell; nothing beyond `held` is stored.
  void ExpectFarewell(const std::string& code, const std::function<void(ScriptedChild&)>& act,
                      uint64_t held = 0) {
    ScriptedChild child(parent_, kToken);
    child.Hello();
    const auto welcome = child.ReadWelcome();
    ASSERT_TRUE(welcome.has_value());
    act(child);
    EXPECT_EQ(child.ReadFarewell(), code);
    EXPECT_TRUE(child.Finish().ok());
    EXPECT_EQ(Held(), held);
  }
  uint64_t Held() {
    const auto child = FindChild(parent_.store().engine(), kNode);
    return child ? child->head.value : 0;
  }

  Folder folder_;
  Parent parent_;
  std::vector<std::string> records_;
};

TEST_F(HostileChild, HasNoTokenOrAWrongOne) {
  parent_.PutToken("reader-token", "", Role::kReader);
  EXPECT_EQ(CallCode(""), "unauthenticated");
  EXPECT_EQ(CallCode("nobody's"), "token_unknown");
  EXPECT_EQ(CallCode("reader-token"), "denied");
  EXPECT_TRUE(ListChildren(parent_.store().engine())->empty());
}

TEST_F(HostileChild, SaysAHelloThatCannotBe) {
  using Hello = v1::Hello;
  EXPECT_EQ(HelloCode([](Hello& hello) { hello.set_protocol(2); }), "unsupported");
  EXPECT_EQ(HelloCode([](Hello& hello) { hello.clear_node_id(); }), "missing_field");
  EXPECT_EQ(HelloCode([](Hello& hello) { hello.set_node_id(std::string(65, 'a')); }), "too_large");
  EXPECT_EQ(HelloCode([](Hello& hello) { hello.set_node_id("a\nb"); }), "malformed");
  EXPECT_EQ(HelloCode([](Hello& hello) { hello.set_name(std::string(256, 'n')); }), "too_large");
  EXPECT_EQ(HelloCode([](Hello& hello) { hello.set_head(5); }), "malformed");
  EXPECT_EQ(
      HelloCode([](Hello& hello) { hello.set_node_id(testing_sync::ParentIdentity().node_id); }),
      "denied");
  for (const char* prefix : {"", "88.118", "88.118.50", "88.118.6", "89.118.5"}) {
    EXPECT_EQ(HelloCode([&](Hello& hello) { hello.set_prefix(prefix); }), "denied") << prefix;
  }
  EXPECT_TRUE(ListChildren(parent_.store().engine())->empty());
  // A node with a checkpoint that is none is docked, since all else fits, and then sent away.
  EXPECT_EQ(HelloCode([](Hello& hello) { hello.clear_tree_root(); }), "malformed");
}

TEST_F(HostileChild, IsAnotherNodeWithTheSameToken) {
  {
    ScriptedChild child(parent_, kToken);
    child.Hello();
    ASSERT_TRUE(child.ReadWelcome());
  }
  EXPECT_EQ(HelloCode([](v1::Hello& hello) { hello.set_node_id(std::string(32, 'b')); }), "denied");
}

TEST_F(HostileChild, IsTheSameNodeWithATokenOfAnotherPrefix) {
  parent_.PutToken("wide-token", "88");
  parent_.PutToken("other-token", "88.118.6");
  {
    ScriptedChild child(parent_, kToken);
    child.Hello();
    ASSERT_TRUE(child.ReadWelcome());
  }
  EXPECT_EQ(HelloCode({}, "wide-token"), "forged");
  EXPECT_EQ(HelloCode([](v1::Hello& hello) { hello.set_prefix("88.118.6"); }, "other-token"),
            "forged");
}

TEST_F(HostileChild, MayRenewItsToken) {
  parent_.PutToken("new-token", "88.118.5");
  {
    ScriptedChild child(parent_, kToken);
    child.Hello();
    ASSERT_TRUE(child.ReadWelcome());
  }
  ScriptedChild child(parent_, "new-token");
  child.Hello();
  ASSERT_TRUE(child.ReadWelcome());
  child.Events(1, {records_[0]});
  ASSERT_TRUE(child.ReadAck(1));
  EXPECT_EQ(FindChild(parent_.store().engine(), kNode)->token_id,
            testing_sync::TokenId("new-token"));
}

TEST_F(HostileChild, LeavesAGap) {
  ExpectFarewell("gap", [&](ScriptedChild& child) { child.Events(2, {records_[1]}); });
  ExpectFarewell("gap", [&](ScriptedChild& child) { child.Events(1, {records_[0], records_[2]}); });
}

TEST_F(HostileChild, SendsARecordThatIsNotWhole) {
  std::string flipped = records_[0];
  flipped[20] = static_cast<char>(flipped[20] ^ 1);
  ExpectFarewell("forged", [&](ScriptedChild& child) { child.Events(1, {flipped}); });
  ExpectFarewell("malformed", [&](ScriptedChild& child) { child.Events(1, {""}); });
  ExpectFarewell("malformed", [&](ScriptedChild& child) { child.Events(1, {}); });
  ExpectFarewell("malformed", [&](ScriptedChild& child) { child.Events(0, {records_[0]}); });
}

TEST_F(HostileChild, ChangesItsHistory) {
  {
    ScriptedChild child(parent_, kToken);
    child.Hello();
    ASSERT_TRUE(child.ReadWelcome());
    child.Events(1, {records_[0], records_[1]});
    ASSERT_TRUE(child.ReadAck(2));
  }
  ScriptedChild child(parent_, kToken);
  child.Hello([](v1::Hello& hello) {
    hello.set_head(2);
    hello.set_tree_size(2);
  });
  EXPECT_EQ(child.ReadFarewell(), "forged") << "of the same size, and another root";
  EXPECT_EQ(HelloCode({}), "gap") << "shorter than what it has sent";
  EXPECT_EQ(Held(), 2u);
}

TEST_F(HostileChild, SendsTwiceWhatIsHeld) {
  ScriptedChild child(parent_, kToken);
  child.Hello();
  ASSERT_TRUE(child.ReadWelcome());
  child.Events(1, {records_[0], records_[1]});
  ASSERT_TRUE(child.ReadAck(2));
  child.Events(1, {records_[0], records_[1], records_[2]});
  ASSERT_TRUE(child.ReadAck(3));
  child.Events(2, {records_[1]});
  child.Events(4, {records_[3]});
  ASSERT_TRUE(child.ReadAck(4));
  child.Events(1, {records_[1]});
  EXPECT_EQ(child.ReadFarewell(), "forged");
  EXPECT_EQ(Held(), 4u);
}

TEST_F(HostileChild, SendsMoreThanItMay) {
  const std::vector<std::string> many(limits::kSyncEventsPerBatchMax + 1, "x");
  ExpectFarewell("too_large", [&](ScriptedChild& child) { child.Events(1, many); });
  const std::string large(limits::kSyncBatchOctetsMax + 1, 'x');
  ExpectFarewell("too_large", [&](ScriptedChild& child) { child.Events(1, {large}); });
}

TEST_F(HostileChild, FilesWhatItMayNot) {
  const auto hosted = [](const std::string& prefix, uint64_t position) {
    v1::Filing filing;
    filing.set_position(position);
    filing.set_key("H" + prefix);
    filing.mutable_routing()->set_scheme(v1::Routing::HANDLE);
    filing.mutable_routing()->set_prefix(prefix);
    filing.mutable_routing()->set_hosted(true);
    return filing;
  };
  const auto files = [&](const std::vector<v1::Filing>& filings) {
    return [this, filings](ScriptedChild& child) {
      v1::FromChild message;
      message.mutable_events()->set_first(1);
      message.mutable_events()->add_records(records_[0]);
      for (const v1::Filing& filing : filings) *message.mutable_events()->add_filings() = filing;
      child.Write(message);
    };
  };
  const v1::Filing good = hosted("88.118.5.1", 1);
  ExpectFarewell("forged", files({good}));
  ExpectFarewell("denied", files({hosted("88.118.6.1", 1)}));
  ExpectFarewell("malformed", files({good, good}));
  v1::Filing unknown;
  unknown.set_withdrawn(9);
  ExpectFarewell("unsupported", files({unknown}));
  v1::Filing other_key = good;
  other_key.set_key("H88.118.5.2");
  ExpectFarewell("malformed", files({other_key}));
  v1::Filing large = good;
  large.mutable_routing()->set_hosted(false);
  v1::RoutingSite& site = *large.mutable_routing()->add_sites();
  site.set_type("HS_SITE");
  site.set_hs_site(std::string(limits::kRoutingSiteOctetsMax + 1, 'x'));
  ExpectFarewell("malformed", files({large}));
  const std::vector<v1::Filing> many(limits::kFilingsPerMessageMax + 1, good);
  ExpectFarewell("too_large", files(many));
  ExpectFarewell("forged", [&](ScriptedChild& child) {
    v1::FromChild message;
    *message.mutable_filings()->add_filings() = good;
    child.Write(message);
  });
  ExpectFarewell("unsupported", [&](ScriptedChild& child) {
    v1::FromChild message;
    message.mutable_filing_page_request()->set_table(9);
    child.Write(message);
  });
}

// The most memory that the process ever had, in octets, since ForgetPeak().
uint64_t PeakOctets() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word != "VmHWM:") continue;
    uint64_t kibibytes = 0;
    status >> kibibytes;
    return kibibytes << 10;
  }
  return 0;
}
void ForgetPeak() { std::ofstream("/proc/self/clear_refs") << "5"; }

// Octets as they are, in place of a message.
class OctetChild {
 public:
  OctetChild(const Parent& parent, const std::string& token)
      : stub_(grpc::CreateChannel(parent.server().address(), grpc::InsecureChannelCredentials())) {
    context_.AddMetadata("authorization", "Bearer " + token);
    stream_ = stub_.PrepareCall(&context_, "/idnode.v1.Sync/Converse", &done_);
    stream_->StartCall(this);
    (void)Next();
  }
  ~OctetChild() {
    context_.TryCancel();
    grpc::Status status;
    stream_->Finish(&status, this);
    (void)Next();
  }
  void Write(const std::string& octets) {
    const grpc::Slice slice(octets);
    stream_->Write(grpc::ByteBuffer(&slice, 1), this);
    (void)Next();
  }
  std::string ReadFarewell() {
    std::string code;
    for (;;) {
      grpc::ByteBuffer octets;
      stream_->Read(&octets, this);
      if (!Next()) return code;
      grpc::ProtoBufferReader reader(&octets);
      v1::FromParent message;
      EXPECT_TRUE(message.ParseFromZeroCopyStream(&reader));
      if (message.has_farewell()) code = message.farewell().code();
    }
  }

 private:
  bool Next() {
    void* tag = nullptr;
    bool ok = false;
    EXPECT_TRUE(done_.Next(&tag, &ok));
    return ok;
  }
  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue done_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
};

// Two octets on the wire are forty in memory, once they are parsed.
TEST_F(HostileChild, SendsAMessageOfEmptyRecordsThatTakesLittleMemory) {
  constexpr size_t kOctets = limits::kGrpcMessageOctetsMax - 16;
  std::string message = {0x12};  // events, of a varint of octets, all of them records of none.
  for (size_t left = kOctets; left > 0; left >>= 7) {
    message += static_cast<char>((left & 0x7f) | (left >= 0x80 ? 0x80 : 0));
  }
  message.reserve(message.size() + kOctets);
  for (size_t record = 0; record < kOctets / 2; ++record) message += {0x12, 0x00};
  OctetChild child(parent_, kToken);
  const uint64_t before = (ForgetPeak(), PeakOctets());
  child.Write(message);
  EXPECT_EQ(child.ReadFarewell(), "too_large");
  const uint64_t taken = PeakOctets() - before;
  RecordProperty("peak_octets", std::to_string(taken));
  EXPECT_LT(taken, 8 * limits::kGrpcMessageOctetsMax) << "both ends together";
  EXPECT_TRUE(ListChildren(parent_.store().engine())->empty());
}

TEST_F(HostileChild, SendsOctetsThatAreNoMessage) {
  OctetChild child(parent_, kToken);
  child.Write("\x0a\xff\xff\xff\xff\x7f garbled");
  EXPECT_EQ(child.ReadFarewell(), "malformed");
}

TEST_F(HostileChild, SpeaksOutOfTurn) {
  {
    ScriptedChild child(parent_, kToken);
    child.Events(1, {records_[0]});
    EXPECT_EQ(child.ReadFarewell(), "malformed");
  }
  {
    ScriptedChild child(parent_, kToken);
    child.Write(v1::FromChild());
    EXPECT_EQ(child.ReadFarewell(), "malformed");
  }
  ExpectFarewell("malformed", [](ScriptedChild& child) { child.Hello(); });
  ExpectFarewell("malformed", [](ScriptedChild& child) { child.Heartbeat(0, "short"); });
}

TEST_F(HostileChild, ForgesACheckpoint) {
  ExpectFarewell("forged", [](ScriptedChild& child) { child.Heartbeat(0, std::string(32, 'r')); });
}

TEST_F(HostileChild, IsReplacedByItsSecondStream) {
  ScriptedChild first(parent_, kToken);
  first.Hello();
  ASSERT_TRUE(first.ReadWelcome());
  first.Events(1, {records_[0]});
  ASSERT_TRUE(first.ReadAck(1));
  ScriptedChild second(parent_, kToken);
  second.Hello([](v1::Hello& hello) {
    hello.set_head(10);
    hello.set_tree_size(10);
  });
  const auto welcome = second.ReadWelcome();
  ASSERT_TRUE(welcome.has_value());
  EXPECT_EQ(welcome->resume_after(), 1u);
  EXPECT_EQ(first.ReadFarewell(), "conflict");
  second.Events(2, {records_[1]});
  EXPECT_TRUE(second.ReadAck(2));
}

TEST_F(HostileChild, IsSentAwayWhenItsTokenIsRevoked) {
  ExpectFarewell("token_revoked", [&](ScriptedChild&) { parent_.RevokeToken(kToken); });
}

TEST_F(HostileChild, IsSentAwayWhenItFallsSilent) {
  ExpectFarewell("timeout", [](ScriptedChild&) {});
}

TEST_F(HostileChild, HearsThatTheNodeStops) {
  ExpectFarewell("shutting_down", [&](ScriptedChild&) { parent_.downstream().Stop(); });
  EXPECT_EQ(CallCode(kToken), "shutting_down");
}

// It takes no answer off the wire: whatever was to be said to it, the node stops all the same.
TEST_F(HostileChild, ReadsNothingAndDoesNotHoldUpTheEnd) {
  ScriptedChild child(parent_, kToken);
  child.Hello();
  child.Events(1, records_);
  ASSERT_TRUE(parent_.events().WaitFor(
      [](const DownstreamEvent& event) { return event.kind == DownstreamEvent::Kind::kDocked; }));
  parent_.downstream().Stop();
}

TEST(Downstream, HasNoMoreStreamsThanItMay) {
  Folder folder;
  Parent parent(folder / "above", 0, {.children_max = 1});
  parent.PutToken(kToken, "88.118.5");
  {
    ScriptedChild first(parent, kToken);
    first.Hello();
    ASSERT_TRUE(first.ReadWelcome());
    ScriptedChild second(parent, kToken);
    second.Hello();
    EXPECT_EQ(second.ReadFarewell(), "");
    EXPECT_EQ(second.Finish().error_message(), "rate_limited");
  }
  ASSERT_TRUE(parent.events().WaitFor(
      [](const DownstreamEvent& event) { return event.kind == DownstreamEvent::Kind::kLeft; }));
}

}  // namespace
}  // namespace idnode
