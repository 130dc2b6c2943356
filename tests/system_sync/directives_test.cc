// What a node above asks of a child, over real gRPC between real stores: said until it is answered,
// once each, and an answer is believed as far as it can be checked.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "proto/base/guarded.h"
#include "storage/audit.h"
#include "storage/directives.h"
#include "storage/registry.h"
#include "tests/system_sync/nodes.h"
#include "tests/system_sync/scripted_child.h"
#include "tests/system_sync/scripted_parent.h"

namespace idnode {
namespace {

using testing_sync::ChildNode;
using testing_sync::Folder;
using testing_sync::kNode;
using testing_sync::kToken;
using testing_sync::LoopbackServer;
using testing_sync::Parent;
using testing_sync::ScriptedChild;
using testing_sync::ScriptedParent;
using testing_sync::Stream;
using testing_sync::Towards;

class DirectiveStream : public testing::Test {
 protected:
  DirectiveStream() { Open(); }

  void Open(int port = 0) {
    parent_.emplace(folder_ / "above", port, DownstreamOptions{.heartbeat_seconds = 1});
    parent_->PutToken(kToken, "88.118.5");
  }
  uint32_t Number() { return FindChild(parent_->store().engine(), kNode)->number; }
  void Dock() {
    ScriptedChild child(*parent_, kToken);
    child.Hello();
    ASSERT_TRUE(child.ReadWelcome());
  }
  void Give(const std::string& id, DirectiveKind kind, const std::string& subject) {
    auto change = testing_sync::NewChange();
    AddPutDirective(*change,
                    {.child = Number(), .id = id, .kind = kind, .subject = subject, .detail = "E1"},
                    std::nullopt);
    change->Seal();
    ASSERT_TRUE(parent_->store().ledger().Commit(change).done());
    parent_->downstream().DirectiveGiven();
  }
  GivenDirective Kept(const std::string& id) {
    return **ReadDirective(parent_->store().engine(), Number(), id);
  }
  GivenDirective WaitForAnswer(const std::string& id) {
    const auto until = std::chrono::steady_clock::now() + testing_sync::kPatience;
    GivenDirective kept = Kept(id);
    while (kept.state == DirectiveState::kOpen && std::chrono::steady_clock::now() < until) {
      std::this_thread::yield();
      kept = Kept(id);
    }
    return kept;
  }
  // The next directive that a scripted child is told; empty: the stream ended.
  static v1::Directive ReadDirectiveOf(ScriptedChild& child) {
    while (const auto message = child.Read()) {
      if (message->has_directive()) return message->directive();
    }
    return {};
  }
  static void Answer(ScriptedChild& child, const v1::DirectiveDone& done) {
    v1::FromChild message;
    *message.mutable_directive_done() = done;
    child.Write(message);
  }

  Folder folder_;
  std::optional<Parent> parent_;
};

// Counts what is carried out; proves identifiers of its own store.
class Office {
 public:
  UpstreamDesk DeskOf(Store& store) {
    return {.carry_out = [this, &store](const GivenDirective& directive, Position acknowledged) {
      done_.With([&](auto& done) { ++done[directive.id]; });
      return Perform(store, directive, acknowledged);
    }};
  }
  int done(const std::string& id) {
    return done_.With([&](auto& done) { return done[id]; });
  }

