// What every engine promises, whatever stands behind it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "storage/engine/engine.h"
#include "storage/engine/memory_engine.h"
#include "storage/engine/rocksdb_engine.h"
#include "tests/unit/storage/engine/temporary_directory.h"

namespace idnode {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using Row = std::pair<std::string, std::string>;

// An engine that can be closed and opened again on what it had made durable.
class Subject {
 public:
  virtual ~Subject() = default;
  virtual Engine& engine() = 0;
  virtual void Reopen() = 0;
};

class RocksDbSubject : public Subject {
 public:
  RocksDbSubject() { Reopen(); }
  Engine& engine() override { return *engine_; }
  void Reopen() override {
    engine_.reset();
    auto opened = OpenRocksDb(directory_.path(), {.memtable_octets = 1u << 20});
    ASSERT_TRUE(opened.ok()) << opened.error().detail;
    engine_ = std::move(*opened);
  }

 private:
  TemporaryDirectory directory_;
  std::unique_ptr<Engine> engine_;
};

class MemorySubject : public Subject {
 public:
  Engine& engine() override { return *engine_; }
  void Reopen() override { engine_ = engine_->AfterPowerCut(); }

 private:
  std::unique_ptr<MemoryEngine> engine_ = OpenMemoryEngine();
};

struct Kind {
  std::string name;
  std::function<std::unique_ptr<Subject>()> make;
};

class EngineContract : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override { subject_ = GetParam().make(); }
  Engine& engine() { return subject_->engine(); }
  void Reopen() { subject_->Reopen(); }

  void Write(const std::function<void(Batch&)>& fill,
             Engine::Durability durability = Engine::Durability::kSynced) {
    Batch batch;
    fill(batch);
    const Status written = engine().Write(batch, durability);
    ASSERT_TRUE(written.ok()) << written.error().detail;
  }
  static std::string Get(const Rows& rows, Table table, std::string_view key) {
    std::string value = "left over from before";
    const auto found = rows.Get(table, key, Reach::kDisk, value);
    if (!found) return "error: " + std::string(found.error().detail);
    return *found ? value : "absent";
  }
  std::string Get(Table table, std::string_view key) { return Get(engine(), table, key); }
  static std::vector<Row> Scan(const Rows& rows, Table table, std::string_view from = "",
                               std::string_view until = "") {
    std::vector<Row> found;
    const auto cursor = rows.Scan(table, from, until);
    for (; cursor->Valid(); cursor->Next()) found.emplace_back(cursor->key(), cursor->value());
    EXPECT_TRUE(cursor->status().ok());
    return found;
  }
  int64_t Sum(std::string_view key) {
    const auto sum = engine().Sum(Table::kCounters, key);
    EXPECT_TRUE(sum.ok());
    return sum ? *sum : INT64_MIN;
  }

 private:
  std::unique_ptr<Subject> subject_;
};

INSTANTIATE_TEST_SUITE_P(
    Engines, EngineContract,
    testing::Values(Kind{"Memory", [] { return std::make_unique<MemorySubject>(); }},
                    Kind{"RocksDb", [] { return std::make_unique<RocksDbSubject>(); }}),
    [](const auto& info) { return info.param.name; });

TEST_P(EngineContract, ReturnsWhatWasPut) {
  Write([](Batch& batch) {
    batch.Put(Table::kRecords, "a", "head ", "body");
    batch.Put(Table::kRecords, "empty", "");
    batch.Put(Table::kLog, "a", "another table");
    batch.Put(Table::kRecords, std::string_view("\0\xff", 2), std::string_view("\0", 1));
  });

  EXPECT_EQ(Get(Table::kRecords, "a"), "head body");
  EXPECT_EQ(Get(Table::kRecords, "empty"), "");
  EXPECT_EQ(Get(Table::kLog, "a"), "another table");
  EXPECT_EQ(Get(Table::kRecords, std::string_view("\0\xff", 2)), std::string(1, '\0'));
  EXPECT_EQ(Get(Table::kRecords, "b"), "absent");
  EXPECT_EQ(Get(Table::kTree, "a"), "absent");
}

