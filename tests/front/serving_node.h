#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "node/runtime/clock.h"
#include "node/runtime/random.h"
#include "node/security/authenticator.h"
#include "node/security/secret_box.h"
#include "node/service/act_log.h"
#include "node/service/acts.h"
#include "node/service/answer_cache.h"
#include "node/service/applications.h"
#include "node/service/child_routes.h"
#include "node/service/directive_desk.h"
#include "node/service/enrolment.h"
#include "node/service/figures.h"
#include "node/service/filing_desk.h"
#include "node/service/handle_authenticator.h"
#include "node/service/handle_operations.h"
#include "node/service/health.h"
#include "node/service/identifier_directory.h"
#include "node/service/incidents.h"
#include "node/service/listing.h"
#include "node/service/registrar.h"
#include "node/service/resolver.h"
#include "node/service/serial_ranges.h"
#include "node/service/subjects.h"
#include "node/service/supervision.h"
#include "node/service/templates.h"
#include "node/service/upkeep.h"
#include "node/stats/resolution_counts.h"
#include "storage/store.h"

namespace idnode {

// A ledger that has not answered any change since it was told to stall.
class Stall : public Ledger::Observer {
 public:
  void OnApplied(const Change&, std::span<const uint8_t>, Position) override {
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [&] { return !stalled_; });
  }
  void OnCommitted(Position) override {}
  void Set(bool stalled) {
    std::scoped_lock lock(mutex_);
    stalled_ = stalled;
    ended_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  bool stalled_ = false;
};

// A node with its store on disk and all use cases, without fronts. Enterprise "acme" holds 88.118.8
// and GS1 6901234; "other" holds 88.118.9.
class ServingNode {
 public:
  // `patience`: how long an act waits to be on record.
  explicit ServingNode(std::chrono::milliseconds patience = std::chrono::seconds(60)) {
    std::string pattern = (std::filesystem::temp_directory_path() / "idnode-front-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    StoreOptions options;
    options.directory = directory_ / "data";
    options.engine.block_cache_octets = 32u << 20;
    options.identity = {std::string(32, 'a'), "secondary", "88.118"};
    options.reserve_octets = 0;
    store = *Store::Open(options);
    store->ledger().AddObserver(&stamps);
    store->ledger().AddObserver(&stall);
    store->ledger().Start();
    acts = std::make_unique<Acts>(store->ledger(), Now, patience);
    registrar = std::make_unique<Registrar>(store->engine(), store->registry(), store->directory(),
                                            store->ledger(),
                                            RegistrarSettings{.node_prefix = "88.118",
                                                              .secrets = &secrets,
                                                              .ranges = &store->ranges(),
                                                              .acts = acts.get()});
    ranges = std::make_unique<RangeBook>(store->engine(), store->ranges(), store->directory(),
                                         store->ledger(), *acts);
    subjects = std::make_unique<Subjects>(store->engine(), store->directory(), store->ledger(),
                                          *acts, secrets, "test");
    templates = std::make_unique<Templates>(store->engine(), store->registry(), store->directory(),
                                            store->ledger(), *acts, "88.118");
    applications = std::make_unique<Applications>(store->engine(), store->directory(),
                                                  store->ledger(), *acts, "88.118");
    routes = *ChildRoutes::Open(store->engine(), store->directory());
    filings = std::make_unique<FilingDesk>(store->engine(), store->registry(), store->directory(),
                                           store->ledger(), *acts, *routes, secrets, "88.118");
    directives =
        std::make_unique<DirectiveDesk>(store->engine(), store->ledger(), *acts, RandomOctets);
    incidents = std::make_unique<Incidents>(store->engine(), store->ledger(), *acts, RandomNumber,
                                            "88.118");
    supervision = std::make_unique<Supervision>(store->engine(), *acts, *incidents, "88.118");
    identifier_directory = std::make_unique<IdentifierDirectory>(
        store->engine(), store->directory(), secrets, "88.118",
        ParseDirectoriesElsewhere({"88.118.7=https://sn.example.cn/iiidap"}));
    enrolment = std::make_unique<Enrolment>(store->directory(), store->ledger(), *acts, "88.118",
                                            RandomOctets);
    HandleAdministration administration;
    administration.administrators = {{"88.118.8/ADMIN", 300}};
    administration.full_access = false;
    administration.secrets = &secrets;
    administration.acts = acts.get();
    operations = std::make_unique<HandleOperations>(store->engine(), store->registry(),
                                                    store->directory(), *registrar, *enrolment,
                                                    "88.118", std::move(administration));
    handle_authenticator = std::make_unique<HandleAuthenticator>(store->registry(), secrets,
                                                                 HandleAuthenticator::Rules{});
    resolver = std::make_unique<Resolver>(store->registry(), store->directory(), std::string(),
                                          nullptr, &store->ranges());
    listing = std::make_unique<Listing>(store->engine(), store->directory(), *acts);
    figures = std::make_unique<Figures>(*store, Peers{});
    upkeep = std::make_unique<Upkeep>(*store, *acts);
    act_log = std::make_unique<ActLog>(store->log(), store->ledger(), store->directory(), *acts);
    authenticator = std::make_unique<Authenticator>(store->directory());
    Enrol("acme", {{Scheme::kHandle, "88.118.8"}, {Scheme::kGs1, "6901234"}});
    Enrol("other", {{Scheme::kHandle, "88.118.9"}});
    acme_token = TokenFor({Role::kEnterprise, "acme"});
    other_token = TokenFor({Role::kEnterprise, "other"});
    operator_token = TokenFor({Role::kOperator});
    reader_token = TokenFor({Role::kReader});
    health.Set(Health::State::kReady);
  }
  ~ServingNode() {
    operations.reset();
    registrar.reset();
    store->Close();
    store.reset();
    std::filesystem::remove_all(directory_);
  }

  std::string TokenFor(const Enrolment::TokenRequest& request) {
    const auto minted = enrolment->CreateToken(request, op, Now());
    EXPECT_TRUE(minted.ok());
    return minted->text;
  }
  void Enrol(const std::string& code, const std::vector<std::pair<Scheme, std::string>>& prefixes) {
    ASSERT_TRUE(enrolment->PutEnterprise({code, "", ""}, op, Now()).ok());
    for (const auto& [scheme, prefix] : prefixes) {
      ASSERT_TRUE(enrolment->PutPrefix({scheme, prefix, code, ""}, op, Now()).ok());
    }
  }
  void Put(std::string_view identifier, const std::vector<Value>& values) {
    const auto result =
        registrar->RegisterAndWait({{RegisterAction::kPut, identifier, values}}, op, "", Now());
    ASSERT_TRUE(result.status.ok());
    ASSERT_NE(result.items.at(0).outcome, RegisterOutcome::kRefused);
  }
  bool IsRegistered(std::string_view identifier) const {
    std::string row;
    return store->registry().Find(ParseIdentifier(identifier)->key, Reach::kDisk, row).ok();
  }
  const std::filesystem::path& directory() const { return directory_; }

  const SecretBox secrets{std::string(32, 'k')};
  AnswerStamps stamps;
  Stall stall;
  std::unique_ptr<Store> store;
  std::unique_ptr<Acts> acts;
  std::unique_ptr<Registrar> registrar;
  std::unique_ptr<RangeBook> ranges;
  std::unique_ptr<Subjects> subjects;
  std::unique_ptr<Templates> templates;
  std::unique_ptr<Applications> applications;
  std::unique_ptr<ChildRoutes> routes;
  std::unique_ptr<FilingDesk> filings;
  std::unique_ptr<DirectiveDesk> directives;
  std::unique_ptr<Incidents> incidents;
  std::unique_ptr<Supervision> supervision;
  std::unique_ptr<IdentifierDirectory> identifier_directory;  // 88.118.7 is known elsewhere.
  std::unique_ptr<Enrolment> enrolment;
  std::unique_ptr<HandleOperations> operations;  // 300:88.118.8/ADMIN homes prefixes.
  std::unique_ptr<HandleAuthenticator> handle_authenticator;
  std::unique_ptr<Resolver> resolver;
  std::unique_ptr<Listing> listing;
  std::unique_ptr<Figures> figures;
  std::unique_ptr<Upkeep> upkeep;
  std::unique_ptr<ActLog> act_log;
  std::unique_ptr<Authenticator> authenticator;
  Health health;
  ResolutionCounts counts;
  const Caller op{.anonymous = false, .role = Role::kOperator, .actor = "test"};
  std::string acme_token, other_token, operator_token, reader_token;

 private:
  std::filesystem::path directory_;
};

}  // namespace idnode