 private:
  static DirectiveAnswer Perform(Store& store, const GivenDirective& directive,
                                 Position acknowledged) {
    if (directive.kind == DirectiveKind::kQuery) return {.document = "{\"about\":1}"};
    if (directive.kind == DirectiveKind::kSuspendPrefix) {
      return {.refused = true, .refusal = {Errc::kNotFound, "no such prefix"}};
    }
    if (directive.kind != DirectiveKind::kAuditChallenge) return {};
    std::string scratch;
    const auto found = store.registry().Find("H" + directive.subject, Reach::kDisk, scratch);
    const uint64_t size = std::max(found->version, acknowledged).value;
    auto proof = Audit(store.engine(), store.log()).Prove(found->version, size);
    return {.proof = DirectiveAnswer::Proof{.position = found->version,
                                            .record = proof->record,
                                            .item = {},
                                            .item_proof = {},
                                            .inclusion = proof->proof,
                                            .tree_size = size}};
  }
  Guarded<std::map<std::string, int>> done_;
};

TEST_F(DirectiveStream, IsCarriedOutAndItsAnswerIsKept) {
  Office office;
  ChildNode below(folder_ / "below", Towards(parent_->server()),
                  [&](Store& store) { return office.DeskOf(store); });
  testing_sync::Register(below.store(), 1, 50);
  ASSERT_TRUE(below.WaitUntilLevel());
  Give("query-1", DirectiveKind::kQuery, "version");
  Give("allot-1", DirectiveKind::kAllotPrefix, "88.118.5.1");
  Give("suspend-1", DirectiveKind::kSuspendPrefix, "88.118.5.9");
  Give("challenge-1", DirectiveKind::kAuditChallenge, "88.118.5/SN-7");

  const GivenDirective query = WaitForAnswer("query-1");
  EXPECT_EQ(query.state, DirectiveState::kDone);
  EXPECT_EQ(query.answer, "{\"about\":1}");
  EXPECT_EQ(WaitForAnswer("allot-1").state, DirectiveState::kDone);
  const GivenDirective suspend = WaitForAnswer("suspend-1");
  EXPECT_EQ(suspend.state, DirectiveState::kRefused);
  EXPECT_EQ(suspend.code, "not_found");
  const GivenDirective challenge = WaitForAnswer("challenge-1");
  EXPECT_EQ(challenge.state, DirectiveState::kVerified) << challenge.why;
  EXPECT_NE(challenge.answer.find("\"event\":\"created\""), std::string::npos);
  for (const char* id : {"query-1", "allot-1", "suspend-1", "challenge-1"}) {
    EXPECT_EQ(office.done(id), 1) << id;
  }
}

TEST_F(DirectiveStream, ProvesARecordThatIsStillOnItsWay) {
  Office office;
  ChildNode below(folder_ / "below", Towards(parent_->server()),
                  [&](Store& store) { return office.DeskOf(store); });
  testing_sync::Register(below.store(), 1, 1);
  ASSERT_TRUE(below.WaitUntilLevel());
  for (uint64_t number = 2; number <= 30; ++number) {
    testing_sync::Register(below.store(), number, number);
    const std::string id = "challenge-" + std::to_string(number);
    Give(id, DirectiveKind::kAuditChallenge, "88.118.5/SN-" + std::to_string(number));
  }
  for (uint64_t number = 2; number <= 30; ++number) {
    const GivenDirective kept = WaitForAnswer("challenge-" + std::to_string(number));
    EXPECT_EQ(kept.state, DirectiveState::kVerified) << number << " " << kept.why;
  }
}

TEST_F(DirectiveStream, IsSaidAgainToAChildThatNeverAnswers) {
  Dock();
  Give("query-1", DirectiveKind::kQuery, "version");
  for (int again = 0; again < 3; ++again) {
    ScriptedChild child(*parent_, kToken);
    child.Hello();
    EXPECT_EQ(ReadDirectiveOf(child).id(), "query-1");
  }
  const int port = parent_->server().port();
  parent_.reset();
  Open(port);
  ScriptedChild child(*parent_, kToken);
  child.Hello();
  const v1::Directive directive = ReadDirectiveOf(child);
  EXPECT_EQ(directive.id(), "query-1") << "after a restart, too";
  EXPECT_EQ(directive.query().about(), "version");
  EXPECT_EQ(Kept("query-1").state, DirectiveState::kOpen);
}

TEST_F(DirectiveStream, EndsWithAChildThatAnswersWhatItWasNotAsked) {
  Dock();
  Give("query-1", DirectiveKind::kQuery, "version");
  const auto farewell = [&](const std::vector<std::string>& ids) {
    ScriptedChild child(*parent_, kToken);
    child.Hello();
    (void)ReadDirectiveOf(child);
    for (const std::string& id : ids) {
      v1::DirectiveDone done;
      done.set_id(id);
      done.set_code("busy");
      Answer(child, done);
    }
    return child.ReadFarewell();
  };
  EXPECT_EQ(farewell({"query-2"}), "malformed");
  EXPECT_EQ(farewell({""}), "malformed");
  EXPECT_EQ(farewell({"query-1", "query-1"}), "malformed");
}

// A child that lies about what it holds.
class ForgedProof : public DirectiveStream {
 protected:
  ForgedProof() {
    auto below = testing_sync::OpenStore(folder_ / "below", testing_sync::ChildIdentity());
    below->ledger().Start();
    testing_sync::Register(*below, 1, 5);
    records_ = *below->log().Read(Position{1}, 100, 1u << 20);
    proof_.set_position(2);
    proof_.set_record(records_[1]);
    proof_.set_tree_size(5);
    const auto proved = Audit(below->engine(), below->log()).Prove(Position{2}, 5);
    for (const Digest& hash : proved->proof) {
      proof_.add_inclusion_proof(std::string(AsText(hash)));
    }
    below->Close();
    Dock();
  }
  // What is made of the true proof, once `change` has been at it.
  GivenDirective Judged(const std::function<void(v1::AuditProof&)>& change) {
    const std::string id = "challenge-" + std::to_string(++given_);
    Give(id, DirectiveKind::kAuditChallenge, "88.118.5/SN-2");
    ScriptedChild child(*parent_, kToken);
    Frontier tree;
    for (const std::string& record : records_) tree.Append(LeafHash(record));
    child.Hello([&](v1::Hello& hello) {
      hello.set_head(5);
      hello.set_tree_size(5);
      hello.set_tree_root(std::string(AsText(tree.Root())));
    });
    const auto welcome = child.ReadWelcome();
    if (welcome && welcome->resume_after() == 0) child.Events(1, records_);
    while (ReadDirectiveOf(child).id() != id) {
    }
    v1::DirectiveDone done;
    done.set_id(id);
    *done.mutable_audit_proof() = proof_;
    change(*done.mutable_audit_proof());
    Answer(child, done);
    return WaitForAnswer(id);
  }
  DirectiveState StateOf(const std::function<void(v1::AuditProof&)>& change) {
    return Judged(change).state;
  }