TEST_P(EngineContract, LastWriteOfAKeyWins) {
  Write([](Batch& batch) {
    batch.Put(Table::kMeta, "z", "out of order");
    batch.Put(Table::kMeta, "k", "1");
    batch.Remove(Table::kMeta, "k");
    batch.Put(Table::kMeta, "k", "2");
    batch.Put(Table::kMeta, "gone", "1");
    batch.Remove(Table::kMeta, "gone");
  });
  EXPECT_EQ(Get(Table::kMeta, "k"), "2");
  EXPECT_EQ(Get(Table::kMeta, "gone"), "absent");
}

TEST_P(EngineContract, TellsOfManyKeysInTheirOrder) {
  constexpr int kKeys = 100;
  const auto key = [](int n) { return "key " + std::to_string(n * 37 % kKeys); };
  Write([&](Batch& batch) {
    for (int n = 0; n < kKeys; n += 3) batch.Put(Table::kRecords, key(n), "old " + key(n));
    batch.Put(Table::kDirectory, key(1), "of another table");
  });
  const auto view = engine().OpenView();
  ASSERT_TRUE(engine().Compact().ok());
  Write([&](Batch& batch) {
    for (int n = 0; n < kKeys; n += 6) batch.Put(Table::kRecords, key(n), "new " + key(n));
    for (int n = 3; n < kKeys; n += 6) batch.Remove(Table::kRecords, key(n));
  });

  std::vector<std::string> keys;
  for (int n = 0; n < kKeys; ++n) keys.push_back(key(n));
  const std::vector<std::string_view> asked(keys.begin(), keys.end());
  const auto told = [&](const Rows& rows) {
    std::vector<std::string> told;
    const Status read = rows.GetMany(Table::kRecords, asked, [&](size_t place, auto row) {
      EXPECT_EQ(place, told.size());
      told.push_back(row ? std::string(*row) : "absent");
    });
    EXPECT_TRUE(read.ok());
    return told;
  };
  std::vector<std::string> now, then;
  for (int n = 0; n < kKeys; ++n) {
    now.push_back(n % 6 == 0 ? "new " + key(n) : "absent");
    then.push_back(n % 3 == 0 ? "old " + key(n) : "absent");
  }
  EXPECT_EQ(told(engine()), now);
  EXPECT_EQ(told(*view), then);
}

TEST_P(EngineContract, RemovesRows) {
  Write([](Batch& batch) { batch.Put(Table::kMeta, "a", "1"); });
  Write([](Batch& batch) {
    batch.Remove(Table::kMeta, "a");
    batch.Remove(Table::kMeta, "never there");
  });
  EXPECT_EQ(Get(Table::kMeta, "a"), "absent");
}

TEST_P(EngineContract, RemovesARangeWithoutItsEnd) {
  Write([](Batch& batch) {
    for (const char* key : {"a", "b", "c", "d"}) batch.Put(Table::kLog, key, key);
    batch.Put(Table::kTree, "b", "another table");
  });
  Write([](Batch& batch) { batch.RemoveRange(Table::kLog, "b", "d"); });

  EXPECT_THAT(Scan(engine(), Table::kLog), ElementsAre(Pair("a", "a"), Pair("d", "d")));
  EXPECT_EQ(Get(Table::kLog, "c"), "absent");
  EXPECT_EQ(Get(Table::kTree, "b"), "another table");
}

TEST_P(EngineContract, RangeOfABatchSparesWhatTheBatchPutsLater) {
  Write([](Batch& batch) { batch.Put(Table::kLog, "c", "old"); });
  Write([](Batch& batch) {
    batch.Put(Table::kLog, "d", "before");
    batch.RemoveRange(Table::kLog, "b", "z");
    batch.Put(Table::kLog, "e", "after");
  });
  EXPECT_THAT(Scan(engine(), Table::kLog), ElementsAre(Pair("e", "after")));
}

