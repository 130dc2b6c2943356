#include "node/front/grpc/log_service.h"

#include <gtest/gtest.h>

#include "node/client/log_client.h"
#include "node/front/grpc/grpc_front.h"
#include "node/security/node_keys.h"
#include "node/service/published_log.h"
#include "proto/tlog/note.h"
#include "storage/log_record.h"
#include "tests/front/serving_node.h"
#include "tests/patience.h"

// idnode.v1.Log: the published log over gRPC.
namespace idnode {
namespace {

const auto kSeconds = static_cast<uint32_t>(Patience(20).count());

class LogOverGrpc : public ::testing::Test {
 protected:
  LogOverGrpc()
      : checkpoints_(*Checkpoints::Open(node_.store->ledger(), node_.store->engine(),
                                        node_.store->log(), Keys(), "node.example/log", "")),
        log_(node_.store->engine(), node_.store->log(), *checkpoints_, *node_.acts, false),
        service_(MakeLogService(log_, *node_.authenticator)) {
    front_ = *GrpcFront::Open({.listen = "127.0.0.1:0"}, Services());
  }
  ~LogOverGrpc() override { front_->Stop(2); }

  GrpcServices Services() {
    return {*node_.resolver, *node_.registrar, *node_.enrolment, *node_.listing,
            *node_.upkeep,   *node_.figures,   node_.health,     *node_.authenticator,
            node_.counts,    {service_.get()}};
  }
  static const NodeKeys& Keys() {
    static const NodeKeys keys{*SigningKey::Generate(KeyKind::kRsa),
                               *SigningKey::Generate(KeyKind::kEd25519),
                               *SigningKey::Generate(KeyKind::kSm2),
                               *SigningKey::Generate(KeyKind::kEd25519), std::string(32, 'k')};
    return keys;
  }
  std::unique_ptr<LogClient> Client(const std::string& token = "") const {
    return *LogClient::Open(
        {.address = "127.0.0.1:" + std::to_string(front_->port()), .token = token}, kSeconds);
  }
  Errc RefusalOf(const std::string& token, uint64_t from) const {
    v1::ReadLogRequest request;
    request.set_from(from);
    auto reply = Client(token)->Read(request, [](const v1::ReadLogResponse&) { return true; });
    return reply ? Errc::kInternal : reply.problem().code;
  }

  ServingNode node_;
  std::unique_ptr<Checkpoints> checkpoints_;
  PublishedLog log_;
  std::unique_ptr<grpc::Service> service_;
  std::unique_ptr<GrpcFront> front_;
};

TEST_F(LogOverGrpc, RecordsAreThoseOfTheCheckpoint) {
  // As many octets as need several messages.
  std::vector<std::string> names;
  for (size_t i = 0; i < 4'000; ++i) names.push_back("88.118.8/LONG-NAME-" + std::to_string(i));
  const std::vector<Value> values = {{.index = 1, .type = "URL", .data = "https://acme.example"}};
  for (size_t round = 0; round < 20; ++round) {
    std::vector<RegisterItem> items;
    for (const std::string& name : names) {
      items.push_back({round % 2 == 0 ? RegisterAction::kPut : RegisterAction::kRemove, name,
                       round % 2 == 0 ? values : std::vector<Value>{}});
    }
    ASSERT_TRUE(node_.registrar->RegisterAndWait(items, node_.op, "", Now()).status.ok());
  }
  auto last = Client()->GetCheckpoint();
  ASSERT_TRUE(bool(last)) << last.problem().detail;
  std::vector<NoteVerifier> known;
  for (const std::string& key : last->keys()) known.push_back(*NoteVerifier::Parse(key));
  const auto note = DecodeNote(last->note());
  ASSERT_TRUE(note);
  EXPECT_EQ(VerifyNote(*note, known)->size(), 2u);
  const auto checkpoint = DecodeCheckpoint(note->text);
  ASSERT_TRUE(checkpoint);

  v1::ReadLogRequest request;
  request.set_from(1);
  request.set_through(checkpoint->head.size);  // Reading goes on record, too.
  Frontier tree;
  size_t messages = 0;
  auto reply = Client(node_.reader_token)->Read(request, [&](const v1::ReadLogResponse& message) {
    ++messages;
    for (const std::string& thin : message.records()) tree.Append(LeafHash(thin));
    return true;
  });
  ASSERT_TRUE(bool(reply)) << reply.problem().detail;
  EXPECT_GT(messages, 1u);
  EXPECT_EQ(tree.size(), checkpoint->head.size);
  EXPECT_EQ(tree.Root(), checkpoint->head.root);
}

TEST_F(LogOverGrpc, SignsAtOnceForWhoMayReadTheLog) {
  const auto size_for = [&](const std::string& token) {
    auto reply = Client(token)->GetCheckpoint();
    EXPECT_TRUE(bool(reply));
    return DecodeCheckpoint(DecodeNote(reply->note())->text)->head.size;
  };
  for (size_t i = 0; i < 5; ++i) {
    node_.Put("88.118.8/" + std::to_string(i), {{.index = 1, .type = "URL", .data = "x:y"}});
    EXPECT_EQ(size_for(node_.reader_token), node_.store->ledger().head().value);
  }
}

TEST_F(LogOverGrpc, RecordsAreForThoseWhoMayReadAllFigures) {
  EXPECT_EQ(RefusalOf("", 1), Errc::kUnauthenticated);
  EXPECT_EQ(RefusalOf(node_.acme_token, 1), Errc::kDenied);
  EXPECT_EQ(RefusalOf(node_.reader_token, 0), Errc::kMalformed);
  EXPECT_EQ(RefusalOf(node_.reader_token, 1'000'000), Errc::kNotFound);
}

}  // namespace
}  // namespace idnode
