#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "node/security/secret_box.h"
#include "node/service/acts.h"
#include "node/service/enrolment.h"
#include "node/service/registrar.h"
#include "storage/commit_log.h"
#include "storage/counters.h"
#include "storage/directory.h"
#include "storage/engine/memory_engine.h"
#include "storage/ledger.h"
#include "storage/registry.h"

namespace idnode {

// 2026-11-21T08:00:00Z.
inline constexpr Time kNow{1'795'248'000'000};

// A node's memory and its use cases, with enterprise "acme" that holds 88.118.8 and GS1 6901234,
// and enterprise "other" that holds 88.118.9.
class NodeUnderTest : public ::testing::Test {
 protected:
  NodeUnderTest() {
    ledger = *Ledger::Open(*engine, *log, "", LedgerOptions{});
    directory = *Directory::Open(*engine);
    ledger->AddObserver(directory.get());
    ledger->Start();
    registrar = std::make_unique<Registrar>(
        *engine, registry, *directory, *ledger,
        RegistrarSettings{.node_prefix = "88.118", .secrets = &secrets});
    acts = std::make_unique<Acts>(*ledger, [] { return kNow; });
    enrolment = std::make_unique<Enrolment>(
        *directory, *ledger, *acts, "88.118",
        [this](size_t count) { return std::string(count, static_cast<char>(++tokens)); });
    acme = Enrol("acme", {{Scheme::kHandle, "88.118.8"}, {Scheme::kGs1, "6901234"}});
    other = Enrol("other", {{Scheme::kHandle, "88.118.9"}});
  }
  ~NodeUnderTest() override {
    registrar.reset();
    ledger->Stop();
  }

  Caller Enrol(const std::string& code,
               const std::vector<std::pair<Scheme, std::string>>& prefixes) {
    const auto enterprise = enrolment->PutEnterprise({.code = code}, op, kNow);
    EXPECT_TRUE(enterprise.ok());
    for (const auto& [scheme, prefix] : prefixes) {
      EXPECT_TRUE(enrolment->PutPrefix({scheme, prefix, code, ""}, op, kNow).ok());
    }
    return {.anonymous = false,
            .role = Role::kEnterprise,
            .enterprise = enterprise->number,
            .actor = "token:" + code};
  }

  static std::vector<Value> Values(std::string_view data = "https://acme.example/1") {
    return {{.index = 1, .type = "URL", .data = data}};
  }
  static RegisterItem Item(std::string_view identifier,
                           RegisterAction action = RegisterAction::kCreate,
                           std::string_view data = "https://acme.example/1") {
    return {.action = action, .identifier = identifier, .values = Values(data)};
  }

  RegisterResult Register(const std::vector<RegisterItem>& items, const Caller& caller,
                          std::string_view key = "", Time now = kNow) {
    return registrar->RegisterAndWait(items, caller, key, now);
  }
  RegisterItemResult RegisterOne(const RegisterItem& item, const Caller& caller, Time now = kNow) {
    return Register({item}, caller, "", now).items.at(0);
  }
  Errc RefusalOf(const RegisterItem& item, const Caller& caller) {
    const RegisterItemResult result = RegisterOne(item, caller);
    EXPECT_EQ(result.outcome, RegisterOutcome::kRefused) << item.identifier;
    return result.error.code;
  }
  Result<Registry::Found> Find(std::string_view identifier) {
    return registry.Find(ParseIdentifier(identifier)->key, Reach::kDisk, row);
  }
  int64_t Sum(Metric metric, uint32_t enterprise = kAllEnterprises) {
    return (*ReadTotals(*engine, kOwn))[Figure{.metric = metric, .enterprise = enterprise}];
  }

  std::unique_ptr<MemoryEngine> engine = OpenMemoryEngine();
  std::unique_ptr<MemoryCommitLog> log = OpenMemoryCommitLog(*engine);
  Registry registry{*engine};
  const SecretBox secrets{std::string(32, 'k')};
  std::unique_ptr<Ledger> ledger;
  std::unique_ptr<Directory> directory;
  std::unique_ptr<Registrar> registrar;
  std::unique_ptr<Acts> acts;
  std::unique_ptr<Enrolment> enrolment;
  int tokens = 0;
  const Caller op{.anonymous = false, .role = Role::kOperator, .actor = "token:operator"};
  Caller acme, other;
  std::string row;
};

}  // namespace idnode
