// The node above as a witness: it signs what it holds and nothing else, and the child believes no
// signature that is not over its own log.
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "storage/witnessed.h"
#include "tests/system_sync/nodes.h"
#include "tests/system_sync/scripted_child.h"
#include "tests/system_sync/scripted_parent.h"
#include "tests/system_sync/signed_log.h"

namespace idnode {
namespace {

using testing_sync::Ack;
using testing_sync::ChildNode;
using testing_sync::Folder;
using testing_sync::kNode;
using testing_sync::kOrigin;
using testing_sync::kToken;
using testing_sync::LoopbackServer;
using testing_sync::NewSigner;
using testing_sync::NewWitness;
using testing_sync::Parent;
using testing_sync::Register;
using testing_sync::ScriptedChild;
using testing_sync::ScriptedParent;
using testing_sync::SignedLog;
using testing_sync::SignedNote;
using testing_sync::Stream;
using testing_sync::Towards;

class WitnessStream : public testing::Test {
 protected:
  // A tick of the child is a quarter of a second.
  UpstreamOptions Quick(const LoopbackServer& server) {
    UpstreamOptions options = Towards(server);
    options.silence_ms_max = 2'000;
    return options;
  }
  static bool WaitFor(const std::function<bool()>& came) {
    const auto until = std::chrono::steady_clock::now() + testing_sync::kPatience;
    while (!came()) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::yield();
    }
    return true;
  }
  bool WaitUntilCosigned(ChildNode& below, SignedLog& log, uint64_t size) {
    if (!WaitFor([&] { return log.cosigned().size >= size; })) return false;
    return below.upstream().state().acknowledged.value >= size;
  }
  std::optional<Witnessed> Kept(Parent& above) {
    const auto child = FindChild(above.store().engine(), kNode);
    return child ? *ReadWitnessed(above.store().engine(), child->number) : std::nullopt;
  }

