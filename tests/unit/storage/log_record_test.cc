#include "storage/log_record.h"

#include <gtest/gtest.h>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "storage/apply.h"
#include "storage/checksum.h"
#include "tests/document_example.h"
#include "tests/unit/storage/ledger_fixture.h"

namespace idnode {
namespace {

Digest Filled(char octet) {
  Digest digest;
  digest.fill(octet);
  return digest;
}

std::shared_ptr<const Change> ThreeItems() {
  auto change = std::make_shared<Change>(kMorning, "tester", IdOf("op"), Change::Mode::kEach);
  AddCreateOf(*change, "a", "first");
  AddCreateOf(*change, "b", "second");
  change->Begin(EventKind::kIdentifierRemoved, kSomeEnterprise, "c", "body of c");
  change->Remove(Table::kRecords, "c");
  change->Seal();
  return change;
}

std::string Thin(const Change& change, const std::vector<uint8_t>& done) {
  std::string thin;
  EncodeThin(Position{9}, Filled('p'), change, done, Filled('r'), thin);
  return thin;
}

std::string Whole(const Change& change) {
  std::string effects;
  EncodeEffects(change, std::vector<uint8_t>(change.items().size(), 1), {}, effects);
  return effects;
}

// What a forger would send: any octets, under the checksum that fits.
std::string WithChecksum(std::string octets) {
  octets.resize(octets.size() - kChecksumOctets);
  AppendChecksum(octets, 0);
  return octets;
}

TEST(LogRecord, ReadsBackWhatWasDone) {
  const auto change = ThreeItems();
  const std::string thin = Thin(*change, {1, 0, 1});

  const auto record = DecodeThin(thin);

  ASSERT_TRUE(record.ok());
  EXPECT_EQ(record->position, Position{9});
  EXPECT_EQ(record->time, kMorning);
  EXPECT_EQ(record->predecessor, Filled('p'));
  EXPECT_EQ(record->operation, IdOf("op"));
  EXPECT_EQ(record->actor, "tester");
  EXPECT_EQ(record->root, Filled('r'));
  ASSERT_EQ(record->items.size(), 2u);
  EXPECT_EQ(record->items[0].kind, EventKind::kIdentifierCreated);
  EXPECT_EQ(record->items[0].key, "a");
  EXPECT_EQ(record->items[1].kind, EventKind::kIdentifierRemoved);
  EXPECT_EQ(record->items[1].enterprise, kSomeEnterprise);
  EXPECT_EQ(record->items[1].key, "c");
  EXPECT_EQ(record->items[1].body, "body of c");
}

TEST(LogRecordDocument, ShowsWhatTheCodeMakes) {
  const auto change = ThreeItems();
  EXPECT_EQ(ToHex(Thin(*change, {1, 0, 1})), WithoutSpace(ExampleIn("log-record.md", "Example")));
  std::string effects;
  const std::vector<uint8_t> outcomes = {0, static_cast<uint8_t>(Errc::kExists) + 1, 0};
  EncodeEffects(*change, std::vector<uint8_t>{1, 0, 1}, outcomes, effects);
  EXPECT_EQ(ToHex(effects), WithoutSpace(ExampleIn("log-record.md", "Example of effects")));
}

TEST(LogRecord, HasTheSizeThatItsLimitsSay) {
  const auto change = ThreeItems();
  EXPECT_EQ(Thin(*change, {1, 1, 1}).size(), kThinFixedOctets + change->actor().size() +
                                                 3 * kThinItemOctets + change->event_octets());
}

TEST(LogRecord, IsRefusedWhereverItIsCutShort) {
  const std::string thin = Thin(*ThreeItems(), {1, 1, 1});
  for (size_t size = 0; size < thin.size(); ++size) {
    EXPECT_FALSE(DecodeThin(thin.substr(0, size)).ok()) << size;
    if (size <= kChecksumOctets) continue;
    EXPECT_EQ(DecodeThin(WithChecksum(thin.substr(0, size))).error().code, Errc::kMalformed)
        << size;
  }
  EXPECT_EQ(DecodeThin(WithChecksum(thin + "x")).error().code, Errc::kMalformed);
}

TEST(LogRecord, IsRefusedWithAnyBitFlipped) {
  const std::string thin = Thin(*ThreeItems(), {1, 1, 1});
  for (size_t bit = 0; bit < thin.size() * 8; ++bit) {
    std::string flipped = thin;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    const Errc expected = bit < 8 ? Errc::kFormatVersion : Errc::kForged;
    ASSERT_EQ(DecodeThin(flipped).error().code, expected) << bit;
  }
}

TEST(LogRecord, IsRefusedWithValuesThatCannotBe) {
  const std::string thin = Thin(*ThreeItems(), {1, 1, 1});
  std::string other_shard = thin;
  other_shard[2] = 1;
  EXPECT_EQ(DecodeThin(WithChecksum(other_shard)).error().code, Errc::kMalformed);
  std::string no_position = thin;
  no_position[10] = 0;
  EXPECT_EQ(DecodeThin(WithChecksum(no_position)).error().code, Errc::kMalformed);
  std::string unknown_event = thin;
  unknown_event[kThinFixedOctets - kChecksumOctets + 6] = 99;
  EXPECT_EQ(DecodeThin(WithChecksum(unknown_event)).error().code, Errc::kFormatVersion);
  EXPECT_EQ(DecodeThin(WithChecksum(Thin(*ThreeItems(), {0, 0, 0}))).error().code,
            Errc::kMalformed);
  EXPECT_EQ(DecodeThin(std::string(limits::kLogRecordOctetsMax + 1, '\1')).error().code,
            Errc::kTooLarge);
}

TEST(Effects, ReadBackAsTheyWereDecided) {
  const auto change = ThreeItems();
  std::string octets;
  EncodeEffects(*change, std::vector<uint8_t>{1, 0, 1}, std::vector<uint8_t>{0, 5, 0}, octets);

  const auto effects = DecodeEffects(octets);

  ASSERT_TRUE(effects.ok());
  EXPECT_EQ(effects->change_items, 3u);
  EXPECT_EQ(effects->outcomes, std::string_view("\0\5\0", 3));
  ASSERT_EQ(effects->items.size(), 2u);
  ASSERT_EQ(effects->items[0].effects.size(), 1u);
  EXPECT_EQ(effects->items[0].effects[0].key, "a");
  EXPECT_EQ(effects->items[0].effects[0].body, "first");
  ASSERT_EQ(effects->items[0].sums.size(), 1u);
  EXPECT_EQ(effects->items[0].sums[0].figure, CreatedBy(kSomeEnterprise));
  EXPECT_EQ(effects->items[1].effects[0].kind, EffectKind::kRemove);
}

TEST(Effects, HashToTheRootOfTheirChange) {
  const auto change = ThreeItems();
  EXPECT_EQ(DecodeEffects(Whole(*change))->Root(), change->root());
}

TEST(Effects, AreRefusedWhereverTheyAreCutShort) {
  const std::string effects = Whole(*ThreeItems());
  Batch rows;
  for (size_t size = 0; size < effects.size(); ++size) {
    EXPECT_FALSE(ApplyEncoded(Position{1}, effects.substr(0, size), rows).ok()) << size;
    if (size <= kChecksumOctets) continue;
    EXPECT_FALSE(ApplyEncoded(Position{1}, WithChecksum(effects.substr(0, size)), rows).ok())
        << size;
  }
  EXPECT_FALSE(DecodeEffects(WithChecksum(effects + "x")).ok());
  EXPECT_TRUE(rows.empty());
}

TEST(Effects, MayOnlyNameTablesThatChangesWrite) {
  const std::string effects = Whole(*ThreeItems());
  const size_t table = 1 + 4 + 4 + 4 + 4;  // Of the first item's first effect.
  ASSERT_EQ(effects[table], static_cast<char>(Table::kRecords));
  for (int value = 0; value < 256; ++value) {
    std::string forged = effects;
    forged[table] = static_cast<char>(value);
    const Table named = static_cast<Table>(value);
    const bool allowed = named == Table::kRecords || named == Table::kDirectory ||
                         named == Table::kChildren || named == Table::kMeta ||
                         named == Table::kRanges || named == Table::kReferences ||
                         named == Table::kWithdrawn || named == Table::kBusiness ||
                         named == Table::kFilings || named == Table::kSources;
    EXPECT_EQ(DecodeEffects(WithChecksum(forged)).ok(), allowed) << value;
  }
}

TEST(Effects, AreRefusedWhenItemsAndOutcomesDisagree) {
  std::string octets;
  EncodeEffects(*ThreeItems(), std::vector<uint8_t>{1, 0, 1}, std::vector<uint8_t>{0, 0, 0},
                octets);
  EXPECT_EQ(DecodeEffects(octets).error().code, Errc::kMalformed);
  octets.clear();
  EncodeEffects(*ThreeItems(), std::vector<uint8_t>{1, 0, 1}, {}, octets);
  EXPECT_EQ(DecodeEffects(octets).error().code, Errc::kMalformed);
}

TEST(Tally, ReadsBackItsRowsAndRefusesTruncations) {
  const std::vector<TallyRow> rows = {{CreatedBy(1), 5, 3}, {CreatedBy(2), 6, -1}};
  const std::string body = EncodeTally(rows);
  EXPECT_EQ(*DecodeTally(body), rows);
  for (size_t size = 0; size < body.size(); ++size) {
    EXPECT_EQ(DecodeTally(body.substr(0, size)).error().code, Errc::kMalformed) << size;
  }
  EXPECT_FALSE(DecodeTally(body + "x").ok());
  EXPECT_FALSE(DecodeTally("\xFF\xFF\xFF\xFF").ok());
}

}  // namespace
}  // namespace idnode
