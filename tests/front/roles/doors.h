#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/client/catalogue_client.h"
#include "node/client/log_client.h"
#include "node/client/node_client.h"
#include "node/client/supervision_client.h"
#include "node/client/upper_client.h"
#include "node/front/grpc/catalogue_service.h"
#include "node/front/grpc/grpc_front.h"
#include "node/front/grpc/log_service.h"
#include "node/front/grpc/supervision_service.h"
#include "node/front/grpc/upper_service.h"
#include "node/security/permissions.h"
#include "tests/front/http/http_test.h"
#include "tests/patience.h"
#include "tests/unit/proto/business/subject_example.h"
#include "tests/unit/proto/business/template_example.h"

namespace idnode {

// A way to do an act on what belongs to the enterprise "acme", over one of the fronts.
struct Door {
  Act act;
  std::string_view name;
  // "done", and shown what there is to see; else the code of the error, or what else was said.
  std::function<std::string(const std::string& token)> knock;
};

// A node with both fronts, and all their doors.
class DoorsTest : public HttpTest {
 protected:
  explicit DoorsTest(std::chrono::milliseconds patience = std::chrono::seconds(60))
      : HttpTest({}, 1, {}, patience),
        log_service_(MakeLogService(*log_, *node_.authenticator)),
        upper_service_(MakeUpperService(*node_.directives, *node_.authenticator)),
        catalogue_service_(
            MakeCatalogueService(*node_.templates, *node_.applications, *node_.authenticator)),
        supervision_service_(MakeSupervisionService(*node_.supervision, *node_.authenticator)) {
    grpc_ = *GrpcFront::Open({.listen = "127.0.0.1:0"}, GrpcServicesOf());
    node_.Put("88.118.8/hidden",
              {{.index = 1, .type = "URL", .data = "https://acme.example/1"},
               {.index = 2, .permissions = kAdminRead, .type = "PRICE", .data = "12"}});
    node_.Enrol("spare", {{Scheme::kHandle, "88.118.77"}});
    const std::string document = boost::json::serialize(EnterpriseExample());
    EXPECT_TRUE(
        node_.subjects->Put({.whose = "acme", .document = document}, node_.op, Now()).status.ok());
    DockAChild();
    range_ = NewRange();
    incident_ = NewIncident();
    revocable_ = TokenOf(Role::kEnterpriseUser, "acme");
    draft_ = NewDraft();
    removable_ = NewApplication();
  }
  ~DoorsTest() override {
    node_.stall.Set(false);
    grpc_->Stop(2);
  }

  std::vector<Door> Doors();
  std::string TokenOf(Role role, const std::string& enterprise) {
    Enrolment::TokenRequest request{.role = role};
    if (IsOfEnterprise(role)) request.enterprise_code = enterprise;
    if (role == Role::kChild) request.prefix = "88.118.8";
    return node_.TokenFor(request);
  }
  static std::string ActorOf(const std::string& token) { return "token:" + token.substr(4, 16); }

  // Everything that is written but by the log itself.
  Digest DigestOfState() const {
    std::string rows;
    const auto view = node_.store->engine().OpenView();
    for (const Table table :
         {Table::kRecords, Table::kDirectory, Table::kChildren, Table::kRanges, Table::kReferences,
          Table::kWithdrawn, Table::kBusiness, Table::kCounters}) {
      for (auto row = view->Scan(table, {}, {}); row->Valid(); row->Next()) {
        rows.append(std::to_string(row->key().size())).append(row->key()).append(row->value());
      }
    }
    return Sha256(rows);
  }
  uint64_t head() const { return node_.store->ledger().head().value; }

  std::unique_ptr<CatalogueClient> Catalogue(const std::string& token) const {
    return *CatalogueClient::Open({.address = address(), .token = token}, kSeconds);
  }
  std::unique_ptr<SupervisionClient> SupervisionOf(const std::string& token) const {
    return *SupervisionClient::Open({.address = address(), .token = token}, kSeconds);
  }
  std::unique_ptr<NodeClient> Client(const std::string& token) const {
    return *NodeClient::Open({.address = address(), .token = token}, kSeconds);
  }

