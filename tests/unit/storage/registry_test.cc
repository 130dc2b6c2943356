#include "storage/registry.h"

#include <gtest/gtest.h>

#include "tests/unit/storage/table_fixture.h"

namespace idnode {
namespace {

constexpr std::string_view kKey = "H88.118.8/SN-1";

class RegistryTest : public ::testing::Test {
 protected:
  Outcome Create(std::string_view key, uint32_t enterprise = 7) {
    return node_.Commit(
        [&](Change& change) { AddCreate(change, key, enterprise, RecordOf(enterprise)); });
  }
  void PutRaw(std::string_view key, std::string_view row) {
    Batch batch;
    batch.Put(Table::kRecords, key, row);
    ASSERT_TRUE(node_.engine().Write(batch, Engine::Durability::kSynced).ok());
  }
  Errc FindError(std::string_view key) {
    const auto found = node_.registry().Find(key, Reach::kDisk, scratch_);
    return found ? Errc::kInternal : found.error().code;
  }

  MemoryNode node_;
  std::string scratch_;
};

TEST_F(RegistryTest, FindsWhatWasCreatedAtItsVersion) {
  const Outcome created = Create(kKey);
  ASSERT_TRUE(created.done());

  const auto found = node_.registry().Find(kKey, Reach::kDisk, scratch_);

  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->version, created.position);
  EXPECT_EQ(found->record.enterprise(), 7u);
  EXPECT_EQ(found->record.value_count(), 1u);
}

TEST_F(RegistryTest, SaysNotFoundOfWhatNobodyRegistered) {
  EXPECT_EQ(FindError(kKey), Errc::kNotFound);
}

TEST_F(RegistryTest, NeverCallsADamagedRecordAbsent) {
  const std::string version("\0\0\0\0\0\0\0\1", 8);
  for (const std::string& row : {std::string(), std::string(7, 'x'), version, version + "no record",
                                 std::string(8, '\0') + RecordOf(7)}) {
    PutRaw(kKey, row);
    EXPECT_EQ(FindError(kKey), Errc::kCorrupt) << row.size() << " octets";
    EXPECT_EQ(node_.registry()
                  .List("H", "I", 10, [](std::string_view, const Registry::Found&) { return true; })
                  .error()
                  .code,
              Errc::kCorrupt);
  }
}

TEST_F(RegistryTest, CreatesOnlyWhatIsAbsent) {
  ASSERT_TRUE(Create(kKey).done());

  const Outcome again = Create(kKey);

  EXPECT_EQ(again.kind, Outcome::Kind::kRefused);
  EXPECT_EQ(again.why, Errc::kExists);
  EXPECT_EQ((*ReadTotals(node_.engine(), kOwn))[CreatedBy(7)], 1);
}

TEST_F(RegistryTest, ReplacesAndRemovesOnlyTheVersionThatWasRead) {
  const Position version = Create(kKey).position;
  const auto replace = [&](Position at) {
    return node_.Commit(
        [&](Change& change) { AddReplace(change, kKey, 7, RecordOf(7, "88.118.8/sn-1"), at); });
  };
  const auto remove = [&](Position at) {
    return node_.Commit([&](Change& change) { AddRemove(change, kKey, 7, at); });
  };

  const Outcome replaced = replace(version);
  ASSERT_TRUE(replaced.done());
  EXPECT_EQ(replace(version).why, Errc::kConflict);
  EXPECT_EQ(remove(version).why, Errc::kConflict);
  const auto found = node_.registry().Find(kKey, Reach::kDisk, scratch_);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->version, replaced.position);
  EXPECT_EQ(found->record.text(), "88.118.8/sn-1");

  EXPECT_TRUE(remove(replaced.position).done());
  EXPECT_EQ(FindError(kKey), Errc::kNotFound);
  EXPECT_EQ(remove(replaced.position).kind, Outcome::Kind::kRefused);
}

TEST_F(RegistryTest, ListsARangeInOrderUpToACount) {
  for (const char* key : {"H88.118.8/C", "H88.118.8/A", "H88.118.8/B", "H88.118.9/A"}) {
    ASSERT_TRUE(Create(key).done());
  }
  std::vector<std::string> keys;
  const auto collect = [&](std::string_view key, const Registry::Found& found) {
    EXPECT_EQ(found.record.enterprise(), 7u);
    keys.emplace_back(key);
    return true;
  };

  ASSERT_TRUE(node_.registry().List("H88.118.8/", "H88.118.80", 10, collect).ok());
  EXPECT_EQ(keys, (std::vector<std::string>{"H88.118.8/A", "H88.118.8/B", "H88.118.8/C"}));

  keys.clear();
  ASSERT_TRUE(node_.registry().List("H88.118.8/B", "", 2, collect).ok());
  EXPECT_EQ(keys, (std::vector<std::string>{"H88.118.8/B", "H88.118.8/C"}));
}

TEST_F(RegistryTest, StopsListingWhenAsked) {
  for (const char* key : {"HA/1", "HA/2", "HA/3"}) ASSERT_TRUE(Create(key).done());
  size_t seen = 0;

  ASSERT_TRUE(
      node_.registry()
          .List("H", "I", 10, [&](std::string_view, const Registry::Found&) { return ++seen < 2; })
          .ok());

  EXPECT_EQ(seen, 2u);
}

TEST_F(RegistryTest, CountsTheRecordOfAPrefixHandleNowhere) {
  constexpr std::string_view kPrefixKey = "H0.NA/88.118.8";
  const auto put = [&](std::optional<Position> present) {
    return node_.Commit(
        [&](Change& change) { AddPutPrefixRecord(change, kPrefixKey, 7, RecordOf(7), present); });
  };
  const Outcome created = put(std::nullopt);
  ASSERT_TRUE(created.done());
  EXPECT_EQ(put(std::nullopt).why, Errc::kExists);
  const Outcome replaced = put(created.position);
  ASSERT_TRUE(replaced.done());
  EXPECT_EQ(put(created.position).why, Errc::kConflict);
  EXPECT_EQ(node_.registry().Find(kPrefixKey, Reach::kDisk, scratch_)->version, replaced.position);

  const Outcome removed = node_.Commit([&](Change& change) {
    AddRemovePrefixRecord(change, kPrefixKey, kNoEnterprise, replaced.position);
  });

  ASSERT_TRUE(removed.done());
  EXPECT_EQ(FindError(kPrefixKey), Errc::kNotFound);
  EXPECT_TRUE(ReadTotals(node_.engine(), kOwn)->empty());
  std::vector<EventKind> kinds;
  for (const std::string& thin : node_.Records()) {
    const auto record = DecodeThin(thin);
    ASSERT_TRUE(record.ok());
    for (const LogItem& item : record->items) kinds.push_back(item.kind);
  }
  EXPECT_EQ(kinds, (std::vector{EventKind::kPrefixRecordPut, EventKind::kPrefixRecordPut,
                                EventKind::kPrefixRecordRemoved}));
}

TEST(Versioned, IsSplitIntoVersionAndBody) {
  const auto split = SplitVersion(std::string_view("\0\0\0\0\0\0\1\2body", 12));
  ASSERT_TRUE(split.ok());
  EXPECT_EQ(split->version, Position{258});
  EXPECT_EQ(split->body, "body");
  EXPECT_EQ(SplitVersion("1234567").error().code, Errc::kCorrupt);
  EXPECT_EQ(SplitVersion(std::string(8, '\0')).error().code, Errc::kCorrupt);
}

}  // namespace
}  // namespace idnode
