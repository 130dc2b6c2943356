// RocksDB behind the engine port, on a disk that loses what was not synced.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "storage/engine/rocksdb_engine.h"
#include "tests/faults/power_cut_file_system.h"

namespace idnode {
namespace {

namespace fs = std::filesystem;

constexpr int kRowsPerBatch = 20;

std::string NumberKey(uint64_t number) {
  std::string digits = std::to_string(number);
  return std::string(10 - digits.size(), '0') + digits;
}

// Batch n writes rows of four tables, and rows far apart, so that half a batch cannot look whole.
void Fill(Batch& batch, uint64_t n) {
  batch.Clear();
  std::mt19937_64 random(n);
  for (int i = 0; i < kRowsPerBatch; ++i) {
    const uint64_t place = n * kRowsPerBatch + static_cast<uint64_t>(i);
    const std::string key = std::to_string(place * 2654435761u % 1000) + "/" + NumberKey(place);
    batch.Put(Table::kRecords, key, NumberKey(n), std::string(random() % 200, 'v'));
  }
  batch.Put(Table::kLog, NumberKey(n), std::string(random() % 500, 'l'));
  batch.Add(Table::kCounters, "rows", kRowsPerBatch);
  batch.Put(Table::kMeta, "applied", NumberKey(n));
}

class PowerCut : public testing::Test {
 protected:
  PowerCut() {
    std::string pattern = (fs::temp_directory_path() / "idnode-XXXXXX").string();
    EXPECT_NE(mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
  }
  ~PowerCut() override {
    engine_.reset();
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }

  Status Open() {
    RocksDbOptions options;
    options.block_cache_octets = 1u << 20;
    options.memtable_octets = 64u << 10;  // Flushes and compactions all the time.
    options.live_wal_octets_max = 256u << 10;
    options.file_system = disk_;
    auto opened = OpenRocksDb(root_ + "/store", options);
    if (!opened) return opened.error();
    engine_ = std::move(*opened);
    return {};
  }

  Status Write(uint64_t n, Engine::Durability durability) {
    Fill(batch_, n);
    return engine_->Write(batch_, durability);
  }

  // The power comes back; the engine must open, and say which batch was applied last.
  uint64_t Recover() {
    engine_.reset();
    disk_->PowerOn();
    const Status opened = Open();
    if (!opened.ok()) {
      ADD_FAILURE() << opened.error().detail;
      return 0;
    }
    std::string applied;
    const auto found = engine_->Get(Table::kMeta, "applied", Reach::kDisk, applied);
    EXPECT_TRUE(found.ok());
    return found && *found ? std::stoull(applied) : 0;
  }

  // Batches 1 to `last` are there, each whole, and nothing else.
  void ExpectExactly(uint64_t last) {
    uint64_t next = 1;
    const auto log = engine_->Scan(Table::kLog, "", "");
    for (; log->Valid(); log->Next()) ASSERT_EQ(log->key(), NumberKey(next++));
    ASSERT_TRUE(log->status().ok());
    ASSERT_EQ(next, last + 1);

    uint64_t rows = 0;
    const auto records = engine_->Scan(Table::kRecords, "", "");
    for (; records->Valid(); records->Next()) {
      ++rows;
      ASSERT_LE(records->value().substr(0, 10), NumberKey(last));
    }
    ASSERT_TRUE(records->status().ok());
    ASSERT_EQ(rows, last * kRowsPerBatch);
    const auto sum = engine_->Sum(Table::kCounters, "rows");
    ASSERT_TRUE(sum.ok());
    ASSERT_EQ(*sum, static_cast<int64_t>(rows));
  }

  std::shared_ptr<PowerCutFileSystem> disk_ = std::make_shared<PowerCutFileSystem>();
  std::string root_;
  std::unique_ptr<Engine> engine_;
  Batch batch_;
};

TEST_F(PowerCut, LosesNoSyncedBatchAndLeavesNoneInPart) {
  constexpr int kCuts = 100;
  std::mt19937_64 random(20261121);
  uint64_t acknowledged = 0;
  int cut_while_opening = 0;
  ASSERT_TRUE(Open().ok());
  for (int cycle = 0; cycle < kCuts; ++cycle) {
    SCOPED_TRACE("cycle " + std::to_string(cycle));
    disk_->CutAt(1 + random() % 600, /*seed=*/random());
    uint64_t attempted = acknowledged;
    while (Write(++attempted, Engine::Durability::kSynced).ok()) acknowledged = attempted;
    ASSERT_TRUE(disk_->cut());
    engine_.reset();
    disk_->PowerOn();
    if (random() % 4 == 0) {  // Once more, while it recovers.
      disk_->CutAt(1 + random() % 60, /*seed=*/random());
      cut_while_opening += !Open().ok();
      disk_->Cut(random());
    }

    const uint64_t applied = Recover();

    if (HasFailure()) return;
    ASSERT_GE(applied, acknowledged);
    ASSERT_LE(applied, attempted);
    ExpectExactly(applied);
    if (HasFatalFailure()) return;
    acknowledged = applied;
  }
  EXPECT_GT(acknowledged, 1000u);
  EXPECT_GT(cut_while_opening, 5);
}

TEST_F(PowerCut, LosesBufferedBatchesFromTheLastOnBackwards) {
  std::mt19937_64 random(7);
  uint64_t synced = 0;
  int lost = 0;
  ASSERT_TRUE(Open().ok());
  for (int cycle = 0; cycle < 50; ++cycle) {
    SCOPED_TRACE("cycle " + std::to_string(cycle));
    disk_->CutAt(1 + random() % 600, /*seed=*/random());
    uint64_t attempted = synced;
    for (;;) {
      const bool sync = random() % 8 == 0;
      const auto durability = sync ? Engine::Durability::kSynced : Engine::Durability::kBuffered;
      if (!Write(++attempted, durability).ok()) break;
      if (sync) synced = attempted;
    }

    const uint64_t applied = Recover();

    if (HasFailure()) return;
    ASSERT_GE(applied, synced);
    lost += applied + 1 < attempted;
    ExpectExactly(applied);
    if (HasFatalFailure()) return;
    synced = applied;
  }
  EXPECT_GT(lost, 10);
}

}  // namespace
}  // namespace idnode
