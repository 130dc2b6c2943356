#include "storage/references.h"

#include <gtest/gtest.h>

#include "proto/base/text.h"
#include "storage/keyspace.h"
#include "tests/document_example.h"
#include "tests/unit/storage/table_fixture.h"

namespace idnode {
namespace {

constexpr std::string_view kWine = "H88.118.8/WINE";
constexpr std::string_view kBottle = "H88.118.8/BOTTLE-1";

Value ValueOf(uint32_t index, std::string_view type, std::string_view data,
              uint8_t permissions = kDefaultPermissions) {
  return {.index = index, .permissions = permissions, .type = type, .data = data};
}

// target relation source, one a line; "!" behind what is not public.
std::vector<std::string> To(const Rows& rows, std::string_view target, size_t count = 100) {
  std::vector<std::string> told;
  EXPECT_TRUE(EachReferenceTo(rows, target, count, [&](const StoredReference& reference) {
                EXPECT_EQ(reference.target, target);
                told.push_back(std::string(RowOf(reference.relation).name) + " " +
                               std::string(reference.source) + (reference.is_public ? "" : "!"));
                return true;
              }).ok());
  return told;
}
using Told = std::vector<std::string>;

TEST(References, AreTheValuesOfTheirTypesInAnyCaseAndScheme) {
  const std::vector<Value> values = {
      ValueOf(1, "URL", "https://a.example/"),
      ValueOf(2, "trace.Made_From", "88.118.8/wine"),
      ValueOf(3, "TRACE.PACKED_IN", "6901234567892"),
      ValueOf(4, "TRACE.PACKED_IN", "(01)06901234567892"),  // The same.
      ValueOf(5, "TRACE.MADE_FROM.x", "88.118.8/A"),        // Another type.
      ValueOf(6, "TRACE.MADE_FROM", "产品"),                // No identifier.
  };
  const auto references = ReferencesAmong(values);
  ASSERT_EQ(references.size(), 2u);
  EXPECT_EQ(references[0].target, ParseIdentifier("01/06901234567892")->key);
  EXPECT_EQ(references[0].relation, Relation::kPackedIn);
  EXPECT_EQ(references[1].target, kWine);
  EXPECT_EQ(references[1].relation, Relation::kMadeFrom);
}

TEST(References, ArePublicWhereAnyValueSaysSo) {
  const auto of = [](uint8_t first, uint8_t second) {
    return ReferencesAmong(std::vector<Value>{ValueOf(1, "TRACE.MADE_FROM", "88.118.8/A", first),
                                              ValueOf(2, "TRACE.MADE_FROM", "88.118.8/a", second)});
  };
  ASSERT_EQ(of(kAdminRead, kPublicRead).size(), 1u);
  EXPECT_TRUE(of(kAdminRead, kPublicRead)[0].is_public);
  EXPECT_TRUE(of(kPublicRead, kAdminRead)[0].is_public);
  EXPECT_FALSE(of(kAdminRead, kAdminRead)[0].is_public);
}

TEST(References, HaveKeysFromWhichBothSidesComeBack) {
  for (const std::string_view target : {std::string_view("H1/A"), std::string_view("G\0\1\2", 4)}) {
    for (const RelationRow& row : kRelationRows) {
      const std::string key = ReferenceKey(target, row.relation, kBottle);
      const auto parsed = ParseReference(key, ReferenceRow(true));
      ASSERT_TRUE(parsed.ok());
      EXPECT_EQ(parsed->target, target);
      EXPECT_EQ(parsed->relation, row.relation);
      EXPECT_EQ(parsed->source, kBottle);
      EXPECT_TRUE(parsed->is_public);
      EXPECT_TRUE(key.starts_with(keyspace::ReferencesTo(target)));
    }
  }
}

TEST(References, OfOneTargetAreOneScanEvenWhereItBeginsAnother) {
  const auto engine = OpenMemoryEngine();
  Batch batch;
  for (const std::string_view target : {"HA", "HAB", "HA\x02"}) {
    batch.Put(Table::kReferences, ReferenceKey(target, Relation::kMadeFrom, "HS"),
              ReferenceRow(true));
  }
  ASSERT_TRUE(engine->Write(batch, Engine::Durability::kSynced).ok());
  EXPECT_EQ(To(*engine, "HA"), Told{"made_from HS"});
  EXPECT_EQ(To(*engine, "HAB"), Told{"made_from HS"});
  EXPECT_EQ(To(*engine, "H"), Told{});
}

TEST(References, AreRefusedWhereTheirRowIsCutShortOrOfAnotherKind) {
  const std::string key = ReferenceKey(kWine, Relation::kMadeFrom, kBottle);
  const std::string row = ReferenceRow(false);
  for (size_t size = 0; size < 2 + kWine.size() + 2; ++size) {
    EXPECT_EQ(ParseReference(key.substr(0, size), row).error().code, Errc::kCorrupt) << size;
  }
  for (const std::string& bad :
       {std::string(), std::string("\1"), std::string("\1\2", 2), std::string("\1\0x", 3)}) {
    EXPECT_EQ(ParseReference(key, bad).error().code, Errc::kCorrupt);
  }
  EXPECT_EQ(ParseReference(key, std::string("\2\0", 2)).error().code, Errc::kFormatVersion);
  std::string odd = key;
  odd[2 + kWine.size()] = 99;
  EXPECT_EQ(ParseReference(odd, row).error().code, Errc::kCorrupt);
}

class ReferenceRows : public ::testing::Test {
 protected:
  MemoryNode node_;
  const std::vector<RecordReference> made_{{std::string(kWine), Relation::kMadeFrom, true}};
  const std::vector<RecordReference> packed_{{"H88.118.8/CASE", Relation::kPackedIn, false},
                                             {std::string(kWine), Relation::kMadeFrom, false}};
};

TEST_F(ReferenceRows, ComeChangeAndGoWithTheirRecord) {
  const Position created =
      node_.Commit([&](Change& change) { AddCreate(change, kBottle, 7, RecordOf(7), 0, made_); })
          .position;
  EXPECT_EQ(To(node_.engine(), kWine), Told{"made_from H88.118.8/BOTTLE-1"});

  const Outcome replaced = node_.Commit([&](Change& change) {
    AddReplace(change, kBottle, 7, RecordOf(7, "88.118.8/bottle-1"), created, {made_, packed_});
  });
  ASSERT_TRUE(replaced.done());
  EXPECT_EQ(To(node_.engine(), kWine), Told{"made_from H88.118.8/BOTTLE-1!"});
  EXPECT_EQ(To(node_.engine(), "H88.118.8/CASE"), Told{"packed_in H88.118.8/BOTTLE-1!"});

  ASSERT_TRUE(node_
                  .Commit([&](Change& change) {
                    AddRemove(change, kBottle, 7, replaced.position, 0, packed_);
                  })
                  .done());
  EXPECT_EQ(To(node_.engine(), kWine), Told{});
  EXPECT_EQ(To(node_.engine(), "H88.118.8/CASE"), Told{});
}

TEST_F(ReferenceRows, AreNotWrittenWhereTheRecordIsRefused) {
  ASSERT_TRUE(
      node_.Commit([&](Change& change) { AddCreate(change, kBottle, 7, RecordOf(7)); }).done());
  EXPECT_FALSE(
      node_.Commit([&](Change& change) { AddCreate(change, kBottle, 7, RecordOf(7), 0, made_); })
          .done());
  EXPECT_EQ(To(node_.engine(), kWine), Told{});
}

TEST_F(ReferenceRows, OfARecordWithoutReferencesCostNothing) {
  Change change(kMorning, "tester", {}, Change::Mode::kEach);
  AddCreate(change, kBottle, 7, RecordOf(7));
  EXPECT_EQ(change.effects(0).size(), 1u);
}

TEST(Withdrawn, IsKeptWithTheMomentAndTheEnterprise) {
  MemoryNode node;
  EXPECT_FALSE(node.registry().Withdrawn(kBottle, Reach::kDisk)->has_value());
  const Position created =
      node.Commit([](Change& change) { AddCreate(change, kBottle, 7, RecordOf(7)); }).position;
  EXPECT_FALSE(node.registry().Withdrawn(kBottle, Reach::kDisk)->has_value());
  ASSERT_TRUE(node.Commit([&](Change& change) { AddRemove(change, kBottle, 7, created); }).done());

  const auto withdrawn = node.registry().Withdrawn(kBottle, Reach::kDisk);
  ASSERT_TRUE(withdrawn.ok());
  ASSERT_TRUE(withdrawn->has_value());
  EXPECT_EQ((*withdrawn)->time, kMorning);
  EXPECT_EQ((*withdrawn)->enterprise, 7u);
}

TEST(Withdrawn, IsRefusedWhereItsRowIsCutShortOrOfAnotherLayout) {
  const std::string row = EncodeWithdrawal({kMorning, 7});
  for (size_t size = 0; size < row.size(); ++size) {
    EXPECT_EQ(DecodeWithdrawal(row.substr(0, size)).error().code, Errc::kCorrupt);
  }
  EXPECT_EQ(DecodeWithdrawal(row + "x").error().code, Errc::kCorrupt);
  EXPECT_EQ(DecodeWithdrawal("\2" + row.substr(1)).error().code, Errc::kFormatVersion);
}

// docs/formats/store.md: a row that begins with its table, its octets in the line below.
TEST(References, AreShownInTheDocumentAsTheCodeMakesThem) {
  const std::vector<Value> values = {
      ValueOf(1, "TRACE.MADE_FROM", "88.118.8/1"),
      ValueOf(2, "TRACE.PACKED_IN", "00/106141412345678908", kAdminRead | kAdminWrite)};
  std::string text;
  for (const RecordReference& reference : ReferencesAmong(values)) {
    text += "references" +
            ToHex(ReferenceKey(reference.target, reference.relation, "H88.118.8/3")) +
            ToHex(ReferenceRow(reference.is_public));
  }
  EXPECT_EQ(WithoutSpace(ExampleIn("store.md", "Example of references")), text);
}

}  // namespace
}  // namespace idnode