TEST_P(EngineContract, ScansInOrderBetweenBounds) {
  Write([](Batch& batch) {
    for (const char* key : {"d", "b", "a", "c", "\xff"}) batch.Put(Table::kRecords, key, key);
  });
  EXPECT_THAT(Scan(engine(), Table::kRecords, "b", "d"),
              ElementsAre(Pair("b", "b"), Pair("c", "c")));
  EXPECT_THAT(Scan(engine(), Table::kRecords, "c1"),
              ElementsAre(Pair("d", "d"), Pair("\xff", "\xff")));
  EXPECT_THAT(Scan(engine(), Table::kRecords, "x", "y"), IsEmpty());
  EXPECT_THAT(Scan(engine(), Table::kTree), IsEmpty());
}

TEST_P(EngineContract, FindsTheFirstRowBetweenBounds) {
  Write([&](Batch& batch) {
    for (const char* key : {"b", "d", "f"})
      batch.Put(Table::kRanges, key, std::string("of ") + key);
    batch.Put(Table::kRecords, "c", "of another table");
  });
  const auto view = engine().OpenView();
  Write([&](Batch& batch) { batch.Remove(Table::kRanges, "d"); });
  const auto first = [](const Rows& rows, std::string_view from, std::string_view until) {
    std::string key = "before", row;
    const auto found = rows.First(Table::kRanges, from, until, Reach::kMemoryOnly, key, row);
    EXPECT_TRUE(found.ok());
    return *found ? key + " " + row : std::string("none");
  };
  EXPECT_EQ(first(engine(), "a", "z"), "b of b");
  EXPECT_EQ(first(engine(), "b", "z"), "b of b");
  EXPECT_EQ(first(engine(), "c", "z"), "f of f");
  EXPECT_EQ(first(*view, "c", "z"), "d of d");
  EXPECT_EQ(first(engine(), "c", ""), "f of f");
  EXPECT_EQ(first(engine(), "c", "f"), "none");
  EXPECT_EQ(first(engine(), "g", ""), "none");
}

TEST_P(EngineContract, AddsUpSums) {
  EXPECT_EQ(Sum("n"), 0);
  Write([](Batch& batch) {
    batch.Add(Table::kCounters, "n", 5);
    batch.Add(Table::kCounters, "m", 1);
    batch.Add(Table::kCounters, "n", 2);
  });
  Write([](Batch& batch) { batch.Add(Table::kCounters, "n", -10); });
  EXPECT_EQ(Sum("n"), -3);
  EXPECT_EQ(Get(Table::kCounters, "n"), EncodeSum(-3));
  EXPECT_THAT(Scan(engine(), Table::kCounters),
              ElementsAre(Pair("m", EncodeSum(1)), Pair("n", EncodeSum(-3))));
}

TEST_P(EngineContract, StartsASumAnewAfterItsRemoval) {
  Write([](Batch& batch) { batch.Add(Table::kCounters, "n", 5); });
  Write([](Batch& batch) {
    batch.Add(Table::kCounters, "n", 6);
    batch.Remove(Table::kCounters, "n");
    batch.Add(Table::kCounters, "n", 7);
  });
  EXPECT_EQ(Sum("n"), 7);
}

TEST_P(EngineContract, SumsSurviveCompactionAndReopening) {
  for (int i = 0; i < 1000; ++i) {
    Write([](Batch& batch) { batch.Add(Table::kCounters, "n", 3); }, Engine::Durability::kBuffered);
  }
  EXPECT_EQ(Sum("n"), 3000);
  ASSERT_TRUE(engine().Compact().ok());
  Write([](Batch& batch) { batch.Add(Table::kCounters, "n", 1); });
  Reopen();
  EXPECT_EQ(Sum("n"), 3001);
}

