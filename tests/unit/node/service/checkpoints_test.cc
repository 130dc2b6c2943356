#include "node/service/checkpoints.h"

#include <unistd.h>

#include <filesystem>

#include "storage/durable_file.h"
#include "tests/unit/node/service/node_under_test.h"

namespace idnode {
namespace {

class CheckpointsTest : public NodeUnderTest {
 protected:
  CheckpointsTest() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "idnode-signed-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
  }
  ~CheckpointsTest() override { std::filesystem::remove_all(directory_); }

  static const NodeKeys& Keys() {
    static const NodeKeys keys{*SigningKey::Generate(KeyKind::kRsa),
                               *SigningKey::Generate(KeyKind::kEd25519),
                               *SigningKey::Generate(KeyKind::kSm2),
                               *SigningKey::Generate(KeyKind::kEd25519), std::string(32, 'k')};
    return keys;
  }
  std::string File() const { return directory_ / "checkpoint"; }
  std::unique_ptr<Checkpoints> Open(const std::string& origin = "node.example/log") {
    return *Checkpoints::Open(*ledger, *engine, *log, Keys(), origin, File());
  }
  void RegisterNext() { RegisterOne(Item("88.118.8/" + std::to_string(++registered_)), acme); }
  // What the file says is signed; anything may be put there.
  void PutSigned(const TreeHead& head, const std::string& origin = "node.example/log") {
    const auto signer = NoteSigner::Of(origin, NoteKeyType::kEd25519, Keys().ed25519);
    Note note{EncodeCheckpoint({origin, head}), {}};
    note.signatures.push_back(signer->Sign(note.text));
    ASSERT_TRUE(WriteFileDurably(File(), EncodeNote(note)));
  }

  std::filesystem::path directory_;
  size_t registered_ = 0;
};

TEST_F(CheckpointsTest, AreSignedByBothKeysAndKept) {
  const auto checkpoints = Open();
  const auto last = checkpoints->Last(kNow);
  ASSERT_TRUE(last) << last.error().detail;
  EXPECT_EQ((*last)->head, ledger->tree_head());
  EXPECT_EQ(*ReadWholeFile(File(), kNoteOctetsMax), (*last)->note);
  const auto note = DecodeNote((*last)->note);
  ASSERT_TRUE(note);
  EXPECT_EQ(VerifyNote(*note, checkpoints->keys())->size(), 2u);
  EXPECT_EQ(DecodeCheckpoint(note->text)->head, (*last)->head);
  EXPECT_EQ(checkpoints->size(), (*last)->head.size);
}

TEST_F(CheckpointsTest, AreMadeAnewOnceASecondWhereTheLogHasGrown) {
  const auto checkpoints = Open();
  const auto first = *checkpoints->Last(kNow);
  EXPECT_EQ(*checkpoints->Last(Time{kNow.ms + 60'000}), first);
  RegisterNext();
  EXPECT_EQ(*checkpoints->Last(Time{kNow.ms + 999}), first);
  const auto second = *checkpoints->Last(Time{kNow.ms + 1'000});
  EXPECT_EQ(second->head, ledger->tree_head());
  RegisterNext();
  EXPECT_EQ(*checkpoints->Last(Time{kNow.ms + 1'500}), second);
  // A clock that was set back does not hold anything up.
  EXPECT_EQ((*checkpoints->Last(Time{kNow.ms}))->head, ledger->tree_head());
}

TEST_F(CheckpointsTest, GoOnFromWhatWasSignedBefore) {
  const auto first = *Open()->Last(kNow);
  RegisterNext();
  const auto again = Open();
  EXPECT_TRUE(again->problem());
  EXPECT_GT((*again->Last(kNow))->head.size, first->head.size);
}

TEST_F(CheckpointsTest, AreMadeNoMoreOfALogThatWasSetBack) {
  PutSigned({ledger->tree_head().size + 1, HashOfNothing()});
  const auto shorter = Open();
  EXPECT_EQ(shorter->problem().error().code, Errc::kShortLog);
  EXPECT_EQ(shorter->Last(kNow).error().code, Errc::kShortLog);
  EXPECT_EQ(shorter->size(), 0u);

  PutSigned({ledger->tree_head().size, HashLeaf("another")});
  EXPECT_EQ(Open()->Last(kNow).error().code, Errc::kShortLog);
  RegisterNext();
  EXPECT_EQ(Open()->Last(kNow).error().code, Errc::kShortLog);
  // Under another name it is another log.
  EXPECT_TRUE(Open("node.example/log-2")->Last(kNow));

  ASSERT_TRUE(WriteFileDurably(File(), "no checkpoint"));
  EXPECT_EQ(Open()->Last(kNow).error().code, Errc::kCorrupt);
}

TEST_F(CheckpointsTest, AreNotSeenBeforeTheyAreOnDisk) {
  const auto checkpoints = *Checkpoints::Open(*ledger, *engine, *log, Keys(), "node.example/log",
                                              directory_ / "none" / "checkpoint");
  EXPECT_FALSE(checkpoints->Last(kNow));
  EXPECT_EQ(checkpoints->size(), 0u);
  std::filesystem::create_directories(directory_ / "none");
  EXPECT_TRUE(checkpoints->Last(kNow));
}

TEST_F(CheckpointsTest, NeedANameThatIsFitForAKey) {
  for (const char* origin : {"", "a b", "a+b"}) {
    EXPECT_FALSE(Checkpoints::Open(*ledger, *engine, *log, Keys(), origin, ""));
  }
}

}  // namespace
}  // namespace idnode
