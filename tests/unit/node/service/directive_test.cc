#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "node/security/secret_box.h"
#include "node/service/child_routes.h"
#include "node/service/directive_desk.h"
#include "node/service/directive_office.h"
#include "node/service/registrar.h"
#include "storage/registry.h"
#include "storage/store.h"

namespace idnode {
namespace {

constexpr Time kNow{1'795'248'000'000};

// A node on disk that is told what to do, and could tell others.
class DirectiveTest : public testing::Test {
 protected:
  DirectiveTest() {
    std::string pattern = std::filesystem::temp_directory_path() / "idnode-directive-XXXXXX";
    directory_ = mkdtemp(pattern.data());
    store_ = *Store::Open({.directory = directory_ / "data",
                           .identity = {std::string(32, 'a'), "secondary", "88.118"},
                           .reserve_octets = 0});
    store_->ledger().Start();
    acts_ = std::make_unique<Acts>(store_->ledger(), [] { return kNow; });
    enrolment_ =
        std::make_unique<Enrolment>(store_->directory(), store_->ledger(), *acts_, "88.118",
                                    [](size_t count) { return std::string(count, 'r'); });
    routes_ = *ChildRoutes::Open(store_->engine(), store_->directory());
    filings_ =
        std::make_unique<FilingDesk>(store_->engine(), store_->registry(), store_->directory(),
                                     store_->ledger(), *acts_, *routes_, secrets_, "88.118");
    cosigned_ =
        std::make_unique<CosignedLog>(store_->ledger(), store_->engine(), store_->log(), "origin");
    Restart();
    desk_ = std::make_unique<DirectiveDesk>(
        store_->engine(), store_->ledger(), *acts_,
        [this](size_t count) { return std::string(count, static_cast<char>(++random_)); });
    EXPECT_TRUE(enrolment_->PutEnterprise({.code = "acme"}, op_, kNow).ok());
    EXPECT_TRUE(enrolment_->PutPrefix({Scheme::kHandle, "88.118.8", "acme", ""}, op_, kNow).ok());
  }
  ~DirectiveTest() override {
    store_->Close();
    std::filesystem::remove_all(directory_);
  }

  void Restart() {
    office_ = std::make_unique<DirectiveOffice>(*store_, *enrolment_, *filings_, *cosigned_, "1.0");
  }
  DirectiveAnswer CarryOut(const std::string& id, DirectiveKind kind, const std::string& subject,
                           const std::string& detail = "") {
    return office_->CarryOut({.id = id, .kind = kind, .subject = subject, .detail = detail},
                             store_->ledger().head(), kNow);
  }
  Errc RefusalOf(const DirectiveAnswer& answer) {
    EXPECT_TRUE(answer.refused);
    return answer.refusal.code;
  }
  PrefixState StateOf(const std::string& prefix) {
    return store_->directory().View()->FindPrefix({Scheme::kHandle, prefix})->state;
  }
  void Dock() {
    auto change = std::make_shared<Change>(kNow, "t", OperationId{}, Change::Mode::kTogether);
    AddDockChild(*change, {.number = 1, .node_id = "below", .prefix = "88.118.8", .docked = kNow});
    change->Seal();
    ASSERT_TRUE(store_->ledger().Commit(std::move(change)).done());
  }
  Errc Refused(const DirectiveDesk::Request& request, const Caller& caller) {
    const auto given = desk_->Give(request, caller, kNow);
    return given ? Errc::kInternal : given.error().code;
  }