TEST_P(EngineContract, SumsWrapOnOverflow) {
  Write([](Batch& batch) { batch.Add(Table::kCounters, "n", INT64_MAX); });
  Write([](Batch& batch) { batch.Add(Table::kCounters, "n", 1); });
  EXPECT_EQ(Sum("n"), INT64_MIN);
}

TEST_P(EngineContract, ViewKeepsItsMoment) {
  Write([](Batch& batch) {
    batch.Put(Table::kRecords, "a", "1");
    batch.Put(Table::kRecords, "b", "1");
    batch.Add(Table::kCounters, "n", 1);
  });
  const auto view = engine().OpenView();
  const auto cursor = engine().Scan(Table::kRecords, "", "");
  Write([](Batch& batch) {
    batch.Put(Table::kRecords, "a", "2");
    batch.Remove(Table::kRecords, "b");
    batch.Put(Table::kRecords, "c", "2");
    batch.Add(Table::kCounters, "n", 1);
  });
  ASSERT_TRUE(engine().Compact().ok());

  EXPECT_THAT(Scan(*view, Table::kRecords), ElementsAre(Pair("a", "1"), Pair("b", "1")));
  EXPECT_EQ(Get(*view, Table::kRecords, "a"), "1");
  EXPECT_EQ(Get(*view, Table::kRecords, "c"), "absent");
  EXPECT_EQ(*view->Sum(Table::kCounters, "n"), 1);
  EXPECT_THAT(Scan(engine(), Table::kRecords), ElementsAre(Pair("a", "2"), Pair("c", "2")));
  ASSERT_TRUE(cursor->Valid());
  EXPECT_EQ(cursor->value(), "1");
  cursor->Next();
  ASSERT_TRUE(cursor->Valid());
  EXPECT_EQ(cursor->key(), "b");
  cursor->Next();
  EXPECT_FALSE(cursor->Valid());
}

TEST_P(EngineContract, ReadersSeeWholeBatchesOnly) {
  constexpr int kBatches = 2000;
  std::atomic<bool> done = false;
  std::thread reader([&] {
    while (!done) {
      const auto view = engine().OpenView();
      const std::string first = Get(*view, Table::kRecords, "a");
      ASSERT_EQ(Get(*view, Table::kMeta, "z"), first);
      const auto sum = view->Sum(Table::kCounters, "n");
      ASSERT_TRUE(sum.ok());
      ASSERT_EQ(first, *sum == 0 ? "absent" : std::to_string(*sum));
    }
  });
  for (int i = 1; i <= kBatches; ++i) {
    Write(
        [i](Batch& batch) {
          batch.Put(Table::kRecords, "a", std::to_string(i));
          batch.Put(Table::kMeta, "z", std::to_string(i));
          batch.Add(Table::kCounters, "n", 1);
        },
        Engine::Durability::kBuffered);
  }
  done = true;
  reader.join();
}

TEST_P(EngineContract, SyncedRowsSurviveReopening) {
  Write([](Batch& batch) { batch.Put(Table::kRecords, "a", "1"); }, Engine::Durability::kBuffered);
  Write([](Batch& batch) { batch.Put(Table::kRecords, "b", "2"); });
  Reopen();
  EXPECT_THAT(Scan(engine(), Table::kRecords), ElementsAre(Pair("a", "1"), Pair("b", "2")));
}

