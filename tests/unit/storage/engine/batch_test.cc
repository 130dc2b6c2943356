#include "storage/engine/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace idnode {
namespace {

using testing::ElementsAre;

std::vector<std::string> KeysOf(Batch& batch) {
  std::vector<std::string> keys;
  for (const Batch::Row& row : batch.Sorted()) keys.emplace_back(row.key);
  return keys;
}

TEST(Batch, SortsByTableThenByKey) {
  Batch batch;
  batch.Put(Table::kLog, "a", "1");
  batch.Put(Table::kRecords, "c", "2");
  batch.Put(Table::kRecords, "b", "3");

  const auto& rows = batch.Sorted();

  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].key, "b");
  EXPECT_EQ(rows[1].key, "c");
  EXPECT_EQ(rows[2].table, Table::kLog);
}

TEST(Batch, KeepsTheOrderOfOneKeysRows) {
  Batch batch;
  batch.Put(Table::kMeta, "z", "");
  batch.Put(Table::kMeta, "k", "1");
  batch.Remove(Table::kMeta, "k");
  batch.Put(Table::kMeta, "k", "2");

  const auto& rows = batch.Sorted();

  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[0].value, "1");
  EXPECT_EQ(rows[1].kind, Batch::Kind::kRemove);
  EXPECT_EQ(rows[2].value, "2");
}

TEST(Batch, JoinsHeadAndBody) {
  Batch batch;
  batch.Put(Table::kRecords, "k", "head", "body");
  EXPECT_EQ(batch.Sorted()[0].value, "headbody");
  EXPECT_EQ(batch.octets(), 9u);
}

TEST(Batch, FoldsTheAddsOfOneKey) {
  Batch batch;
  batch.Add(Table::kCounters, "b", 5);
  batch.Add(Table::kCounters, "a", 1);
  batch.Add(Table::kCounters, "b", -7);
  batch.Add(Table::kCounters, "b", 1);

  const auto& rows = batch.Sorted();

  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].delta, 1);
  EXPECT_EQ(rows[1].key, "b");
  EXPECT_EQ(rows[1].delta, -1);
}

TEST(Batch, DoesNotFoldAddsAcrossARemoval) {
  Batch batch;
  batch.Add(Table::kCounters, "a", 1);
  batch.Remove(Table::kCounters, "a");
  batch.Add(Table::kCounters, "a", 2);
  EXPECT_EQ(batch.Sorted().size(), 3u);
}

TEST(Batch, RangeRemovesOnlyWhatWasAddedBeforeIt) {
  Batch batch;
  batch.Put(Table::kRecords, "c", "before");
  batch.Put(Table::kRecords, "z", "outside");
  batch.RemoveRange(Table::kRecords, "b", "d");
  batch.Put(Table::kRecords, "c1", "after");
  batch.Put(Table::kLog, "c", "another table");

  EXPECT_THAT(KeysOf(batch), ElementsAre("b", "c1", "z", "c"));
}

TEST(Batch, IgnoresAnEmptyRange) {
  Batch batch;
  batch.RemoveRange(Table::kRecords, "b", "b");
  batch.RemoveRange(Table::kRecords, "c", "b");
  EXPECT_TRUE(batch.empty());
}

TEST(Batch, SortsTheSameRowsWhicheverOrderTheyCameIn) {
  std::vector<std::string> keys;
  for (int i = 0; i < 1000; ++i) keys.push_back("88.118.8/" + std::to_string(100000 + i));
  Batch ascending;
  for (const auto& key : keys) ascending.Put(Table::kRecords, key, key);
  std::mt19937 random(1);
  std::vector<std::string> shuffled = keys;
  std::shuffle(shuffled.begin(), shuffled.end(), random);
  Batch mixed;
  for (const auto& key : shuffled) mixed.Put(Table::kRecords, key, key);

  EXPECT_EQ(KeysOf(ascending), keys);
  EXPECT_EQ(KeysOf(mixed), keys);
  for (const Batch::Row& row : mixed.Sorted()) EXPECT_EQ(row.key, row.value);
}

TEST(Batch, IsEmptyAfterClear) {
  Batch batch;
  batch.Put(Table::kMeta, "a", "1");
  ASSERT_EQ(batch.Sorted().size(), 1u);
  batch.Clear();
  EXPECT_TRUE(batch.empty());
  EXPECT_EQ(batch.octets(), 0u);
  EXPECT_TRUE(batch.Sorted().empty());
}

}  // namespace
}  // namespace idnode