 private:
  static inline const auto kSeconds = static_cast<uint32_t>(Patience(60).count());

  GrpcServices GrpcServicesOf() {
    GrpcServices services = {
        *node_.resolver, *node_.registrar, *node_.enrolment,     *node_.listing, *node_.upkeep,
        *node_.figures,  node_.health,     *node_.authenticator, node_.counts,   {}};
    services.more = {log_service_.get(), upper_service_.get(), catalogue_service_.get(),
                     supervision_service_.get()};
    services.ranges = node_.ranges.get();
    services.subjects = node_.subjects.get();
    services.acts = node_.acts.get();
    services.act_log = node_.act_log.get();
    services.filings = node_.filings.get();
    services.filings_above = {.last = [] { return FilingComparison{}; }, .compare = [] {}};
    return services;
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(grpc_->port()); }
  std::string NewName(std::string_view stem) { return std::string(stem) + std::to_string(++made_); }
  void DockAChild() {
    auto change = std::make_shared<Change>(Now(), "test", OperationId{}, Change::Mode::kTogether);
    AddDockChild(*change, {.number = 1, .node_id = "below", .prefix = "88.118.8", .docked = Now()});
    change->Seal();
    ASSERT_TRUE(node_.store->ledger().Commit(std::move(change)).done());
  }
  std::unique_ptr<UpperClient> Upper(const std::string& token) const {
    return *UpperClient::Open({.address = address(), .token = token}, kSeconds);
  }
  std::string NewRangeName() {
    const std::string number = std::to_string(++made_);
    const std::string width = std::string(5 - number.size(), '0') + number;
    return "01/06901234567892/21/" + width + "00-" + width + "99";
  }
  std::string NewDraft() {
    std::string handle = NewName("88.118.8/META_d");
    const std::string document = TemplateText(handle);
    EXPECT_TRUE(node_.templates->Put({.document = document}, node_.op, Now()).status.ok());
    return handle;
  }
  std::string NewApplication() {
    std::string handle = NewName("88.118.8/App_d");
    const std::string document = boost::json::serialize(ApplicationExample(handle));
    EXPECT_TRUE(node_.applications->Put({.document = document}, node_.op, Now()).status.ok());
    return handle;
  }
  std::string NewRange() {
    const std::string name = NewRangeName();
    const std::vector<Value> values = {{.index = 1, .type = "URL", .data = "https://acme.example"}};
    EXPECT_NE(node_.ranges->Allocate(name, values, node_.op, Now()).done, RangeDone::kRefused);
    return name;
  }

  std::string NewIncident() { return *node_.incidents->Open({.detail = "scans"}, node_.op, Now()); }

  void AddDoorsOfIdentifiers(std::vector<Door>& doors);
  void AddDoorsOfRanges(std::vector<Door>& doors);
  void AddDoorsOfDirectory(std::vector<Door>& doors);
  void AddDoorsOfTokens(std::vector<Door>& doors);
  void AddDoorsOfSubjects(std::vector<Door>& doors);
  void AddDoorsOfUpkeep(std::vector<Door>& doors);
  void AddDoorsOfDirectives(std::vector<Door>& doors);
  void AddDoorsOfCatalogue(std::vector<Door>& doors);
  void AddDoorsOfSupervision(std::vector<Door>& doors);

  std::shared_ptr<grpc::Service> log_service_, upper_service_, catalogue_service_,
      supervision_service_;
  std::unique_ptr<GrpcFront> grpc_;
  int made_ = 0;
  std::string range_;      // Of acme; there is one at any time.
  std::string incident_;   // That is open.
  std::string revocable_;  // A token of acme's.
  std::string draft_;      // A template of acme's, that is not published yet.
  std::string removable_;  // An application of acme's.
};

}  // namespace idnode
