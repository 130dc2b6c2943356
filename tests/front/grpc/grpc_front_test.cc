#include <gmock/gmock.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <sys/stat.h>

#include <thread>

#include "node/client/node_client.h"
#include "node/front/grpc/grpc_front.h"
#include "proto/base/limits.h"
#include "proto/rpc/registry.grpc.pb.h"
#include "tests/front/serving_node.h"
#include "tests/patience.h"

namespace idnode {
namespace {

const auto kSeconds = static_cast<uint32_t>(Patience(20).count());

class Grpc : public ::testing::Test {
 protected:
  Grpc() {
    GrpcOptions options;
    options.listen = "127.0.0.1:0";
    options.local_socket = node_.directory() / "admin.sock";
    front_ = *GrpcFront::Open(options, Services());
  }
  ~Grpc() override { front_->Stop(2); }

  GrpcServices Services() {
    GrpcServices services = {
        *node_.resolver, *node_.registrar, *node_.enrolment,     *node_.listing, *node_.upkeep,
        *node_.figures,  node_.health,     *node_.authenticator, node_.counts,   {}};
    services.subjects = node_.subjects.get();
    services.acts = node_.acts.get();
    services.act_log = node_.act_log.get();
    return services;
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(front_->port()); }
  std::unique_ptr<NodeClient> Client(const std::string& token) const {
    return *NodeClient::Open({.address = address(), .token = token}, kSeconds);
  }
  std::unique_ptr<NodeClient> Local() const {
    return *NodeClient::Open({.address = "unix:" + (node_.directory() / "admin.sock").string()},
                             kSeconds);
  }
  static v1::RegisterItem Item(const std::string& identifier,
                               v1::RegisterAction action = v1::REGISTER_ACTION_CREATE) {
    v1::RegisterItem item;
    item.set_identifier(identifier);
    item.set_action(action);
    v1::Value& value = *item.add_values();
    value.set_index(1);
    value.set_type("URL");
    value.set_data("https://acme.example/" + identifier);
    return item;
  }
  static v1::RegisterRequest Batch(const std::string& stem, int count, uint64_t id = 1) {
    v1::RegisterRequest request;
    request.set_id(id);
    for (int i = 0; i < count; ++i) *request.add_items() = Item(stem + std::to_string(i));
    return request;
  }
  int64_t Counted(ResolutionOutcome outcome) {
    for (const TallyRow& row : node_.counts.Drain(Now())) {
      if (row.figure.enterprise != kAllEnterprises) counted_[row.figure.outcome] += row.delta;
    }
    return counted_[outcome];
  }

