#include "storage/change.h"

#include <gtest/gtest.h>

#include "proto/tlog/tree.h"
#include "tests/unit/storage/ledger_fixture.h"

namespace idnode {
namespace {

TEST(Change, KeepsEachItemsPartsApart) {
  Change change(kMorning, "tester", IdOf("one"), Change::Mode::kEach);
  change.ExpectForAll(Table::kDirectory, "prefix", Expect::kVersion, 5);
  AddCreateOf(change, "a", "first");
  change.Begin(EventKind::kIdentifierRemoved, kSomeEnterprise, "b", "why");
  change.ExpectThat(Table::kRecords, "b", Expect::kVersion, 3);
  change.ExpectThat(Table::kDirectory, "x", Expect::kPresent);
  change.Remove(Table::kRecords, "b");
  change.Seal();

  ASSERT_EQ(change.shared_conditions().size(), 1u);
  EXPECT_EQ(change.Text(change.shared_conditions()[0].key), "prefix");
  ASSERT_EQ(change.items().size(), 2u);
  ASSERT_EQ(change.conditions(0).size(), 1u);
  ASSERT_EQ(change.conditions(1).size(), 2u);
  EXPECT_EQ(change.conditions(1)[0].version, 3u);
  EXPECT_EQ(change.Text(change.conditions(1)[1].key), "x");
  ASSERT_EQ(change.effects(0).size(), 1u);
  EXPECT_EQ(change.Text(change.effects(0)[0].body), "first");
  ASSERT_EQ(change.effects(1).size(), 1u);
  EXPECT_TRUE(change.effects(1)[0].remove);
  EXPECT_EQ(change.sums(0).size(), 1u);
  EXPECT_TRUE(change.sums(1).empty());
  EXPECT_EQ(change.Text(change.items()[1].body), "why");
  EXPECT_EQ(change.event_octets(), 5u);
}

TEST(Change, KeepsAnItemsKeyOnce) {
  Change change(kMorning, "tester", {}, Change::Mode::kTogether);
  AddCreateOf(change, "a long key", "body");
  EXPECT_EQ(change.octets(), std::string_view("a long keybody").size());
}

TEST(Change, HasTheDigestOfItsOnlyItemAsRoot) {
  const auto change = Creating({"a"});
  EXPECT_EQ(change->root(), change->items()[0].digest);
}

TEST(Change, HasTheTreeHashOverItsItemsAsRoot) {
  const auto change = Creating({"a", "b", "c"});
  std::vector<Digest> digests;
  for (size_t i = 0; i < 3; ++i) {
    std::string octets;
    change->EncodeItem(i, octets);
    digests.push_back(HashLeaf(octets));
    EXPECT_EQ(change->items()[i].digest, digests.back());
  }
  EXPECT_EQ(change->root(), TreeHash(digests));
}

TEST(Change, DigestsWhatIsWrittenAndCounted) {
  const auto root_of = [](auto&& add) {
    Change change(kMorning, "tester", {}, Change::Mode::kTogether);
    change.Begin(EventKind::kIdentifierCreated, kSomeEnterprise, "a");
    add(change);
    change.Seal();
    return change.root();
  };
  const Digest put = root_of([](Change& c) { c.Put(Table::kRecords, "a", "b"); });
  EXPECT_NE(put, root_of([](Change& c) { c.Put(Table::kRecords, "a", "c"); }));
  EXPECT_NE(put, root_of([](Change& c) { c.Put(Table::kRecords, "ab", ""); }));
  EXPECT_NE(put, root_of([](Change& c) { c.Put(Table::kDirectory, "a", "b"); }));
  EXPECT_NE(root_of([](Change& c) { c.Put(Table::kRecords, "a", ""); }),
            root_of([](Change& c) { c.Remove(Table::kRecords, "a"); }));
  EXPECT_NE(root_of([](Change& c) { c.Add(CreatedBy(1), 1, 1); }),
            root_of([](Change& c) { c.Add(CreatedBy(1), 1, 2); }));
}

TEST(ChangeDeathTest, StopsTheProcessWhenItIsMisbuilt) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(Change(kMorning, std::string(65, 'a'), {}, Change::Mode::kTogether), "");
  EXPECT_DEATH(
      {
        Change change(kMorning, "tester", {}, Change::Mode::kTogether);
        change.Begin(EventKind::kIdentifierCreated, 1, "a");
        change.Put(Table::kLog, "a", "b");
      },
      "");
  EXPECT_DEATH(
      {
        Change change(kMorning, "tester", {}, Change::Mode::kTogether);
        change.Seal();
        AddCreateOf(change, "a");
      },
      "");
}

}  // namespace
}  // namespace idnode
