#include "node/service/cosigned_log.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "proto/tlog/note.h"
#include "proto/tlog/tree.h"
#include "tests/unit/node/service/node_under_test.h"

namespace idnode {
namespace {

constexpr const char* kOrigin = "node.example/log";

class CosignedLogTest : public NodeUnderTest {
 protected:
  CosignedCheckpoint Cosigned(const TreeHead& head, const std::string& origin = kOrigin) {
    Note note{EncodeCheckpoint({origin, head}), {}};
    note.signatures.push_back(witness_.Sign(note.text, 1));
    return {head.size, EncodeNote(note), {witness_.verifier().Text()}};
  }
  // What a node that starts again has of it. A change after it makes sure that it is written.
  std::shared_ptr<const CosignedCheckpoint> AfterARestart(const std::string& origin = kOrigin) {
    Enrol("e" + std::to_string(++enrolled_), {});
    return CosignedLog(*ledger, *engine, *log, origin).Last();
  }

  const NoteSigner witness_ = *NoteSigner::Of("witness", NoteKeyType::kCosignature,
                                              *SigningKey::Generate(KeyKind::kEd25519));
  int enrolled_ = 0;
};

TEST_F(CosignedLogTest, KeepsTheLastOneAndWritesNoRecord) {
  CosignedLog cosigned(*ledger, *engine, *log, kOrigin);
  EXPECT_EQ(cosigned.Last(), nullptr);
  const Position head = ledger->head();
  const CosignedCheckpoint one = Cosigned(ledger->tree_head());
  cosigned.Keep(one);
  EXPECT_EQ(cosigned.Last()->note, one.note);
  EXPECT_EQ(ledger->head(), head);

  const auto kept = AfterARestart();
  ASSERT_NE(kept, nullptr);
  EXPECT_EQ(kept->size, one.size);
  EXPECT_EQ(kept->note, one.note);
  EXPECT_EQ(kept->keys, one.keys);
}

TEST_F(CosignedLogTest, ForgetsWhatIsNotOfThisLog) {
  CosignedLog cosigned(*ledger, *engine, *log, kOrigin);
  cosigned.Keep(Cosigned(ledger->tree_head()));
  EXPECT_EQ(AfterARestart("another/log"), nullptr);
  TreeHead other = ledger->tree_head();
  other.root[0] ^= 1;
  cosigned.Keep(Cosigned(other));
  EXPECT_EQ(AfterARestart(), nullptr) << "another tree of this size";
  TreeHead longer = ledger->tree_head();
  longer.size += 100;
  cosigned.Keep(Cosigned(longer));
  EXPECT_EQ(AfterARestart(), nullptr) << "a log that was set back";
  cosigned.Keep({1, "no note", {}});
  EXPECT_EQ(AfterARestart(), nullptr);
}

}  // namespace
}  // namespace idnode