  std::vector<std::string> records_;
  v1::AuditProof proof_;
  int given_ = 0;
};

TEST_F(ForgedProof, IsToldFromATrueOne) {
  using Proof = v1::AuditProof;
  EXPECT_EQ(StateOf([](Proof&) {}), DirectiveState::kVerified);
  EXPECT_EQ(StateOf([](Proof& proof) { proof.Clear(); }), DirectiveState::kForged);
  EXPECT_EQ(StateOf([&](Proof& proof) {
              proof.set_position(3);
              proof.set_record(records_[2]);
            }),
            DirectiveState::kForged)
      << "a record of another identifier";
  EXPECT_EQ(StateOf([](Proof& proof) { proof.set_position(3); }), DirectiveState::kForged);
  EXPECT_EQ(StateOf([](Proof& proof) { (*proof.mutable_record())[30] ^= 1; }),
            DirectiveState::kForged);
  EXPECT_EQ(StateOf([](Proof& proof) { proof.set_index(1); }), DirectiveState::kForged);
  EXPECT_EQ(StateOf([](Proof& proof) { proof.set_item("made up"); }), DirectiveState::kForged);
  EXPECT_EQ(StateOf([](Proof& proof) { (*proof.mutable_inclusion_proof(0))[0] ^= 1; }),
            DirectiveState::kForged);
  EXPECT_EQ(StateOf([](Proof& proof) { proof.clear_inclusion_proof(); }), DirectiveState::kForged);
  EXPECT_EQ(StateOf([](Proof& proof) { proof.set_inclusion_proof(0, "short"); }),
            DirectiveState::kForged);
  EXPECT_TRUE(parent_->events().WaitFor([](const DownstreamEvent& event) {
    return event.kind == DownstreamEvent::Kind::kForgedProof && event.evidence == "challenge-2";
  })) << "the operator is told";
}

// A node above that asks what nobody knows, or without end.
TEST(HostileDirectives, AreRefusedOneByOneOrEndTheStream) {
  Folder folder;
  const auto tell = [](Stream& stream, const std::string& id, auto&& fill) {
    v1::FromParent message;
    message.mutable_directive()->set_id(id);
    fill(*message.mutable_directive());
    stream.Write(message);
  };
  Guarded<std::map<std::string, std::string>> codes;
  ScriptedParent parent([&](Stream& stream) {
    testing_sync::ReadHello(stream);
    stream.Write(testing_sync::Welcome(0));
    tell(stream, "unknown-kind", [](v1::Directive&) {});
    tell(stream, "no-subject", [](v1::Directive& directive) { directive.mutable_query(); });
    tell(stream, "long", [](v1::Directive& directive) {
      directive.mutable_suspend_prefix()->set_prefix(std::string(10'000, '8'));
    });
    tell(stream, "version",
         [](v1::Directive& directive) { directive.mutable_query()->set_about("version"); });
    v1::FromChild message;
    for (int answers = 0; answers < 4 && stream.Read(&message);) {
      if (!message.has_directive_done()) continue;
      ++answers;
      codes.With(
          [&](auto& all) { all[message.directive_done().id()] = message.directive_done().code(); });
    }
    tell(stream, "version",
         [](v1::Directive& directive) { directive.mutable_query()->set_about("version"); });
    testing_sync::ReadToTheEnd(stream);
  });
  LoopbackServer server(&parent, 0);
  Office office;
  ChildNode child(folder / "below", Towards(server),
                  [&](Store& store) { return office.DeskOf(store); });
  ASSERT_TRUE(child.WaitForEnd(Errc::kMalformed)) << "twice the same";
  EXPECT_EQ(office.done("long"), 0);
  codes.With([](auto& all) {
    EXPECT_EQ(all["unknown-kind"], "unsupported");
    EXPECT_EQ(all["no-subject"], "missing_field");
    EXPECT_EQ(all["long"], "malformed");
    EXPECT_EQ(all["version"], "");
  });
}

TEST(HostileDirectives, WithoutEndEndTheStream) {
  Folder folder;
  ScriptedParent parent([&](Stream& stream) {
    testing_sync::ReadHello(stream);
    stream.Write(testing_sync::Welcome(0));
    for (int number = 0;; ++number) {
      v1::FromParent message;
      message.mutable_directive()->set_id("d" + std::to_string(number));
      message.mutable_directive()->mutable_query()->set_about("version");
      if (!stream.Write(message)) return;
    }
  });
  LoopbackServer server(&parent, 0);
  ChildNode child(folder / "below", Towards(server));
  EXPECT_TRUE(child.WaitForEnd(Errc::kRateLimited));
}

}  // namespace
}  // namespace idnode