  Folder folder_;
  const std::shared_ptr<const NoteSigner> witness_ = NewWitness();
};

TEST_F(WitnessStream, SignsWhatItHoldsAndKeepsItFirst) {
  Parent above(folder_ / "above", 0, {.heartbeat_seconds = 1, .witness = witness_});
  above.PutToken(kToken, "88.118.5");
  SignedLog log;
  ChildNode below(folder_ / "below", Quick(above.server()),
                  [&](Store& store) { return UpstreamDesk{.checkpoints = log.DeskOf(store)}; });
  for (uint64_t round = 0; round < 3; ++round) {
    Register(below.store(), round * 100 + 1, (round + 1) * 100);
    ASSERT_TRUE(WaitUntilCosigned(below, log, below.store().ledger().head().value));

    const SignedLog::Cosigned cosigned = log.cosigned();
    const auto note = DecodeNote(cosigned.note);
    ASSERT_TRUE(note.ok());
    const std::vector<NoteVerifier> both = {log.signer().verifier(), witness_->verifier()};
    const auto held = VerifyNote(*note, both);
    ASSERT_TRUE(held.ok());
    ASSERT_EQ(held->size(), 2u);
    EXPECT_EQ(held->back().seconds, testing_sync::kStart.ms / 1'000);
    EXPECT_EQ(DecodeCheckpoint(note->text)->head, below.store().ledger().tree_head());
    const auto kept = Kept(above);
    ASSERT_TRUE(kept.has_value());
    EXPECT_EQ(kept->tree.Root(), below.store().ledger().tree_head().root);
    EXPECT_EQ(kept->origin, kOrigin);
  }
}

TEST_F(WitnessStream, LetsAQuietLogStayQuiet) {
  Parent above(folder_ / "above", 0, {.heartbeat_seconds = 1, .witness = witness_});
  above.PutToken(kToken, "88.118.5");
  SignedLog log;
  ChildNode below(folder_ / "below", Quick(above.server()),
                  [&](Store& store) { return UpstreamDesk{.checkpoints = log.DeskOf(store)}; });
  Register(below.store(), 1, 10);
  ASSERT_TRUE(WaitUntilCosigned(below, log, 10));
  const Position below_head = below.store().ledger().head();
  const Position above_head = above.store().ledger().head();
  const uint64_t asked = log.asked();
  ASSERT_TRUE(WaitFor([&] { return log.asked() >= asked + 5; }));
  EXPECT_EQ(below.store().ledger().head(), below_head);
  EXPECT_EQ(above.store().ledger().head(), above_head);
}

// A child that says what the test tells it to, with ten records of a real store behind it.
class ForkedLog : public WitnessStream {
 protected:
  ForkedLog() : parent_(folder_ / "above", 0, {.heartbeat_seconds = 1, .witness = witness_}) {
    parent_.PutToken(kToken, "88.118.5");
    one_ = Records("one", 1);
    other_ = Records("other", 101);
  }

  struct Log {
    std::vector<std::string> records;
    TreeHead At(size_t size) const {
      Frontier tree;
      for (size_t record = 0; record < size; ++record) tree.Append(LeafHash(records[record]));
      return {size, tree.Root()};
    }
  };
  Log Records(const std::string& name, uint64_t first) {
    auto store = testing_sync::OpenStore(folder_ / name, testing_sync::ChildIdentity());
    store->ledger().Start();
    Register(*store, first, first + 9);
    Log log{*store->log().Read(Position{1}, 100, 1u << 20)};
    store->Close();
    return log;
  }
  void Show(ScriptedChild& child, const std::string& note, const std::vector<std::string>& keys) {
    v1::FromChild message;
    message.mutable_signed_tree()->set_note(note);
    for (const std::string& key : keys) message.mutable_signed_tree()->add_keys(key);
    child.Write(message);
  }
  void Show(ScriptedChild& child, const NoteSigner& signer, const TreeHead& head) {
    Show(child, SignedNote(signer, head), {signer.verifier().Text()});
  }
  static void SayHello(ScriptedChild& child, const TreeHead& tree) {
    child.Hello([&](v1::Hello& hello) {
      hello.set_head(tree.size);
      hello.set_tree_size(tree.size);
      hello.set_tree_root(std::string(AsText(tree.root)));
    });
  }
  // Docks with `records`, whose first are held already.
  std::unique_ptr<ScriptedChild> Dock(const Log& log, size_t records) {
    auto child = std::make_unique<ScriptedChild>(parent_, kToken);
    SayHello(*child, log.At(records));
    const auto welcome = child->ReadWelcome();
    if (!welcome) return child;
    const size_t held = welcome->resume_after();
    if (held < records) {
      child->Events(held + 1, {log.records.begin() + static_cast<ptrdiff_t>(held),
                               log.records.begin() + static_cast<ptrdiff_t>(records)});
      EXPECT_TRUE(child->ReadAck(records));
    }
    return child;
  }
  // What comes back: the tree's size, or the code of the farewell.
  std::string AnswerOf(ScriptedChild& child) {
    while (const auto message = child.Read()) {
      if (message->has_cosignature()) {
        return message->cosignature().lines().empty()
                   ? "unsigned"
                   : std::to_string(message->cosignature().tree_size());
      }
      if (message->has_farewell()) return message->farewell().code();
    }
    return "nothing";
  }
  uint64_t SignedSize() {
    const auto kept = Kept(parent_);
    return kept ? kept->tree.size() : 0;
  }

  Parent parent_;
  const NoteSigner signer_ = NewSigner(NoteKeyType::kEd25519);
  Log one_, other_;
};

TEST_F(ForkedLog, IsSignedAsFarAsItIsTheOneThatIsHeld) {
  const auto child = Dock(one_, 5);
  Show(*child, signer_, one_.At(5));
  EXPECT_EQ(AnswerOf(*child), "5");
  child->Events(6, {one_.records[5], one_.records[6], one_.records[7]});
  ASSERT_TRUE(child->ReadAck(8));
  Show(*child, signer_, one_.At(7));
  EXPECT_EQ(AnswerOf(*child), "7") << "the tree of fewer records than are held";
  Show(*child, signer_, one_.At(7));
  EXPECT_EQ(AnswerOf(*child), "7") << "the same again";
  EXPECT_EQ(SignedSize(), 7u);
}

TEST_F(ForkedLog, OfTheSameSizeIsNeverSigned) {
  const auto child = Dock(one_, 5);
  Show(*child, signer_, one_.At(5));
  ASSERT_EQ(AnswerOf(*child), "5");
  Show(*child, signer_, other_.At(5));
  EXPECT_EQ(AnswerOf(*child), "forged");
  EXPECT_TRUE(parent_.events().WaitFor([&](const DownstreamEvent& event) {
    return event.kind == DownstreamEvent::Kind::kRefused && event.error.code == Errc::kForged &&
           event.evidence == SignedNote(signer_, other_.At(5));
  })) << "the operator is told, with the proof";
  EXPECT_EQ(Kept(parent_)->tree.Root(), one_.At(5).root);
}

TEST_F(ForkedLog, ThatIsShorterThanWhatWasSignedIsNeverSigned) {
  const auto child = Dock(one_, 5);
  Show(*child, signer_, one_.At(5));
  ASSERT_EQ(AnswerOf(*child), "5");
  Show(*child, signer_, one_.At(4));
  EXPECT_EQ(AnswerOf(*child), "forged");
  EXPECT_EQ(SignedSize(), 5u);
}

TEST_F(ForkedLog, ThatGrewFromAnotherHistoryIsNeverSigned) {
  Dock(one_, 5);
  ScriptedChild child(parent_, kToken);
  const TreeHead longer = other_.At(10);  // Its Hello cannot be judged.
  SayHello(child, longer);
  ASSERT_TRUE(child.ReadWelcome());
  child.Events(6, {other_.records[5]});
  Show(child, signer_, other_.At(6));
  EXPECT_EQ(AnswerOf(child), "forged") << "the record behind what is held follows another";
  EXPECT_EQ(SignedSize(), 0u);
}

TEST_F(ForkedLog, ThatWasNotSentIsNeverSigned) {
  const auto child = Dock(one_, 5);
  Show(*child, signer_, one_.At(6));
  EXPECT_EQ(AnswerOf(*child), "gap");
  EXPECT_EQ(SignedSize(), 0u);
}

TEST_F(ForkedLog, IsNotSignedForAnotherKeyOrName) {
  const NoteSigner stranger = NewSigner(NoteKeyType::kEd25519);
  {
    const auto child = Dock(one_, 5);
    Show(*child, signer_, one_.At(5));
    ASSERT_EQ(AnswerOf(*child), "5");
    Show(*child, stranger, one_.At(5));
    EXPECT_EQ(AnswerOf(*child), "forged");
  }
  {
    const auto child = Dock(one_, 5);
    Show(*child, SignedNote(stranger, one_.At(5)), {signer_.verifier().Text()});
    EXPECT_EQ(AnswerOf(*child), "forged") << "the key has not signed";
  }
  {
    const NoteSigner renamed = NewSigner(NoteKeyType::kEd25519, "idnode/other");
    const auto child = Dock(one_, 5);
    Show(*child, SignedNote(renamed, one_.At(5), "idnode/other"), {renamed.verifier().Text()});
    EXPECT_EQ(AnswerOf(*child), "forged");
  }
  parent_.PutToken("new-token", "88.118.5");
  ScriptedChild child(parent_, "new-token");
  SayHello(child, one_.At(5));
  ASSERT_TRUE(child.ReadWelcome());
  Show(child, stranger, one_.At(5));
  EXPECT_EQ(AnswerOf(child), "5") << "its operator asked for another token";
}

TEST_F(ForkedLog, IsRefusedWhereWhatIsShownIsNoCheckpoint) {
  const std::string key = signer_.verifier().Text();
  const std::string note = SignedNote(signer_, one_.At(5));
  const auto refused = [&](const std::string& text, const std::vector<std::string>& keys) {
    const auto child = Dock(one_, 5);
    Show(*child, text, keys);
    return AnswerOf(*child);
  };
  EXPECT_EQ(refused("", {key}), "malformed");
  EXPECT_EQ(refused(note, {}), "malformed");
  EXPECT_EQ(refused(note, {"x"}), "malformed");
  EXPECT_EQ(refused(note, {witness_->verifier().Text()}), "malformed");
  EXPECT_EQ(refused(note, std::vector<std::string>(kWitnessedKeysMax + 1, key)), "malformed");
  EXPECT_EQ(refused(std::string(kNoteOctetsMax + 1, 'n'), {key}), "too_large");
  EXPECT_EQ(SignedSize(), 0u);
}

// The other end: a node above that signs what it was not shown.
class ForeignSignature : public WitnessStream {
 protected:
  // What the child says when `answer` has been made of what it showed.
  Errc EndOf(const std::function<void(const v1::SignedTree&, v1::Cosignature&)>& answer) {
    ScriptedParent parent([&](Stream& stream) {
      testing_sync::ReadHello(stream);
      stream.Write(testing_sync::Welcome(0));
      for (v1::FromChild message; stream.Read(&message);) {
        if (message.has_events()) {
          stream.Write(Ack(message.events().first() + message.events().records_size() - 1));
        }
        if (!message.has_signed_tree()) continue;
        v1::FromParent out;
        answer(message.signed_tree(), *out.mutable_cosignature());
        stream.Write(out);
      }
    });
    LoopbackServer server(&parent, 0);
    SignedLog log;
    ChildNode child(folder_ / ("below" + std::to_string(++ends_)), Quick(server),
                    [&](Store& store) { return UpstreamDesk{.checkpoints = log.DeskOf(store)}; });
    Register(child.store(), 1, 5);
    Errc why = Errc::kInternal;
    EXPECT_TRUE(child.events().WaitFor([&](const UpstreamEvent& event) {
      why = event.error.code;
      return event.kind == UpstreamEvent::Kind::kRefused;
    }));
    EXPECT_EQ(log.cosigned().size, 0u) << "it is not kept";
    return why;
  }
  int ends_ = 0;

  void Sign(const std::string& text, v1::Cosignature& out) {
    const auto checkpoint = DecodeCheckpoint(text);
    out.set_origin(checkpoint->origin);
    out.set_tree_size(checkpoint->head.size);
    out.add_lines(EncodeNote({text, {witness_->Sign(text, 1)}}).substr(text.size() + 1));
    out.add_keys(witness_->verifier().Text());
  }
};

TEST_F(ForeignSignature, OverAnotherTreeIsForged) {
  EXPECT_EQ(EndOf([&](const v1::SignedTree& shown, v1::Cosignature& out) {
              Checkpoint other = *DecodeCheckpoint(DecodeNote(shown.note())->text);
              other.head.root[0] ^= 1;
              Sign(EncodeCheckpoint(other), out);
            }),
            Errc::kForged);
  EXPECT_EQ(EndOf([&](const v1::SignedTree& shown, v1::Cosignature& out) {
              Checkpoint other = *DecodeCheckpoint(DecodeNote(shown.note())->text);
              other.head.size += 1;
              Sign(EncodeCheckpoint(other), out);
            }),
            Errc::kForged);
  EXPECT_EQ(EndOf([&](const v1::SignedTree& shown, v1::Cosignature& out) {
              Sign(DecodeNote(shown.note())->text, out);
              out.set_lines(0, "no line\n");
            }),
            Errc::kForged);
  EXPECT_EQ(EndOf([&](const v1::SignedTree& shown, v1::Cosignature& out) {
              Sign(DecodeNote(shown.note())->text, out);
              out.set_keys(0, shown.keys(0));
            }),
            Errc::kForged);
}

TEST_F(ForeignSignature, ThatNothingWasShownForIsRefused) {
  EXPECT_EQ(EndOf([&](const v1::SignedTree& shown, v1::Cosignature& out) {
              Sign(DecodeNote(shown.note())->text, out);
              out.set_origin("another log");
            }),
            Errc::kForged);
}

}  // namespace
}  // namespace idnode
