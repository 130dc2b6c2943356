#include "tests/system_sync/nodes.h"

#include <unistd.h>

#include "proto/base/text.h"
#include "proto/crypto/digest.h"
#include "storage/audit.h"
#include "storage/children.h"
#include "storage/counters.h"
#include "storage/directory.h"
#include "storage/keyspace.h"
#include "storage/registry.h"

namespace idnode::testing_sync {

Folder::Folder() {
  std::string name = std::filesystem::temp_directory_path() / "idnode-sync-XXXXXX";
  Require(::mkdtemp(name.data()) != nullptr);
  path_ = name;
}

NodeIdentity ChildIdentity() {
  return {"0123456789abcdef0123456789abcdef", "enterprise", "88.118.5"};
}
NodeIdentity ParentIdentity() {
  return {"fedcba9876543210fedcba9876543210", "secondary", "88.118"};
}

std::unique_ptr<Store> OpenStore(const std::string& directory, const NodeIdentity& identity) {
  StoreOptions options{.directory = directory, .identity = identity};
  options.engine.block_cache_octets = 32u << 20;
  options.reserve_octets = 0;
  auto store = Store::Open(options);
  Require(store.ok());
  return *std::move(store);
}

std::shared_ptr<Change> NewChange() {
  return std::make_shared<Change>(kStart, "tester", OperationId{}, Change::Mode::kTogether);
}

std::shared_ptr<const Change> Registration(uint64_t number) {
  auto change = NewChange();
  const auto enterprise = static_cast<uint32_t>(1 + number % 50);
  std::string record;
  EncodeRecord({.enterprise = enterprise, .created = 1, .modified = 1}, record);
  AddCreate(*change, "H88.118.5/SN-" + std::to_string(number), enterprise, record);
  change->Seal();
  return change;
}

void Register(Store& store, uint64_t first, uint64_t last) {
  constexpr uint64_t kOutstandingMax = 4'096;
  std::mutex mutex;
  std::condition_variable changed;
  uint64_t outstanding = 0, done = 0;
  for (uint64_t number = first; number <= last; ++number) {
    {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return outstanding < kOutstandingMax; });
      ++outstanding;
    }
    store.ledger().Submit(Registration(number), [&](const Outcome& outcome) {
      std::scoped_lock lock(mutex);
      --outstanding;
      done += outcome.done();
      changed.notify_one();
    });
  }
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return outstanding == 0; });
  ASSERT_EQ(done, last - first + 1);
}

void Enrol(Store& store, uint32_t enterprises) {
  for (uint32_t number = 1; number <= enterprises; ++number) {
    const std::string text = std::to_string(number);
    auto change = NewChange();
    AddPutEnterprise(
        *change,
        {.number = number, .code = "E" + text, .name = "Factory " + text, .created = kStart},
        std::nullopt);
    AddPutPrefix(
        *change,
        {.prefix = {Scheme::kHandle, "88.118.5." + text}, .enterprise = number, .created = kStart},
        std::nullopt);
    change->Seal();
    ASSERT_TRUE(store.ledger().Commit(change).done());
  }
}

std::string TokenId(std::string_view bearer) { return ToHex(AsText(Sha256(bearer))).substr(0, 16); }

LoopbackServer::LoopbackServer(grpc::Service* service, int port,
                               const std::shared_ptr<grpc::ServerCredentials>& credentials) {
  grpc::ServerBuilder builder;
  SetUpConversations(builder);
  builder.AddListeningPort("127.0.0.1:" + std::to_string(port), credentials, &port_);
  builder.RegisterService(service);
  server_ = builder.BuildAndStart();
  Require(server_ != nullptr && port_ != 0);
}

LoopbackServer::LoopbackServer(grpc::CallbackGenericService* service) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
  builder.RegisterCallbackGenericService(service);
  server_ = builder.BuildAndStart();
  Require(server_ != nullptr && port_ != 0);
}

Parent::Parent(const std::string& directory, int port, const DownstreamOptions& options,
               const std::shared_ptr<grpc::ServerCredentials>& credentials)
    : store_(OpenStore(directory, ParentIdentity())) {
  store_->ledger().Start();
  downstream_ = Downstream::Create(
      *store_, options, [] { return kStart; },
      [this](std::string_view bearer) -> std::optional<Token> {
        const auto directory = store_->directory().View();
        const Token* token = directory->FindToken(TokenId(bearer));
        if (!token || token->revoked) return std::nullopt;
        return *token;
      },
      [this](const DownstreamEvent& event) { events_.Push(event); });
  server_ = std::make_unique<LoopbackServer>(&downstream_->service(), port, credentials);
}

