#include "proto/base/reader.h"
#include "proto/base/text.h"
#include "proto/tlog/note.h"
#include "storage/log_record.h"
#include "tests/front/http/http_test.h"

// /log/…: the published log.
namespace idnode {
namespace {

class PublishedLogTest : public HttpTest {
 protected:
  // The checkpoint, verified by the published keys.
  Checkpoint Fetch() {
    const RawAnswer keys = Get("/log/keys");
    EXPECT_EQ(keys.status, 200);
    std::vector<NoteVerifier> known;
    std::string_view lines = keys.body;
    while (!lines.empty()) {
      known.push_back(*NoteVerifier::Parse(lines.substr(0, lines.find('\n'))));
      lines.remove_prefix(lines.find('\n') + 1);
    }
    EXPECT_EQ(known.size(), 2u);
    const RawAnswer answer = Get("/log/checkpoint");
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.fields.at("content-type"), "text/plain; charset=utf-8");
    EXPECT_EQ(answer.fields.at("cache-control"), "public, max-age=1");
    const auto note = DecodeNote(answer.body);
    EXPECT_TRUE(note.ok()) << answer.body;
    const auto held = VerifyNote(*note, known);
    EXPECT_TRUE(held && held->size() == 2) << answer.body;
    const auto checkpoint = DecodeCheckpoint(note->text);
    EXPECT_TRUE(checkpoint.ok());
    EXPECT_EQ(checkpoint->origin, "node.example/log");
    return *checkpoint;
  }
  RawAnswer GetAs(std::string_view token, std::string_view target) {
    return Send("GET", target, token, "");
  }
  void Register(size_t count) {
    for (size_t i = 0; i < count; ++i) {
      node_.Put("88.118.8/" + std::to_string(++registered_),
                {{.index = 1, .type = "URL", .data = "https://acme.example/1"}});
    }
  }
  static std::vector<std::string> RecordsIn(std::string_view octets) {
    std::vector<std::string> records;
    for (Reader in(octets); in.left() > 0;) records.emplace_back(in.Text32(UINT32_MAX));
    return records;
  }