TEST_P(EngineContract, ManyRowsOfEveryTableSurviveFlushCompactionAndReopening) {
  constexpr int kRows = 5000;
  const auto value_of = [](Table table, int i) {
    return std::string(RowOf(table).name) + std::string(200, 'v') + std::to_string(i);
  };
  for (int i = 0; i < kRows; ++i) {
    const std::string key = "88.118.8/" + std::to_string(i * 7919 % kRows);
    Write(
        [&](Batch& batch) {
          for (const TableRow& row : kTableRows) {
            if (row.shape == Shape::kSums) {
              batch.Add(row.table, key, i);
            } else {
              batch.Put(row.table, key, value_of(row.table, i));
            }
          }
        },
        i + 1 == kRows ? Engine::Durability::kSynced : Engine::Durability::kBuffered);
  }
  ASSERT_TRUE(engine().Compact().ok());
  Reopen();
  for (int i = 0; i < kRows; ++i) {
    const std::string key = "88.118.8/" + std::to_string(i * 7919 % kRows);
    for (const TableRow& row : kTableRows) {
      if (row.shape == Shape::kSums) {
        ASSERT_EQ(Sum(key), i);
      } else {
        ASSERT_EQ(Get(row.table, key), value_of(row.table, i));
      }
    }
  }
  EXPECT_EQ(Get(Table::kRecords, "88.118.8/none"), "absent");
}

TEST_P(EngineContract, AcceptsAnEmptyBatch) {
  Write([](Batch&) {});
  EXPECT_THAT(Scan(engine(), Table::kRecords), IsEmpty());
}

TEST_P(EngineContract, ReportsWhatItHolds) {
  Write([](Batch& batch) { batch.Put(Table::kRecords, "a", std::string(100'000, 'x')); });
  EXPECT_GE(engine().figures().memtable_octets, 100'000u);
  EXPECT_FALSE(engine().figures().stalled);
}

TEST(Sums, AreEightOctetsBigEndian) {
  EXPECT_EQ(EncodeSum(1), std::string("\0\0\0\0\0\0\0\1", 8));
  for (int64_t sum : {int64_t{0}, int64_t{-1}, INT64_MIN, INT64_MAX}) {
    EXPECT_EQ(*DecodeSum(EncodeSum(sum)), sum);
  }
  for (size_t size : {0u, 7u, 9u}) {
    const auto sum = DecodeSum(std::string(size, 'x'));
    ASSERT_FALSE(sum.ok());
    EXPECT_EQ(sum.error().code, Errc::kCorrupt);
  }
}

TEST(MemoryEngine, LosesInAPowerCutWhatWasNotSynced) {
  const auto engine = OpenMemoryEngine();
  Batch batch;
  batch.Put(Table::kMeta, "a", "1");
  ASSERT_TRUE(engine->Write(batch, Engine::Durability::kSynced).ok());
  batch.Clear();
  batch.Put(Table::kMeta, "a", "2");
  batch.Put(Table::kMeta, "b", "2");
  ASSERT_TRUE(engine->Write(batch, Engine::Durability::kBuffered).ok());

  const auto survivor = engine->AfterPowerCut();

  std::string value;
  EXPECT_TRUE(*survivor->Get(Table::kMeta, "a", Reach::kDisk, value));
  EXPECT_EQ(value, "1");
  EXPECT_FALSE(*survivor->Get(Table::kMeta, "b", Reach::kDisk, value));
  EXPECT_TRUE(*engine->Get(Table::kMeta, "b", Reach::kDisk, value));
}

TEST(MemoryEngine, ForgetsStatesThatNobodyCanAskFor) {
  const auto engine = OpenMemoryEngine();
  Batch batch;
  for (int i = 0; i < 1000; ++i) {
    batch.Clear();
    batch.Put(Table::kMeta, "a", std::string(1000, 'x'));
    ASSERT_TRUE(engine->Write(batch, Engine::Durability::kSynced).ok());
  }
  EXPECT_EQ(engine->figures().memtable_octets, 1001u);
  batch.Clear();
  batch.Remove(Table::kMeta, "a");
  ASSERT_TRUE(engine->Write(batch, Engine::Durability::kSynced).ok());
  EXPECT_EQ(engine->figures().memtable_octets, 0u);
}

}  // namespace
}  // namespace idnode