Parent::~Parent() {
  downstream_->Stop();
  server_.reset();
  store_->Close();
  downstream_.reset();
}

void Parent::PutToken(const std::string& bearer, const std::string& prefix, Role role) {
  const std::string id = TokenId(bearer);
  if (store_->directory().View()->FindToken(id)) return;
  auto change = NewChange();
  AddPutToken(*change,
              {.id = id,
               .secret_hash = std::string(32, 's'),
               .role = role,
               .enterprise = role == Role::kEnterprise ? 1u : 0u,
               .prefix = prefix,
               .created = kStart},
              std::nullopt);
  change->Seal();
  ASSERT_TRUE(store_->ledger().Commit(change).done());
}

void Parent::RevokeToken(const std::string& bearer) {
  Token token = *store_->directory().View()->FindToken(TokenId(bearer));
  token.revoked = true;
  auto change = NewChange();
  AddPutToken(*change, token, token.version);
  change->Seal();
  ASSERT_TRUE(store_->ledger().Commit(change).done());
}

ChildNode::ChildNode(const std::string& directory, UpstreamOptions options,
                     const std::function<UpstreamDesk(Store&)>& desk)
    : store_(OpenStore(directory, ChildIdentity())) {
  auto upstream = Upstream::Create(
      *store_, options, [] { return kStart; },
      [this] { return chance_.fetch_add(0x9E37'79B9'7F4A'7C15); },
      [this](const UpstreamEvent& event) { events_.Push(event); },
      desk ? desk(*store_) : UpstreamDesk());
  Require(upstream.ok());
  upstream_ = *std::move(upstream);
  store_->ledger().AddObserver(upstream_.get());
  store_->ledger().Start();
  upstream_->Start();
}

ChildNode::~ChildNode() {
  upstream_->Stop();
  store_->ledger().Stop();
  upstream_.reset();
  store_->Close();
}

bool ChildNode::WaitUntilLevel() {
  const Position head = store_->ledger().head();
  if (upstream_->state().acknowledged >= head) return true;
  return events_.WaitFor([&](const UpstreamEvent& event) {
    return event.kind == UpstreamEvent::Kind::kAcked && event.position >= head;
  });
}

bool ChildNode::WaitForEnd(Errc why) {
  return events_.WaitFor([&](const UpstreamEvent& event) {
    const bool ended =
        event.kind == UpstreamEvent::Kind::kLost || event.kind == UpstreamEvent::Kind::kRefused;
    return ended && event.error.code == why;
  });
}

void ExpectLevel(ChildNode& below, Parent& above) {
  const auto child = FindChild(above.store().engine(), ChildIdentity().node_id);
  ASSERT_TRUE(child.ok());
  ASSERT_EQ(child->head, below.store().ledger().head());
  EXPECT_EQ(child->tree.Root(), below.store().ledger().tree_head().root);

  Sums reported = *ReadTotals(above.store().engine(), child->number);
  Sums own;
  const Sums own_totals = *ReadTotals(below.store().engine(), kOwn);
  for (const auto& [figure, sum] : own_totals) {
    Figure as_above = figure;
    as_above.origin = child->number;
    own[as_above] = sum;
  }
  EXPECT_EQ(reported, own);

  const auto recount =
      RecountChild(above.store().engine(), child->number, [](uint64_t, uint64_t) { return true; });
  ASSERT_TRUE(recount.ok()) << recount.error().detail;
  EXPECT_TRUE(recount->differences.empty());
  EXPECT_EQ(recount->log_records, child->head.value);

  const auto log = below.store().engine().Scan(Table::kLog, {}, {});
  const auto held =
      above.store().engine().Scan(Table::kChildren, keyspace::ChildLog(child->number, {}),
                                  keyspace::ChildLog(child->number, Position{UINT64_MAX}));
  uint64_t equal = 0;
  for (; log->Valid() && held->Valid(); log->Next(), held->Next(), ++equal) {
    ASSERT_EQ(SplitVersion(held->value())->body, log->value());
  }
  EXPECT_FALSE(log->Valid() || held->Valid());
  EXPECT_EQ(equal, child->head.value);
}

UpstreamOptions Towards(const LoopbackServer& server, const std::string& token) {
  return {.address = server.address(),
          .token = token,
          .node_name = "factory",
          .backoff_first_ms = 20,
          .backoff_max_ms = 200};
}

}  // namespace idnode::testing_sync
