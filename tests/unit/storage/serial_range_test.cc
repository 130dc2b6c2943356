#include "storage/serial_range.h"

#include <gtest/gtest.h>

#include "storage/audit.h"
#include "storage/keyspace.h"
#include "storage/registry.h"
#include "tests/unit/storage/range_fixture.h"

namespace idnode {
namespace {

using Kind = Outcome::Kind;

TEST(SerialRangeMembers, AreCountedToTheLimitAndNoFurther) {
  EXPECT_EQ(*MembersBetween("7", "7"), 1u);
  EXPECT_EQ(*MembersBetween("0000001", "1000000"), 1'000'000u);
  EXPECT_EQ(*MembersBetween("000000000000", "999999999999"), limits::kRangeMembersMax);
  EXPECT_EQ(*MembersBetween("00000000000000000001", "00000001000000000000"),
            limits::kRangeMembersMax);
  EXPECT_EQ(*MembersBetween("09999999999999999999", "10000000000000000001"), 3u);
  EXPECT_EQ(*MembersBetween("00999999999999999999", "01000000000000000000"), 2u);
  for (const auto& [first, last] : {std::pair("0000000000000", "1000000000000"),
                                    std::pair("00000000000000000000", "99999999999999999999"),
                                    std::pair("00000000000000000000", "02000000000000000000"),
                                    std::pair("00000000000000000000", "01000000000000000000")}) {
    EXPECT_EQ(MembersBetween(first, last).error().code, Errc::kTooLarge) << last;
  }
}

TEST(SerialRangeMembers, AreDigitsOfOneWidthInOrder) {
  EXPECT_EQ(MembersBetween("2", "1").error().code, Errc::kMalformed);
  EXPECT_EQ(MembersBetween("01", "1").error().code, Errc::kWrongLength);
  EXPECT_EQ(MembersBetween("", "").error().code, Errc::kWrongLength);
  const std::string wide(21, '1');
  EXPECT_EQ(MembersBetween(wide, wide).error().code, Errc::kWrongLength);
  EXPECT_EQ(MembersBetween("A1", "A2").error().code, Errc::kNotDigits);
  EXPECT_EQ(MembersBetween("1 ", "2 ").error().code, Errc::kNotDigits);
}

TEST(SerialRangeRow, ComesBackAsItWas) {
  const std::string key = RangeKey(RangeNode::Product(), "0999");
  const std::string body = EncodeRange("0001", "L/1", RecordOf(7));
  const auto range = DecodeRange(key, body);
  ASSERT_TRUE(range.ok());
  EXPECT_EQ(range->product, RangeNode::Product());
  EXPECT_EQ(range->first, "0001");
  EXPECT_EQ(range->last, "0999");
  EXPECT_EQ(range->lot, "L/1");
  EXPECT_EQ(range->members, 999u);
  EXPECT_EQ(range->record.enterprise(), 7u);
  EXPECT_EQ(*DecodeRangeSet(EncodeRangeSet(3)), 3u);
}

TEST(SerialRangeRow, IsRefusedWhereverItIsCutShortOrContradictsItself) {
  const std::string key = RangeKey(RangeNode::Product(), "0999");
  const std::string body = EncodeRange("0001", "L1", RecordOf(7));
  for (size_t size = 0; size < body.size(); ++size) {
    EXPECT_FALSE(DecodeRange(key, body.substr(0, size)).ok()) << size;
  }
  for (size_t size = 0; size < key.size(); ++size) {
    EXPECT_FALSE(DecodeRange(key.substr(0, size), body).ok()) << size;
  }
  EXPECT_FALSE(DecodeRange(key + "1", body).ok());
  EXPECT_FALSE(DecodeRange(RangeKey(RangeNode::Product(), "0000"), body).ok());
  EXPECT_FALSE(DecodeRange(RangeKey(RangeNode::Product(), "09X9"), body).ok());
  std::string newer = body;
  newer[0] = 2;
  EXPECT_EQ(DecodeRange(key, newer).error().code, Errc::kFormatVersion);
  std::string blank = body;
  blank[7] = ' ';  // In the lot.
  EXPECT_EQ(DecodeRange(key, blank).error().code, Errc::kCorrupt);
  EXPECT_FALSE(DecodeRangeSet(EncodeRangeSet(0)).ok());
  EXPECT_FALSE(DecodeRangeSet("").ok());
  EXPECT_FALSE(DecodeRangeSet(EncodeRangeSet(1) + "x").ok());
}

class SerialRangesTest : public ::testing::Test {
 protected:
  bool IsProved() {
    const auto recount = RecountOwn(*node.engine().OpenView(), {});
    EXPECT_TRUE(recount.ok());
    for (const Difference& difference : recount->differences) {
      ADD_FAILURE() << difference.what << ": " << difference.recounted << " against "
                    << difference.stored;
    }
    return recount->differences.empty();
  }
  RangeNode node;
};

TEST_F(SerialRangesTest, HasEveryMemberAndNoOther) {
  ASSERT_TRUE(node.Allocate("0100", "0199", "L1", 1).done());
  ASSERT_TRUE(node.Allocate("0300", "0300", "", 2).done());
  ASSERT_TRUE(node.Allocate("10", "20", "", 3).done());
  ASSERT_TRUE(node.Allocate("0150", "0160", "", 4, RangeNode::Product("06901234567908")).done());
  for (const auto& [serial, holder] : {std::pair("0100", 1),
                                       {"0150", 1},
                                       {"0199", 1},
                                       {"0300", 2},
                                       {"10", 3},
                                       {"20", 3},
                                       {"0099", 0},
                                       {"0200", 0},
                                       {"0299", 0},
                                       {"0301", 0},
                                       {"09", 0},
                                       {"21", 0},
                                       {"150", 0},
                                       {"00150", 0},
                                       {"15O", 0},
                                       {"x", 0}}) {
    EXPECT_EQ(node.HolderOf(serial), static_cast<uint32_t>(holder)) << serial;
  }
  SerialRanges::Scratch scratch;
  const auto found = node.ranges().FindMember(node.Serial("0150"), Reach::kMemoryOnly, scratch);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->range.lot, "L1");
  EXPECT_EQ(found->range.first, "0100");
  EXPECT_TRUE(IsProved());
}

TEST_F(SerialRangesTest, CostsARowHoweverManyMembersItHas) {
  ASSERT_TRUE(node.Allocate("00000000", "99999999").done());
  EXPECT_EQ(CountRows(node.engine(), Table::kRanges), 2u);
  EXPECT_EQ(CountRows(node.engine(), Table::kRecords), 0u);
  EXPECT_EQ(node.Held(), 100'000'000);
}

TEST_F(SerialRangesTest, CountsAMemberAsOneOrAsTheOtherNeverAsBoth) {
  ASSERT_TRUE(node.Allocate("001", "100", "", 1).done());
  EXPECT_EQ(node.Held(), 100);
  EXPECT_EQ(node.Sum(Metric::kCreated), 0);

  ASSERT_TRUE(node.Register("050", 2).done());
  EXPECT_EQ(node.Held(), 99);
  EXPECT_EQ(node.Sum(Metric::kCreated, 2), 1);
  EXPECT_EQ(node.Sum(Metric::kDeallocated, 1), 1);  // Of whoever holds the range.
  EXPECT_EQ(node.Sum(Metric::kDeallocated, 2), 0);
  EXPECT_TRUE(IsProved());

  ASSERT_TRUE(node.Remove("050", 2).done());
  EXPECT_EQ(node.Held(), 100);
  EXPECT_EQ(node.Sum(Metric::kRemoved, 2), 1);
  EXPECT_TRUE(IsProved());

  ASSERT_TRUE(node.Register("101", 2).done());  // No member.
  EXPECT_EQ(node.Held(), 100);
  const Evaluation all = EvaluationOf(*ReadTotals(node.engine(), kOwn), kAllEnterprises, 0);
  EXPECT_EQ(all.registered, 1);
  EXPECT_EQ(all.registered_gross, 2);
  EXPECT_EQ(all.allocated, 100);

  ASSERT_TRUE(node.Withdraw("100").done());
  EXPECT_EQ(node.Held(), 0);
  EXPECT_EQ(CountRows(node.engine(), Table::kRanges), 0u);
  EXPECT_TRUE(IsProved());
}

TEST_F(SerialRangesTest, IsNotLaidOverRegisteredSerials) {
  ASSERT_TRUE(node.Register("0150").done());
  EXPECT_EQ(node.Allocate("0100", "0199").why, Errc::kExists);
  EXPECT_EQ(node.Allocate("0150", "0150").why, Errc::kExists);
  EXPECT_TRUE(node.Allocate("0100", "0149").done());
  EXPECT_TRUE(node.Allocate("0151", "0199").done());
  ASSERT_TRUE(node.Register("15x").done());  // In the way of 10-20 by the order of octets.
  EXPECT_EQ(node.Allocate("10", "20").why, Errc::kExists);
  EXPECT_TRUE(node.Allocate("16", "20").done());
  EXPECT_TRUE(IsProved());
}

TEST_F(SerialRangesTest, IsNotWithdrawnFromUnderRegisteredMembers) {
  ASSERT_TRUE(node.Allocate("0100", "0199").done());
  ASSERT_TRUE(node.Register("0199").done());
  EXPECT_EQ(node.Withdraw("0199").why, Errc::kExists);
  ASSERT_TRUE(node.Remove("0199").done());
  EXPECT_TRUE(node.Withdraw("0199").done());
  EXPECT_EQ(node.HolderOf("0150"), 0u);
}

TEST_F(SerialRangesTest, DecidesTheRangesOfAProductOneAfterTheOther) {
  const SerialRanges::Set none = *node.ranges().FindSet(node.Product(), Reach::kDisk);
  const auto overlapping = [&](std::string_view first, std::string_view last) {
    return node.Commit([&](Change& change) {
      ExpectRangeSet(change, node.Product(), none);
      AddAllocateRange(change, none, node.Product(), first, last, "", 1, RecordOf(1));
    });
  };
  ASSERT_TRUE(overlapping("100", "200").done());
  const Outcome second = overlapping("150", "250");
  EXPECT_EQ(second.kind, Kind::kRefused);
  EXPECT_TRUE(second.items.empty());  // What holds for the whole change did not hold.
}

TEST_F(SerialRangesTest, RefusesARegistrationThatDidNotKnowOfTheRange) {
  const SerialRanges::Set none = *node.ranges().FindSet(node.Product(), Reach::kDisk);
  ASSERT_TRUE(node.Allocate("100", "200").done());
  const Outcome outcome = node.Commit([&](Change& change) {
    ExpectRangeSet(change, node.Product(), none);
    AddCreate(change, node.Serial("150"), 1, RecordOf(1));
  });
  EXPECT_EQ(outcome.kind, Kind::kRefused);
  EXPECT_EQ(node.Held(), 101);
}

TEST_F(SerialRangesTest, KnowsWhetherThereAreAnyAtAll) {
  const auto before = SerialRanges::Open(node.engine());
  ASSERT_TRUE(before.ok());
  EXPECT_FALSE((*before)->any());
  ASSERT_TRUE(node.Allocate("1", "5").done());
  EXPECT_FALSE((*before)->any());  // Nobody has told it.
  EXPECT_TRUE((*SerialRanges::Open(node.engine()))->any());
}

TEST_F(SerialRangesTest, IsFoundByARecountWhenARowIsTamperedWith) {
  ASSERT_TRUE(node.Allocate("0100", "0199", "", 1).done());
  ASSERT_TRUE(node.Allocate("0300", "0399", "", 2).done());
  ASSERT_TRUE(node.Register("0350").done());
  const TableRows rows = AllRows(node.engine());
  const auto found = [](const TableRows& tampered) {
    const auto recount = RecountOwn(*EngineOf(tampered), {});
    return !recount.ok() || !recount->differences.empty();
  };
  ASSERT_FALSE(found(rows));
  const std::pair set(Table::kRanges, node.Product());
  const std::pair first(Table::kRanges, RangeKey(node.Product(), "0199"));
  const std::pair second(Table::kRanges, RangeKey(node.Product(), "0399"));

  for (const auto& place : {set, first, second}) {
    TableRows dropped = rows;
    dropped.erase(place);
    EXPECT_TRUE(found(dropped));
    TableRows early = rows;
    early[place][0] = 1;  // A version far after the head.
    EXPECT_TRUE(found(early));
    TableRows cut = rows;
    cut[place].resize(10);
    EXPECT_TRUE(found(cut));
  }
  TableRows wider = rows;
  wider[first][keyspace::kVersionOctets + 2] = '0';  // 0000 to 0199.
  EXPECT_TRUE(found(wider));
  TableRows overlapping = rows;
  overlapping[second][keyspace::kVersionOctets + 2] = '1';  // 0100 to 0399.
  EXPECT_TRUE(found(overlapping));
  TableRows moved = rows;
  moved[first] = rows.at(first).substr(0, 8) + EncodeRange("0100", "", RecordOf(2));
  EXPECT_TRUE(found(moved));
  TableRows unregistered = rows;
  unregistered.erase({Table::kRecords, node.Serial("0350")});
  EXPECT_TRUE(found(unregistered));
}

TEST(SerialRangeEvents, ThatCannotBeAreRefused) {
  const auto never = [](const Figure&, uint32_t, int64_t) { ADD_FAILURE(); };
  const auto refused = [&](EventKind kind, std::string_view body, uint32_t enterprise = 7) {
    return !EachSumOf({kind, enterprise, "key", body}, 1, 3, never).ok();
  };
  EXPECT_TRUE(refused(EventKind::kRangeAllocated, ""));
  EXPECT_TRUE(refused(EventKind::kRangeAllocated, MembersBody(0)));
  EXPECT_TRUE(refused(EventKind::kRangeAllocated, MembersBody(limits::kRangeMembersMax + 1)));
  EXPECT_TRUE(refused(EventKind::kRangeWithdrawn, MembersBody(UINT64_MAX)));
  EXPECT_TRUE(refused(EventKind::kRangeAllocated, MembersBody(1), kAllEnterprises));
  EXPECT_TRUE(refused(EventKind::kMemberRegistered, ""));
  EXPECT_TRUE(refused(EventKind::kMemberRegistered, HolderBody(kAllEnterprises)));
  EXPECT_TRUE(refused(EventKind::kMemberRemoved, HolderBody(7) + "x"));
}

}  // namespace
}  // namespace idnode
