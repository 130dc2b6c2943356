// RocksDB behind the engine port, on a disk that loses what was not synced.

#include <gtest/gtest.h>
#include <rocksdb/env.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

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

// A store on a disk of its own, whose power fails.
class Machine {
 public:
  Machine() {
    std::string pattern = (fs::temp_directory_path() / "idnode-XXXXXX").string();
    EXPECT_NE(mkdtemp(pattern.data()), nullptr);
    root_ = pattern;
  }
  Machine(const Machine&) = delete;
  ~Machine() {
    engine_.reset();
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }

  PowerCutFileSystem& disk() { return *disk_; }
  Engine& engine() { return *engine_; }

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

  void PowerOn() {
    engine_.reset();
    disk_->PowerOn();
  }

  // The power comes back; the engine must open, and say which batch was applied last.
  uint64_t Recover() {
    PowerOn();
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

 private:
  std::shared_ptr<PowerCutFileSystem> disk_ = std::make_shared<PowerCutFileSystem>();
  std::string root_;
  std::unique_ptr<Engine> engine_;
  Batch batch_;
};

// RocksDB waits a second, on a thread of the process's pool, after a background job has failed; so
// many machines wait together.
constexpr int kMachines = 25;

void OnManyMachines(const std::function<void(int machine)>& run) {
  for (auto pool : {rocksdb::Env::Priority::LOW, rocksdb::Env::Priority::HIGH}) {
    rocksdb::Env::Default()->SetBackgroundThreads(2 * kMachines, pool);
  }
  std::vector<std::thread> threads;
  for (int machine = 0; machine < kMachines; ++machine) threads.emplace_back(run, machine);
  for (auto& thread : threads) thread.join();
}

TEST(PowerCut, LosesNoSyncedBatchAndLeavesNoneInPart) {
  constexpr int kCutsPerMachine = 4;
  std::atomic<int> cuts = 0;
  std::atomic<int> cut_while_opening = 0;
  OnManyMachines([&](int number) {
    SCOPED_TRACE("machine " + std::to_string(number));
    std::mt19937_64 random(20261121 + number);
    Machine machine;
    ASSERT_TRUE(machine.Open().ok());
    uint64_t acknowledged = 0;
    for (int cycle = 0; cycle < kCutsPerMachine; ++cycle) {
      SCOPED_TRACE("cycle " + std::to_string(cycle));
      machine.disk().CutAt(1 + random() % 600, /*seed=*/random());
      uint64_t attempted = acknowledged;
      while (machine.Write(++attempted, Engine::Durability::kSynced).ok()) acknowledged = attempted;
      ASSERT_TRUE(machine.disk().cut());
      if (random() % 4 == 0) {  // Once more, while it recovers.
        machine.PowerOn();
        machine.disk().CutAt(1 + random() % 60, /*seed=*/random());
        cut_while_opening += !machine.Open().ok();
        machine.disk().Cut(random());
      }

      const uint64_t applied = machine.Recover();

      ASSERT_GE(applied, acknowledged);
      ASSERT_LE(applied, attempted);
      ASSERT_NO_FATAL_FAILURE(machine.ExpectExactly(applied));
      acknowledged = applied;
      ++cuts;
    }
    EXPECT_GT(acknowledged, 0u);
  });
  EXPECT_EQ(cuts, kMachines * kCutsPerMachine);
  EXPECT_GT(cut_while_opening, 5);
}

TEST(PowerCut, LosesBufferedBatchesFromTheLastOnBackwards) {
  std::atomic<int> lost = 0;
  OnManyMachines([&](int number) {
    SCOPED_TRACE("machine " + std::to_string(number));
    std::mt19937_64 random(7 + number);
    Machine machine;
    ASSERT_TRUE(machine.Open().ok());
    uint64_t synced = 0;
    for (int cycle = 0; cycle < 2; ++cycle) {
      machine.disk().CutAt(1 + random() % 600, /*seed=*/random());
      uint64_t attempted = synced;
      for (;;) {
        const bool sync = random() % 8 == 0;
        const auto durability = sync ? Engine::Durability::kSynced : Engine::Durability::kBuffered;
        if (!machine.Write(++attempted, durability).ok()) break;
        if (sync) synced = attempted;
      }

      const uint64_t applied = machine.Recover();

      ASSERT_GE(applied, synced);
      ASSERT_NO_FATAL_FAILURE(machine.ExpectExactly(applied));
      lost += applied + 1 < attempted;
      synced = applied;
    }
  });
  EXPECT_GT(lost, 5);
}

// The nth write or sync fails, wherever it falls: in the log, a table file, the manifest or the
// directory. What was acknowledged before survives even a power cut; nothing is after it. True: a
// write was told of it. (A compaction that finds the disk full is put off, and nobody is told.)
bool FailsOnce(uint64_t nth, bool sync, PowerCutFileSystem::Failure failure) {
  Machine machine;
  EXPECT_TRUE(machine.Open().ok());
  if (sync) {
    machine.disk().FailSync(nth, failure);
  } else {
    machine.disk().FailWrite(nth, failure);
  }
  uint64_t acknowledged = 0;
  Status written;
  while (acknowledged < 200) {
    written = machine.Write(acknowledged + 1, Engine::Durability::kSynced);
    if (!written.ok()) break;
    ++acknowledged;
  }
  if (!written.ok()) {
    EXPECT_EQ(written.error().code,
              failure == PowerCutFileSystem::Failure::kNoSpace ? Errc::kDiskFull : Errc::kIo);
    const Status refused = machine.Write(acknowledged + 1, Engine::Durability::kSynced);
    EXPECT_EQ(refused.ok() ? Errc::kInternal : refused.error().code, Errc::kReadOnly);
    std::string row;
    EXPECT_TRUE(machine.engine().Get(Table::kMeta, "applied", Reach::kDisk, row).ok())
        << "reading goes on";
  }
  machine.disk().Cut(/*seed=*/nth);
  const uint64_t applied = machine.Recover();
  EXPECT_GE(applied, acknowledged);
  EXPECT_LE(applied, acknowledged + 1);
  machine.ExpectExactly(applied);
  EXPECT_TRUE(machine.Write(applied + 1, Engine::Durability::kSynced).ok());
  return !written.ok();
}

int CountFailures(bool sync, PowerCutFileSystem::Failure failure) {
  std::atomic<int> told = 0;
  OnManyMachines([&](int number) {
    SCOPED_TRACE("machine " + std::to_string(number));
    told += FailsOnce(1 + static_cast<uint64_t>(number) * 7, sync, failure);
  });
  return told;
}

TEST(FailingDisk, EndsWritingWhenASyncFails) {
  EXPECT_EQ(CountFailures(/*sync=*/true, PowerCutFileSystem::Failure::kIo), kMachines);
}

TEST(FailingDisk, EndsWritingWhenAWriteFails) {
  EXPECT_EQ(CountFailures(/*sync=*/false, PowerCutFileSystem::Failure::kIo), kMachines);
}

TEST(FailingDisk, SaysWhenItIsFull) {
  EXPECT_GE(CountFailures(/*sync=*/false, PowerCutFileSystem::Failure::kNoSpace), kMachines / 2);
}

}  // namespace
}  // namespace idnode