  size_t registered_ = 0;
};

TEST_F(PublishedLogTest, TilesMakeTheRootOfTheCheckpoint) {
  Register(270);
  const Checkpoint checkpoint = Fetch();
  ASSERT_GT(checkpoint.head.size, 270u);
  const uint64_t left = checkpoint.head.size - 256;
  const RawAnswer full = Get("/log/tile/0/000");
  const RawAnswer partial = Get("/log/tile/0/001.p/" + std::to_string(left));
  const RawAnswer above = Get("/log/tile/1/000.p/1");
  ASSERT_EQ(full.status, 200);
  ASSERT_EQ(partial.status, 200);
  ASSERT_EQ(above.status, 200);
  EXPECT_EQ(full.fields.at("content-type"), "application/octet-stream");
  EXPECT_EQ(full.fields.at("cache-control"), "public, max-age=31536000, immutable");
  ASSERT_EQ(full.body.size(), 8'192u);
  ASSERT_EQ(partial.body.size(), left * 32);
  ASSERT_EQ(above.body.size(), 32u);
  std::vector<Digest> leaves(checkpoint.head.size), first(256);
  (full.body + partial.body).copy(leaves.front().data(), leaves.size() * 32);
  full.body.copy(first.front().data(), 8'192);
  EXPECT_EQ(TreeHash(leaves), checkpoint.head.root);
  EXPECT_EQ(AsText(TreeHash(first)), above.body);
  EXPECT_EQ(Get("/log/tile/1/000.p/1").body, above.body);
  // A smaller tree had smaller tiles, which are there still.
  EXPECT_EQ(Get("/log/tile/0/000.p/7").body, full.body.substr(0, 7 * 32));
}

TEST_F(PublishedLogTest, HasNoTileThatNoCheckpointCovers) {
  Register(3);
  const uint64_t size = Fetch().head.size;
  const std::string next = "/log/tile/0/000.p/" + std::to_string(size + 1);
  for (const std::string& target :
       {next, std::string("/log/tile/0/000"), std::string("/log/tile/0/001.p/1"),
        std::string("/log/tile/1/000.p/1"), std::string("/log/tile/0/000.p/0"),
        std::string("/log/tile/00/000"), std::string("/log/tile/entries"),
        std::string("/log/tile/"), std::string("/log/tile/64/000.p/1")}) {
    const RawAnswer answer = Get(target);
    EXPECT_EQ(answer.status, 404) << target;
    EXPECT_EQ(CodeOf(answer), "not_found") << target;
  }
  EXPECT_EQ(Get("/log/tile/0/000.p/" + std::to_string(size)).status, 200);
}

TEST_F(PublishedLogTest, RecordsAreForThoseWhoMayReadAllFigures) {
  Register(5);
  const uint64_t size = Fetch().head.size;
  const std::string bundle = "/log/tile/entries/000.p/" + std::to_string(size);
  for (const std::string& target : {std::string("/log/records?from=1"), bundle}) {
    EXPECT_EQ(CodeOf(Get(target)), "unauthenticated") << target;
    EXPECT_EQ(CodeOf(GetAs(node_.acme_token, target)), "denied") << target;
    EXPECT_EQ(GetAs(node_.reader_token, target).status, 200) << target;
    EXPECT_EQ(GetAs(node_.operator_token, target).status, 200) << target;
  }
  PublishedLog open(node_.store->engine(), node_.store->log(), *checkpoints_, *node_.acts, true);
  EXPECT_TRUE(open.BeginReading({}, "records"));
}

TEST_F(PublishedLogTest, RecordsAreTheLeavesOfTheTree) {
  Register(20);
  const Checkpoint checkpoint = Fetch();
  Frontier tree;
  std::vector<std::string> all;
  for (uint64_t from = 1; from <= checkpoint.head.size;) {
    const RawAnswer run =
        GetAs(node_.reader_token, "/log/records?octets=500&from=" + std::to_string(from));
    ASSERT_EQ(run.status, 200) << run.body;
    const auto records = RecordsIn(run.body);
    ASSERT_FALSE(records.empty());
    for (const std::string& record : records) {
      EXPECT_EQ(DecodeThin(record)->position.value, tree.size() + 1);
      tree.Append(LeafHash(record));
      all.push_back(record);
    }
    from += records.size();
    EXPECT_EQ(run.fields.at("idnode-next-position"), std::to_string(from));
  }
  EXPECT_EQ(tree.Root(), checkpoint.head.root);

  const RawAnswer bundle =
      GetAs(node_.reader_token, "/log/tile/entries/000.p/" + std::to_string(checkpoint.head.size));
  Reader in(bundle.body);
  for (const std::string& record : all) EXPECT_EQ(in.Text16(UINT16_MAX), record);
  EXPECT_TRUE(in.AtEnd());
}

TEST_F(PublishedLogTest, RefusesWhatIsNoPosition) {
  Register(2);
  const uint64_t size = Fetch().head.size;
  const auto code = [&](std::string_view query) {
    return CodeOf(GetAs(node_.reader_token, std::string("/log/records").append(query)));
  };
  EXPECT_EQ(code(""), "missing_field");
  EXPECT_EQ(code("?from="), "malformed");
  EXPECT_EQ(code("?from=0"), "malformed");
  EXPECT_EQ(code("?from=x"), "malformed");
  EXPECT_EQ(code("?from=1&octets=8388609"), "malformed");
  EXPECT_EQ(code("?from=" + std::to_string(size + 1)), "not_found");
  EXPECT_EQ(code("?from=18446744073709551615"), "not_found");
}

// A bundle has sixteen bits for a length, and a record of many items needs more.
TEST_F(PublishedLogTest, ABundleThatDoesNotFitSaysWhereToGo) {
  std::vector<std::string> names;
  std::vector<RegisterItem> items;
  const std::vector<Value> values = {{.index = 1, .type = "URL", .data = "https://acme.example"}};
  for (size_t i = 0; i < 4'000; ++i) names.push_back("88.118.8/LONG-NAME-" + std::to_string(i));
  for (const std::string& name : names) items.push_back({RegisterAction::kPut, name, values});
  ASSERT_TRUE(node_.registrar->RegisterAndWait(items, node_.op, "", Now()).status.ok());
  const uint64_t size = Fetch().head.size;
  const RawAnswer bundle =
      GetAs(node_.reader_token, "/log/tile/entries/000.p/" + std::to_string(size));
  EXPECT_EQ(bundle.status, 404);
  EXPECT_EQ(CodeOf(bundle), "not_found");
  EXPECT_NE(bundle.body.find("/log/records"), std::string::npos);
  const RawAnswer run =
      GetAs(node_.reader_token, "/log/records?octets=1&from=" + std::to_string(size));
  ASSERT_EQ(run.status, 200);
  EXPECT_EQ(DecodeThin(RecordsIn(run.body).at(0))->items.size(), 4'000u);
}

}  // namespace
}  // namespace idnode
