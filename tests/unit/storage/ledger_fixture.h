#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/change.h"
#include "storage/engine/engine.h"
#include "storage/engine/memory_engine.h"
#include "storage/ledger.h"

namespace idnode {

// 2026-11-21T08:00:00Z.
inline constexpr Time kMorning{1'795'248'000'000};
inline constexpr uint64_t kDayMs = 86'400'000;
inline constexpr uint32_t kSomeEnterprise = 7;

inline OperationId IdOf(std::string_view name) {
  OperationId id{};
  name.copy(id.data(), id.size());
  return id;
}

inline Figure CreatedBy(uint32_t enterprise) {
  return {.metric = Metric::kCreated, .enterprise = enterprise};
}

// Adds an item that registers `key`, as storage/registry.h does.
inline void AddCreateOf(Change& change, std::string_view key, std::string_view body = "body") {
  change.Begin(EventKind::kIdentifierCreated, kSomeEnterprise, key);
  change.ExpectThat(Table::kRecords, key, Expect::kAbsent);
  change.Put(Table::kRecords, key, body);
  change.Add(CreatedBy(kSomeEnterprise), change.time().hour(), 1);
}

struct ChangeOptions {
  Time time = kMorning;
  OperationId operation{};
  Change::Mode mode = Change::Mode::kTogether;
};

inline std::shared_ptr<const Change> Creating(const std::vector<std::string>& keys,
                                              const ChangeOptions& options = {}) {
  auto change = std::make_shared<Change>(options.time, "tester", options.operation, options.mode);
  for (const std::string& key : keys) AddCreateOf(*change, key);
  change->Seal();
  return change;
}

inline std::shared_ptr<const Change> Replacing(std::string_view key, uint64_t version,
                                               std::string_view body) {
  auto change =
      std::make_shared<Change>(kMorning, "tester", OperationId{}, Change::Mode::kTogether);
  change->Begin(EventKind::kIdentifierReplaced, kSomeEnterprise, key);
  change->ExpectThat(Table::kRecords, key, Expect::kVersion, version);
  change->Put(Table::kRecords, key, body);
  change->Seal();
  return change;
}

inline std::shared_ptr<const Change> Removing(std::string_view key, uint64_t version) {
  auto change =
      std::make_shared<Change>(kMorning, "tester", OperationId{}, Change::Mode::kTogether);
  change->Begin(EventKind::kIdentifierRemoved, kSomeEnterprise, key);
  change->ExpectThat(Table::kRecords, key, Expect::kVersion, version);
  change->Remove(Table::kRecords, key);
  change->Seal();
  return change;
}

using TableRows = std::map<std::pair<Table, std::string>, std::string>;

// Every row of every table but `local`.
inline TableRows AllRows(const Rows& rows) {
  TableRows all;
  for (const TableRow& table : kTableRows) {
    if (table.table == Table::kLocal) continue;
    const auto cursor = rows.Scan(table.table, {}, {});
    for (; cursor->Valid(); cursor->Next()) {
      all.emplace(std::pair(table.table, cursor->key()), cursor->value());
    }
    EXPECT_TRUE(cursor->status().ok());
  }
  return all;
}

inline size_t CountRows(const Rows& rows, Table table) {
  size_t count = 0;
  for (auto cursor = rows.Scan(table, {}, {}); cursor->Valid(); cursor->Next()) ++count;
  return count;
}

// A ledger over an engine in memory.
class LedgerTest : public ::testing::Test {
 protected:
  void Open(const LedgerOptions& options = {}, const std::string& watermark_file = {}) {
    ledger_.reset();
    auto ledger = Ledger::Open(*engine_, *log_, watermark_file, options);
    ASSERT_TRUE(ledger.ok());
    ledger_ = *std::move(ledger);
  }
  void OpenAndStart(const LedgerOptions& options = {}) {
    Open(options);
    ledger_->Start();
  }

  // Submits all at once to a ledger that has not started, so that one group decides them.
  std::vector<Outcome> CommitInOneGroup(const std::vector<std::shared_ptr<const Change>>& changes) {
    Open();
    std::vector<Outcome> outcomes(changes.size());
    size_t answered = 0;
    for (size_t i = 0; i < changes.size(); ++i) {
      ledger_->Submit(changes[i], [&outcomes, &answered, i](const Outcome& outcome) {
        outcomes[i] = outcome;
        ++answered;
      });
    }
    ledger_->Start();
    ledger_->Stop();
    EXPECT_EQ(answered, changes.size());
    return outcomes;
  }

  std::unique_ptr<MemoryEngine> engine_ = OpenMemoryEngine();
  std::unique_ptr<CommitLog> log_ = OpenLocalCommitLog(*engine_);
  std::unique_ptr<Ledger> ledger_;
};

// A folder of the test's own, removed with it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "idnode-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace idnode