  std::filesystem::path directory_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Acts> acts_;
  std::unique_ptr<Enrolment> enrolment_;
  std::unique_ptr<ChildRoutes> routes_;
  const SecretBox secrets_{std::string(32, 'k')};
  std::unique_ptr<FilingDesk> filings_;
  std::unique_ptr<CosignedLog> cosigned_;
  std::unique_ptr<DirectiveOffice> office_;
  std::unique_ptr<DirectiveDesk> desk_;
  int random_ = 0;
  const Caller op_{.anonymous = false, .role = Role::kOperator, .actor = "token:operator"};
};

TEST_F(DirectiveTest, SuspendsAtOnceAndOnceOnly) {
  EXPECT_FALSE(CarryOut("s1", DirectiveKind::kSuspendPrefix, "88.118.8").refused);
  EXPECT_EQ(StateOf("88.118.8"), PrefixState::kSuspended);
  // Its own people lift it; the directive that comes again does not undo that.
  ASSERT_TRUE(enrolment_->PutPrefix({Scheme::kHandle, "88.118.8", "", "active"}, op_, kNow).ok());
  Restart();
  EXPECT_FALSE(CarryOut("s1", DirectiveKind::kSuspendPrefix, "88.118.8").refused);
  EXPECT_EQ(StateOf("88.118.8"), PrefixState::kActive);
  EXPECT_FALSE(CarryOut("s2", DirectiveKind::kSuspendPrefix, "88.118.8").refused);
  EXPECT_EQ(StateOf("88.118.8"), PrefixState::kSuspended);
  EXPECT_FALSE(CarryOut("r1", DirectiveKind::kResumePrefix, "88.118.8").refused);
  EXPECT_EQ(StateOf("88.118.8"), PrefixState::kActive);
}

// The change was made, and the node stopped before it had kept that it was.
TEST_F(DirectiveTest, IsNotRepeatedWhereTheStopCameBetween) {
  EXPECT_FALSE(CarryOut("s1", DirectiveKind::kSuspendPrefix, "88.118.8").refused);
  ASSERT_TRUE(enrolment_->PutPrefix({Scheme::kHandle, "88.118.8", "", "active"}, op_, kNow).ok());
  auto change = std::make_shared<Change>(kNow, "t", OperationId{}, Change::Mode::kTogether);
  change->Begin(EventKind::kDirectivePut, kNoEnterprise, "s1");
  change->Remove(Table::kChildren, "D" + std::string(4, '\0') + "s1");
  change->Seal();
  ASSERT_TRUE(store_->ledger().Commit(std::move(change)).done());
  ASSERT_FALSE((*ReadDirective(store_->engine(), kOwn, "s1")).has_value());

  EXPECT_FALSE(CarryOut("s1", DirectiveKind::kSuspendPrefix, "88.118.8").refused);
  EXPECT_EQ(StateOf("88.118.8"), PrefixState::kActive);
}

TEST_F(DirectiveTest, AllotsToAnEnterpriseThatIsKnown) {
  EXPECT_FALSE(CarryOut("a1", DirectiveKind::kAllotPrefix, "88.118.9", "acme").refused);
  EXPECT_EQ(StateOf("88.118.9"), PrefixState::kActive);
  EXPECT_EQ(RefusalOf(CarryOut("a2", DirectiveKind::kAllotPrefix, "88.118.10", "nobody")),
            Errc::kNotFound);
  EXPECT_EQ(RefusalOf(CarryOut("a3", DirectiveKind::kAllotPrefix, "88.119.1", "acme")),
            Errc::kOutsidePrefix);
  EXPECT_EQ(RefusalOf(CarryOut("a2", DirectiveKind::kAllotPrefix, "88.118.10", "nobody")),
            Errc::kNotFound)
      << "the same answer again";
}

TEST_F(DirectiveTest, RefusesWhatIsNotThere) {
  EXPECT_EQ(RefusalOf(CarryOut("s1", DirectiveKind::kSuspendPrefix, "88.118.77")), Errc::kNotFound);
  EXPECT_EQ(RefusalOf(CarryOut("q1", DirectiveKind::kQuery, "secrets")), Errc::kUnsupported);
  EXPECT_EQ(RefusalOf(CarryOut("c1", DirectiveKind::kAuditChallenge, "88.118.8/NONE")),
            Errc::kNotFound);
}

TEST_F(DirectiveTest, AnswersQueriesAnew) {
  const std::string version = CarryOut("q1", DirectiveKind::kQuery, "version").document;
  EXPECT_NE(version.find("\"version\":\"1.0\""), std::string::npos) << version;
  const std::string evaluation = CarryOut("q2", DirectiveKind::kQuery, "evaluation").document;
  EXPECT_NE(evaluation.find("\"connected_enterprises\":1"), std::string::npos) << evaluation;
  EXPECT_NE(CarryOut("q3", DirectiveKind::kQuery, "filings").document.find("\"routing\""),
            std::string::npos);
  ASSERT_TRUE(enrolment_->PutEnterprise({.code = "b"}, op_, kNow).ok());
  ASSERT_TRUE(enrolment_->PutPrefix({Scheme::kHandle, "88.118.20", "b", ""}, op_, kNow).ok());
  EXPECT_NE(CarryOut("q2", DirectiveKind::kQuery, "evaluation")
                .document.find("\"connected_enterprises\":2"),
            std::string::npos);
}

TEST_F(DirectiveTest, IsGivenByWhoMayToANodeThatIsThere) {
  Dock();
  const Caller reader{.anonymous = false, .role = Role::kReader, .actor = "token:reader"};
  const DirectiveDesk::Request query{.node = "below", .kind = "query", .subject = "version"};
  EXPECT_EQ(Refused(query, {}), Errc::kUnauthenticated);
  EXPECT_EQ(Refused(query, reader), Errc::kDenied);
  EXPECT_EQ(Refused({.node = "x", .kind = "query", .subject = "version"}, op_), Errc::kNotFound);
  EXPECT_EQ(Refused({.node = "", .kind = "query", .subject = "version"}, op_), Errc::kNotFound);
  EXPECT_EQ(Refused({.node = "below", .kind = "drop", .subject = "x"}, op_), Errc::kUnsupported);
  EXPECT_EQ(Refused({.node = "below", .kind = "suspend", .subject = "no prefix"}, op_),
            Errc::kInvalidIdentifier);
  EXPECT_EQ(Refused({.node = "below", .kind = "query", .subject = "version", .id = "a b"}, op_),
            Errc::kMalformed);
  EXPECT_TRUE(desk_->List("", op_)->empty());

  int told = 0;
  desk_->TellOf([&] { ++told; });
  const DirectiveDesk::Request once{
      .node = "88.118.8", .kind = "query", .subject = "version", .id = "q1"};
  ASSERT_TRUE(desk_->Give(once, op_, kNow).ok());
  const Position head = store_->ledger().head();
  ASSERT_TRUE(desk_->Give(once, op_, kNow).ok()) << "the same again";
  EXPECT_EQ(store_->ledger().head(), head);
  EXPECT_EQ(told, 1);
  DirectiveDesk::Request other = once;
  other.subject = "filings";
  EXPECT_EQ(Refused(other, op_), Errc::kExists);
  const auto listed = desk_->List("below", op_);
  ASSERT_EQ(listed->size(), 1u);
  EXPECT_EQ(listed->front().directive.by, "token:operator");
  EXPECT_NE(DocumentOf(*listed).find("\"state\":\"open\""), std::string::npos);
}

TEST_F(DirectiveTest, AreSoManyOpenAndNoMore) {
  Dock();
  const DirectiveDesk::Request query{.node = "below", .kind = "query", .subject = "version"};
  for (size_t open = 0; open < kOpenDirectivesMax; ++open) {
    const std::string id = "q" + std::to_string(open);
    DirectiveDesk::Request request = query;
    request.id = id;
    ASSERT_TRUE(desk_->Give(request, op_, kNow).ok());
  }
  EXPECT_EQ(Refused(query, op_), Errc::kRateLimited);
}

}  // namespace
}  // namespace idnode