  ServingNode node_;
  std::unique_ptr<GrpcFront> front_;
  std::map<ResolutionOutcome, int64_t> counted_;
};

TEST_F(Grpc, RegistersEachItemByItself) {
  auto request = Batch("88.118.8/a", 3, 7);
  *request.add_items() = Item("88.118.9/x");
  *request.add_items() = Item("01/06901234567893");
  request.add_items()->set_action(static_cast<v1::RegisterAction>(77));
  const auto client = Client(node_.acme_token);
  auto reply = client->Register(request);
  ASSERT_TRUE(bool(reply)) << reply.problem().detail;
  EXPECT_EQ(reply->id(), 7u);
  EXPECT_EQ(reply->created(), 3u);
  EXPECT_EQ(reply->refused(), 3u);
  ASSERT_EQ(reply->items_size(), 3);
  EXPECT_EQ(reply->items(0).problem().code(), "outside_prefix");
  EXPECT_EQ(reply->items(1).problem().code(), "check_digit");
  EXPECT_EQ(reply->items(2).problem().code(), "unsupported");
  EXPECT_FALSE(reply->items(1).problem().zh().empty());
  EXPECT_GT(reply->position(), 0u);
  reply = client->Register(Batch("88.118.8/a", 3, 8));
  EXPECT_EQ(reply->unchanged(), 3u);
}

TEST_F(Grpc, RepeatsTheOutcomeOfAnIdempotencyKey) {
  auto request = Batch("88.118.8/i", 2);
  request.set_idempotency_key("k");
  const auto client = Client(node_.acme_token);
  EXPECT_FALSE(client->Register(request)->repeated_operation());
  const auto again = client->Register(request);
  EXPECT_TRUE(NodeReply<v1::RegisterResponse>(again)->repeated_operation());
  EXPECT_EQ(NodeReply<v1::RegisterResponse>(again)->created(), 2u);
}

TEST_F(Grpc, RefusesBatchesThatAreTooLarge) {
  v1::RegisterRequest request;
  for (size_t i = 0; i <= limits::kItemsPerChangeMax; ++i) {
    request.add_items()->set_identifier("88.118.8/t");
  }
  const auto client = Client(node_.acme_token);
  EXPECT_EQ(client->Register(request)->problem().code(), "too_large");
}

TEST_F(Grpc, SaysNoWithTheProblemInATrailer) {
  const auto refused = Client("")->Register(Batch("88.118.8/n", 1));
  ASSERT_FALSE(bool(refused));
  EXPECT_EQ(refused.problem().code, Errc::kUnauthenticated);
  EXPECT_FALSE(refused.problem().detail.empty());
  const auto unknown =
      Client("idn_0000000000000000_" + std::string(43, 'A'))->Register(Batch("88.118.8/n", 1));
  EXPECT_EQ(unknown.problem().code, Errc::kTokenUnknown);
  v1::ResolveRequest absent;
  absent.set_identifier("88.118.8/none");
  EXPECT_EQ(Client("")->Resolve(absent).problem().code, Errc::kNotFound);
}

TEST_F(Grpc, AnswersBatchesOfAStreamInOrder) {
  const auto client = Client(node_.acme_token);
  const auto stream = client->OpenRegisterStream();
  constexpr uint64_t kBatches = 50;
  std::jthread writer([&] {
    for (uint64_t i = 1; i <= kBatches; ++i) {
      EXPECT_TRUE(stream->Write(Batch("88.118.8/s" + std::to_string(i) + "-", 40, i)));
    }
    stream->WritesDone();
  });
  v1::RegisterResponse response;
  for (uint64_t i = 1; i <= kBatches; ++i) {
    ASSERT_TRUE(stream->Read(response));
    EXPECT_EQ(response.id(), i);
    EXPECT_EQ(response.created(), 40u);
    response.Clear();
  }
  writer.join();
  EXPECT_FALSE(stream->Read(response));
  EXPECT_TRUE(bool(stream->Finish()));
}

TEST_F(Grpc, SurvivesAClientThatLeavesItsStream) {
  {
    const auto client = Client(node_.acme_token);
    const auto stream = client->OpenRegisterStream();
    for (uint64_t i = 1; i <= 8; ++i) {
      stream->Write(Batch("88.118.8/l" + std::to_string(i) + "-", 100, i));
    }
    stream->Cancel();
  }
  const auto client = Client("");
  const auto refused = client->OpenRegisterStream();
  v1::RegisterResponse response;
  EXPECT_FALSE(refused->Read(response));
  EXPECT_EQ(refused->Finish().problem().code, Errc::kUnauthenticated);
  EXPECT_TRUE(bool(Client(node_.acme_token)->Register(Batch("88.118.8/after", 1))));
}

TEST_F(Grpc, ExportsInPages) {
  const auto client = Client(node_.acme_token);
  ASSERT_TRUE(bool(client->Register(Batch("88.118.8/e", 2'500))));
  int records = 0, pages = 0;
  v1::ExportRequest request;
  request.set_scheme("handle");
  request.set_prefix("88.118.8");
  const auto done = client->Export(request, [&](const v1::ExportResponse& page) {
    ++pages;
    records += page.records_size();
    EXPECT_LE(page.records_size(), 1'000);
    return true;
  });
  EXPECT_TRUE(bool(done));
  EXPECT_EQ(records, 2'500);
  EXPECT_EQ(pages, 3);
  const auto anonymous =
      Client("")->Export(request, [](const v1::ExportResponse&) { return true; });
  EXPECT_FALSE(bool(anonymous));
}

TEST_F(Grpc, ResolvesAndCountsOnceTheAnswerWasHandedOver) {
  ASSERT_TRUE(bool(Client(node_.acme_token)->Register(Batch("88.118.8/v", 1))));
  const auto client = Client("");
  v1::ResolveRequest request;
  request.set_identifier("88.118.8/V0");
  request.add_types("URL");
  auto reply = client->Resolve(request);
  ASSERT_TRUE(bool(reply)) << reply.problem().detail;
  EXPECT_EQ(reply->record().values(0).data(), "https://acme.example/88.118.8/v0");
  EXPECT_EQ(reply->record().identifier(), "88.118.8/v0");

  v1::ResolveBatchRequest batch;
  *batch.add_requests() = request;
  batch.add_requests()->set_identifier("88.118.8/none");
  auto replies = client->ResolveBatch(batch);
  ASSERT_EQ(replies->responses_size(), 2);
  EXPECT_EQ(replies->responses(0).record().values_size(), 1);
  EXPECT_EQ(replies->responses(1).problem().code(), "not_found");
  front_->Stop(5);  // Every call is done with now.
  EXPECT_EQ(Counted(ResolutionOutcome::kFound), 2);
  EXPECT_EQ(Counted(ResolutionOutcome::kNotFound), 1);
}

TEST_F(Grpc, IsAdministeredByOperators) {
  const auto client = Client(node_.operator_token);
  v1::PutEnterpriseRequest enterprise;
  enterprise.set_code("third");
  EXPECT_EQ(client->PutEnterprise(enterprise)->state(), "active");
  v1::PutPrefixRequest prefix;
  prefix.set_scheme("handle");
  prefix.set_prefix("88.118.77");
  prefix.set_enterprise_code("third");
  EXPECT_EQ(client->PutPrefix(prefix)->enterprise_code(), "third");
  prefix.set_scheme("isbn");
  EXPECT_EQ(client->PutPrefix(prefix).problem().code, Errc::kUnknownScheme);

  v1::CreateTokenRequest create;
  create.set_role("enterprise");
  create.set_enterprise_code("third");
  auto created = client->CreateToken(create);
  ASSERT_TRUE(bool(created));
  EXPECT_TRUE(bool(Client(created->secret())->Register(Batch("88.118.77/a", 1))));
  v1::RevokeTokenRequest revoke;
  revoke.set_id(created->token().id());
  EXPECT_TRUE(client->RevokeToken(revoke)->revoked());
  EXPECT_EQ(Client(created->secret())->Register(Batch("88.118.77/b", 1)).problem().code,
            Errc::kTokenRevoked);
  EXPECT_EQ(Client(node_.acme_token)->PutEnterprise(enterprise).problem().code, Errc::kDenied);

  v1::GetStatsRequest stats;
  stats.set_enterprises(true);
  EXPECT_EQ(client->GetStats(stats)->enterprises_size(), 3);
  EXPECT_EQ(Client("")->GetStats(stats).problem().code, Errc::kUnauthenticated);
}

TEST_F(Grpc, ListsInPages) {
  const auto client = Client(node_.operator_token);
  v1::ListRequest request;
  request.set_page_size(3);
  std::vector<std::string> ids;
  do {
    auto page = client->ListTokens(request);
    ASSERT_TRUE(bool(page));
    ASSERT_LE(page->tokens_size(), 3);
    for (const auto& token : page->tokens()) ids.push_back(token.id());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(ids.size(), 4u);
  EXPECT_TRUE(std::ranges::is_sorted(ids));
  EXPECT_EQ(client->ListPrefixes({})->prefixes_size(), 3);
  EXPECT_EQ(client->ListEnterprises({})->enterprises(1).code(), "other");
  EXPECT_FALSE(bool(Client("")->ListTokens({})));
}

TEST_F(Grpc, RecountsAndBacksUp) {
  ASSERT_TRUE(bool(Client(node_.acme_token)->Register(Batch("88.118.8/c", 10))));
  const auto client = Client(node_.operator_token);
  v1::RecountResponse recount;
  EXPECT_TRUE(bool(client->Recount({}, [&](const v1::RecountResponse& each) {
    recount = each;
    return true;
  })));
  EXPECT_TRUE(recount.finished());
  EXPECT_EQ(recount.identifiers(), 10u);
  EXPECT_EQ(recount.differences_size(), 0);

  v1::BackupRequest backup;
  backup.set_directory(node_.directory() / "backup");
  v1::BackupResponse last;
  EXPECT_TRUE(bool(client->Backup(backup, [&](const v1::BackupResponse& each) {
    last = each;
    return true;
  })));
  EXPECT_TRUE(last.finished());
  EXPECT_TRUE(VerifyBackup(backup.directory(), [](uint64_t, uint64_t) { return true; }).ok());
  EXPECT_FALSE(bool(Client(node_.acme_token)->Backup(backup, [](const auto&) { return true; })));
}

TEST_F(Grpc, TakesWhoMayOpenTheLocalSocketForAnOperator) {
  struct stat info {};
  ASSERT_EQ(stat((node_.directory() / "admin.sock").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_EQ(Local()->ListTokens({})->tokens_size(), 4);
  EXPECT_FALSE(bool(Client("")->ListTokens({})));
}

TEST_F(Grpc, IsNotOfferedInPlainTextBeyondThisMachine) {
  const auto code = [&](const GrpcOptions& options) {
    const auto front = GrpcFront::Open(options, Services());
    return front ? Errc::kInternal : front.error().code;
  };
  EXPECT_EQ(code({.listen = "0.0.0.0:0"}), Errc::kUnsupported);
  EXPECT_EQ(code({.listen = "somewhere:1"}), Errc::kUnsupported);
  EXPECT_EQ(code({.listen = "127.0.0.1"}), Errc::kMalformed);
  EXPECT_EQ(code({.listen = address()}), Errc::kInUse);
  EXPECT_EQ(code({.listen = "0.0.0.0:0", .ca_file = "/no/such/file"}), Errc::kIo);
}

// What the standard health service says whenever it changes: 1 is SERVING, 2 is NOT_SERVING.
class HealthWatch {
 public:
  explicit HealthWatch(const std::string& address)
      : stub_(grpc::CreateChannel(address, grpc::InsecureChannelCredentials())) {
    context_.set_deadline(std::chrono::system_clock::now() + Patience(20));
    call_ = stub_.PrepareCall(&context_, "/grpc.health.v1.Health/Watch", &queue_);
    call_->StartCall(nullptr);
    EXPECT_TRUE(Done());
    grpc::Slice nothing("");
    call_->Write(grpc::ByteBuffer(&nothing, 1), nullptr);
    EXPECT_TRUE(Done());
  }
  ~HealthWatch() {
    context_.TryCancel();
    grpc::Status status;
    call_->Finish(&status, nullptr);
    Done();
    queue_.Shutdown();
  }

  // Waits for it. -1: the call has ended.
  int Next() {
    grpc::ByteBuffer answer;
    call_->Read(&answer, nullptr);
    std::vector<grpc::Slice> slices;
    if (!Done() || !answer.Dump(&slices).ok()) return -1;
    std::string octets;
    for (const grpc::Slice& slice : slices) {
      octets.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    }
    return octets.size() == 2 ? octets[1] : -1;
  }

 private:
  // What was asked for last is over; false: it failed.
  bool Done() {
    void* tag = nullptr;
    bool ok = false;
    return queue_.Next(&tag, &ok) && ok;
  }

  grpc::CompletionQueue queue_;
  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

TEST_F(Grpc, TellsItsHealth) {
  HealthWatch watch(address());
  EXPECT_EQ(watch.Next(), 1);
  node_.health.Set(Health::State::kStopping);
  int said = watch.Next();
  while (said == 1) said = watch.Next();  // It may say twice how it is.
  EXPECT_EQ(said, 2);
}

class GrpcOverTls : public Grpc {
 protected:
  GrpcOverTls() {
    Run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=ca "
        "-keyout ca.key -out ca.pem");
    for (const std::string name : {"server", "client"}) {
      Run("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + name +
          " -addext subjectAltName=IP:127.0.0.1 -keyout " + name + ".key -out " + name + ".csr");
      Run("openssl x509 -req -copy_extensions copy -days 2 -CA ca.pem -CAkey ca.key "
          "-CAcreateserial -in " +
          name + ".csr -out " + name + ".pem");
    }
    tls_ = *GrpcFront::Open({.listen = "127.0.0.1:0",
                             .ca_file = Path("ca.pem"),
                             .certificate_file = Path("server.pem"),
                             .key_file = Path("server.key")},
                            Services());
  }
  ~GrpcOverTls() override { tls_->Stop(1); }

  void Run(const std::string& command) const {
    const std::string line = "cd " + node_.directory().string() + " && " + command + " 2>/dev/null";
    ASSERT_EQ(std::system(line.c_str()), 0) << command;
  }
  std::string Path(const char* name) const { return node_.directory() / name; }
  Errc Ask(const ClientOptions& options) const {
    const auto client = *NodeClient::Open(options, 5);
    const auto reply = client->Register(Batch("88.118.8/tls", 1));
    return reply ? Errc::kNotFound : reply.problem().code;
  }

  std::unique_ptr<GrpcFront> tls_;
};

TEST_F(GrpcOverTls, AsksEveryCallerForACertificate) {
  ClientOptions options{.address = "127.0.0.1:" + std::to_string(tls_->port()),
                        .token = node_.acme_token,
                        .ca_file = Path("ca.pem"),
                        .certificate_file = Path("client.pem"),
                        .key_file = Path("client.key")};
  EXPECT_EQ(Ask(options), Errc::kNotFound);  // No problem at all.
  options.certificate_file = Path("ca.pem");
  options.key_file = Path("server.key");  // A key that does not fit the certificate.
  EXPECT_EQ(Ask(options), Errc::kUnavailable);
  EXPECT_EQ(Ask({.address = options.address, .token = node_.acme_token}), Errc::kUnavailable);
}

TEST(Connect, SpeaksPlainTextToThisMachineOnly) {
  for (const char* here : {"127.0.0.1:1", "[::1]:1", "localhost:1", "unix:/x"}) {
    EXPECT_TRUE(Connect({.address = here}).ok()) << here;
  }
  for (const char* there : {"10.0.0.1:1", "127.0.0.1.evil.example:1", "node.example:1", ""}) {
    const auto refused = Connect({.address = there});
    ASSERT_FALSE(refused.ok()) << there;
    EXPECT_EQ(refused.error().code, Errc::kUnsupported);
  }
  EXPECT_EQ(Connect({.address = "node.example:1", .ca_file = "/none"}).error().code, Errc::kIo);
}

TEST_F(Grpc, PutsShowsAndListsSubjectData) {
  const auto client = Client(node_.acme_token);
  v1::PutSubjectRequest put;
  put.set_enterprise_code("acme");
  put.set_document(R"({"org_name":"Acme","legal_name":"张三","colour":1})");
  put.set_draft(true);
  auto refused = client->PutSubject(put);
  ASSERT_TRUE(refused);
  EXPECT_TRUE(refused->refused());
  EXPECT_THAT(refused->json(), ::testing::HasSubstr(R"("member":"colour")"));
  put.set_document(R"({"org_name":"Acme","legal_name":"张三"})");
  auto taken = client->PutSubject(put);
  ASSERT_TRUE(taken);
  EXPECT_FALSE(taken->refused());

  v1::GetSubjectRequest get;
  get.set_enterprise_code("acme");
  EXPECT_THAT(client->GetSubject(get)->json(), ::testing::HasSubstr("张*"));
  get.set_personal(true);
  EXPECT_THAT(client->GetSubject(get)->json(), ::testing::HasSubstr("张三"));
  EXPECT_EQ(Client(node_.other_token)->GetSubject(get).problem().code, Errc::kDenied);
  put.set_expected_version(1);
  EXPECT_EQ(client->PutSubject(put).problem().code, Errc::kConflict);
  EXPECT_THAT(Client(node_.reader_token)->ListSubjects({})->json(),
              ::testing::HasSubstr(R"("enterprise":"acme","kind":"enterprise","name":"Acme",)"
                                   R"("state":"draft")"));
}

}  // namespace
}  // namespace idnode
