#include "storage/children.h"

#include <gtest/gtest.h>

#include "storage/audit.h"
#include "storage/keyspace.h"
#include "tests/unit/storage/tamper.h"

namespace idnode {
namespace {

constexpr uint32_t kChild = 3;

Child NewChild(uint32_t number = kChild) {
  return {.number = number,
          .node_id = "0123456789abcdef0123456789abcde" + std::to_string(number),
          .name = "企业节点",
          .prefix = "88.118.8",
          .token_id = "00112233445566ff",
          .docked = kMorning};
}

std::vector<std::string_view> Views(const std::vector<std::string>& records, size_t from,
                                    size_t until) {
  return {records.begin() + static_cast<ptrdiff_t>(from),
          records.begin() + static_cast<ptrdiff_t>(until)};
}

class ChildrenTest : public ::testing::Test {
 protected:
  ChildrenTest() {
    LiveThrough(below_, 5, 60);
    records_ = below_.Records();
    EXPECT_TRUE(node_.Commit([](Change& change) { AddDockChild(change, NewChild()); }).done());
  }
  Child Held() {
    const auto child = ReadChild(node_.engine(), kChild);
    EXPECT_TRUE(child.ok());
    return *child;
  }
  Errc ErrorOf(const Child& child, const std::vector<std::string_view>& records) {
    Change change(kMorning, "tester", {}, Change::Mode::kTogether);
    const auto next = AddChildRecords(change, child, records);
    EXPECT_EQ(change.items().size(), next.ok() ? 1u : 0u);
    return next ? Errc::kInternal : next.error().code;
  }
  Outcome Take(const Child& child, size_t from, size_t until) {
    return node_.Commit([&](Change& change) {
      EXPECT_TRUE(AddChildRecords(change, child, Views(records_, from, until)).ok());
    });
  }
  Outcome Take(size_t from, size_t until) { return Take(Held(), from, until); }
  Recount RecountOf(const Rows& rows) {
    const auto recount = RecountChild(rows, kChild, {});
    EXPECT_TRUE(recount.ok());
    return recount ? *recount : Recount{};
  }

  // A record as a child could write it, of one item.
  static std::string RecordFrom(const Child& child, EventKind kind, uint32_t enterprise,
                                std::string_view key, std::string_view body) {
    Change change(kMorning, "hostile", {}, Change::Mode::kTogether);
    change.Begin(kind, enterprise, key, body);
    change.Seal();
    std::string thin;
    const uint8_t done = 1;
    EncodeThin(Position{child.head.value + 1}, child.tip, change, std::span(&done, 1),
               change.root(), thin);
    return thin;
  }

  MemoryNode below_, node_;
  std::vector<std::string> records_;
};

TEST(ChildRow, ComesBackAsItWas) {
  Child child = NewChild();
  for (const char* record : {"a", "b", "c"}) {
    child.tip = LeafHash(record);
    child.tree.Append(child.tip);
    ++child.head.value;
  }
  const auto back = DecodeChild(EncodeChild(child));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->number, child.number);
  EXPECT_EQ(back->node_id, child.node_id);
  EXPECT_EQ(back->name, child.name);
  EXPECT_EQ(back->prefix, child.prefix);
  EXPECT_EQ(back->token_id, child.token_id);
  EXPECT_EQ(back->head, child.head);
  EXPECT_EQ(back->tip, child.tip);
  EXPECT_EQ(back->tree, child.tree);
  EXPECT_EQ(back->docked, child.docked);
}

TEST(ChildRow, IsRefusedWhereverItIsCutShortOrContradictsItself) {
  const std::string row = EncodeChild(NewChild());
  for (size_t size = 0; size < row.size(); ++size) {
    EXPECT_FALSE(DecodeChild(std::string_view(row).substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(DecodeChild(row + "x").ok());
  std::string newer = row;
  newer[0] = 9;
  EXPECT_EQ(DecodeChild(newer).error().code, Errc::kFormatVersion);
  Child headless = NewChild();
  headless.head = Position{1};
  EXPECT_FALSE(DecodeChild(EncodeChild(headless)).ok());
  EXPECT_FALSE(DecodeChild(EncodeChild(NewChild(kOwn))).ok());
}

TEST_F(ChildrenTest, AreFoundByNodeIdAndListed) {
  ASSERT_TRUE(node_.Commit([](Change& change) { AddDockChild(change, NewChild(1)); }).done());

  const auto found = FindChild(node_.engine(), NewChild().node_id);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->number, kChild);
  EXPECT_EQ(found->version, Position{1});
  EXPECT_EQ(FindChild(node_.engine(), "nobody").error().code, Errc::kNotFound);
  const auto all = ListChildren(node_.engine());
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[0].number, 1u);
}

TEST_F(ChildrenTest, DockOnceByNumberAndByNodeId) {
  Child same_node = NewChild();
  same_node.number = 9;
  Child same_number = NewChild();
  same_number.node_id = "another";
  for (const Child& child : {same_node, same_number}) {
    EXPECT_EQ(node_.Commit([&](Change& change) { AddDockChild(change, child); }).kind,
              Outcome::Kind::kRefused);
  }
}

TEST_F(ChildrenTest, AreKeptWordForWordInWhateverBatches) {
  size_t from = 0;
  for (const size_t until : {size_t{1}, size_t{2}, size_t{30}, records_.size()}) {
    ASSERT_TRUE(Take(from, until).done());
    from = until;
  }

  const Child held = Held();
  EXPECT_EQ(held.head.value, records_.size());
  EXPECT_EQ(held.tree.Root(), below_.ledger().tree_head().root);
  for (size_t i = 0; i < records_.size(); ++i) {
    std::string row;
    ASSERT_TRUE(*node_.engine().Get(Table::kChildren, keyspace::ChildLog(kChild, Position{i + 1}),
                                    Reach::kDisk, row));
    EXPECT_EQ(SplitVersion(row)->body, records_[i]);
  }
}

TEST_F(ChildrenTest, CountAsTheyCountThemselvesUnderTheirNumber) {
  ASSERT_TRUE(Take(0, records_.size()).done());

  const Sums own = *ReadTotals(below_.engine(), kOwn);
  Sums theirs;
  for (const auto& [figure, sum] : own) {
    Figure moved = figure;
    moved.origin = kChild;
    theirs[moved] = sum;
  }
  EXPECT_EQ(*ReadTotals(node_.engine(), kChild), theirs);
  EXPECT_TRUE(ReadTotals(node_.engine(), kOwn)->empty());
  EXPECT_EQ(*ConnectedEnterprises(node_.engine(), kChild),
            static_cast<int64_t>(below_.directory().View()->connected_enterprises()));
  size_t enterprises = 0;
  ASSERT_TRUE(EachChildEnterprise(node_.engine(), kChild, [&](const Enterprise& enterprise) {
                EXPECT_EQ(enterprise.code, "E" + std::to_string(enterprise.number));
                ++enterprises;
              }).ok());
  EXPECT_EQ(enterprises, 3u);
}

TEST_F(ChildrenTest, AreConnectedOnlyWhileEnterpriseAndPrefixAreActive) {
  const auto connected_after = [&](const std::function<void(Change&)>& build) {
    EXPECT_TRUE(below_.Commit(build).done());
    records_ = below_.Records();
    EXPECT_TRUE(Take(Held().head.value, records_.size()).done());
    return *ConnectedEnterprises(node_.engine(), kChild);
  };
  const auto view = below_.directory().View();
  EXPECT_EQ(connected_after([&](Change& change) {
              AddPutPrefix(change,
                           PrefixOf(1, "88.118.1", Scheme::kHandle, PrefixState::kSuspended),
                           view->FindPrefix({Scheme::kHandle, "88.118.1"})->version);
            }),
            2);
  EXPECT_EQ(connected_after([&](Change& change) {
              AddPutEnterprise(change, EnterpriseOf(2, EnterpriseState::kSuspended),
                               view->FindEnterprise(2)->version);
            }),
            1);
}

TEST_F(ChildrenTest, AreStoredOnceWhenABatchComesTwice) {
  const Child before = Held();
  ASSERT_TRUE(Take(before, 0, 10).done());
  const Sums once = *ReadTotals(node_.engine(), kChild);

  const Outcome again = Take(before, 0, 10);

  EXPECT_EQ(again.kind, Outcome::Kind::kRefused);
  EXPECT_EQ(again.why, Errc::kConflict);
  EXPECT_EQ(*ReadTotals(node_.engine(), kChild), once);
  EXPECT_EQ(ErrorOf(Held(), Views(records_, 0, 10)), Errc::kGap);
}

TEST_F(ChildrenTest, AreRefusedOutOfOrder) {
  EXPECT_EQ(ErrorOf(Held(), {}), Errc::kMalformed);
  EXPECT_EQ(ErrorOf(Held(), Views(records_, 1, 3)), Errc::kGap);
  EXPECT_EQ(ErrorOf(Held(), {records_[0], records_[2]}), Errc::kGap);
  EXPECT_EQ(ErrorOf(Held(), {records_[0], records_[0]}), Errc::kGap);
  EXPECT_EQ(ErrorOf(Held(), {records_[1], records_[0]}), Errc::kGap);
}

TEST_F(ChildrenTest, AreRefusedFromAnotherHistory) {
  ASSERT_TRUE(Take(0, 10).done());
  MemoryNode other;
  LiveThrough(other, 6, 20);
  const std::vector<std::string> forged = other.Records();
  EXPECT_EQ(ErrorOf(Held(), Views(forged, 10, 12)), Errc::kForged);
  EXPECT_EQ(ErrorOf(Held(), {records_[10], forged[11]}), Errc::kForged);
}

TEST_F(ChildrenTest, AreRefusedWithAnyOctetChanged) {
  for (size_t octet = 0; octet < records_[0].size(); ++octet) {
    std::string changed = records_[0];
    changed[octet] = static_cast<char>(changed[octet] ^ 1);
    EXPECT_NE(ErrorOf(Held(), {changed}), Errc::kInternal) << octet;
  }
}

TEST_F(ChildrenTest, AreRefusedWithRowsOrFiguresThatCannotBe) {
  const Child held = Held();
  TallyRow registrations = Resolutions(7, 1);
  registrations.figure.metric = Metric::kCreated;
  const auto tally = [](const TallyRow& row) { return EncodeTally(std::vector{row}); };
  const std::vector<std::string> hostile{
      RecordFrom(held, EventKind::kTally, kNoEnterprise, "", tally(registrations)),
      RecordFrom(held, EventKind::kTally, kNoEnterprise, "",
                 tally(Resolutions(kAllEnterprises, 1))),
      RecordFrom(held, EventKind::kTally, kNoEnterprise, "", tally(Resolutions(7, -5))),
      RecordFrom(held, EventKind::kTally, kNoEnterprise, "", "not a tally"),
      RecordFrom(held, EventKind::kIdentifierCreated, kAllEnterprises, "H1", ""),
      RecordFrom(held, EventKind::kEnterprisePut, 7, "E", "\x01 is no row"),
      RecordFrom(held, EventKind::kPrefixPut, 7, "P", EncodeEnterprise(EnterpriseOf(7)))};
  for (size_t i = 0; i < hostile.size(); ++i) {
    EXPECT_EQ(ErrorOf(held, {hostile[i]}), Errc::kMalformed) << i;
  }
  // At the end of a batch too: nothing of it is taken.
  const std::string fits = RecordFrom(held, EventKind::kIdentifierCreated, 7, "H1", "");
  EXPECT_EQ(ErrorOf(held, {fits}), Errc::kInternal);
  Child next = held;
  ++next.head.value;
  next.tip = LeafHash(fits);
  const std::string last =
      RecordFrom(next, EventKind::kTally, kNoEnterprise, "", tally(registrations));
  EXPECT_EQ(ErrorOf(held, {fits, last}), Errc::kMalformed);
}

TEST_F(ChildrenTest, KeepTheirPrefixHandlesToThemselves) {
  for (const EventKind kind : {EventKind::kPrefixRecordPut, EventKind::kPrefixRecordRemoved}) {
    const std::string record = RecordFrom(Held(), kind, kNoEnterprise, "H0.NA/88.118.8.1", "");
    ASSERT_TRUE(node_
                    .Commit([&](Change& change) {
                      EXPECT_TRUE(AddChildRecords(change, Held(), {record}).ok());
                    })
                    .done());
  }
  EXPECT_EQ(Held().head, Position{2});
  EXPECT_TRUE(ReadTotals(node_.engine(), kChild)->empty());
  EXPECT_TRUE(RecountOf(node_.engine()).differences.empty());
}

TEST_F(ChildrenTest, CannotTouchTheFiguresOfAnybodyElse) {
  ASSERT_TRUE(
      node_.Commit([](Change& change) { AddCreate(change, "HA/1", 7, RecordOf(7)); }).done());
  const Sums own = *ReadTotals(node_.engine(), kOwn);
  for (const uint32_t claimed : {kOwn, 1u, 99u}) {
    TallyRow row = Resolutions(7, 1'000);
    row.figure.origin = claimed;
    const std::string record =
        RecordFrom(Held(), EventKind::kTally, kNoEnterprise, "", EncodeTally(std::vector{row}));
    ASSERT_TRUE(node_
                    .Commit([&](Change& change) {
                      EXPECT_TRUE(AddChildRecords(change, Held(), {record}).ok());
                    })
                    .done());
  }

  EXPECT_EQ(*ReadTotals(node_.engine(), kOwn), own);
  EXPECT_TRUE(ReadTotals(node_.engine(), 1)->empty());
  EXPECT_TRUE(ReadTotals(node_.engine(), 99)->empty());
  Figure counted = Resolutions(7, 1).figure;
  counted.origin = kChild;
  EXPECT_EQ((*ReadTotals(node_.engine(), kChild))[counted], 3'000);
  EXPECT_TRUE(RecountOwn(node_.engine(), {})->differences.empty());
}

TEST_F(ChildrenTest, AreHeldToTheLimitsOfABatch) {
  Child held = Held();
  std::vector<std::string> many;
  for (size_t i = 0; i <= limits::kSyncEventsPerBatchMax; ++i) {
    many.push_back(RecordFrom(held, EventKind::kGap, kNoEnterprise, "", "12345678"));
    held.head.value++;
    held.tip = LeafHash(many.back());
  }
  EXPECT_EQ(ErrorOf(Held(), {many.begin(), many.end()}), Errc::kTooLarge);
  EXPECT_EQ(ErrorOf(Held(), {many.begin(), many.end() - 1}), Errc::kInternal);

  const std::string large(3u << 20, 'x');
  const std::string first = RecordFrom(Held(), EventKind::kGap, kNoEnterprise, "", large);
  Child next = Held();
  next.head.value++;
  next.tip = LeafHash(first);
  const std::string second = RecordFrom(next, EventKind::kGap, kNoEnterprise, "", large);
  EXPECT_EQ(ErrorOf(Held(), {first}), Errc::kInternal);
  EXPECT_EQ(ErrorOf(Held(), {first, second}), Errc::kTooLarge);
}

TEST_F(ChildrenTest, AreRecountedFromWhatTheySent) {
  ASSERT_TRUE(Take(0, 25).done());
  ASSERT_TRUE(Take(25, records_.size()).done());

  const Recount recount = RecountOf(node_.engine());

  for (const Difference& difference : recount.differences) ADD_FAILURE() << difference.what;
  EXPECT_EQ(recount.log_records, records_.size());
  EXPECT_EQ(recount.tree, below_.ledger().tree_head());
  EXPECT_TRUE(RecountOwn(node_.engine(), {})->differences.empty());
  EXPECT_EQ(RecountChild(node_.engine(), 99, {}).error().code, Errc::kNotFound);
}

TEST_F(ChildrenTest, AreFoundTamperedWithInAThousandTrials) {
  ASSERT_TRUE(Take(0, records_.size()).done());
  const TableRows rows = AllRows(node_.engine());
  const auto covers = [](Table table, const std::string& key) {
    if (table == Table::kChildren) {
      return key.starts_with(keyspace::ChildLog(kChild, Position{}).substr(0, 5)) ||
             key.starts_with(keyspace::ChildEnterprise(kChild, 0).substr(0, 5)) ||
             key.starts_with(keyspace::ChildPrefix(kChild, 'H', "").substr(0, 5));
    }
    return table == Table::kCounters;
  };
  std::mt19937 chance(72);
  size_t only_version = 0;
  for (int trial = 0; trial < 1'000; ++trial) {
    TableRows tampered = rows;
    const std::string what = Tamper(tampered, chance, covers);
    const auto recount = RecountChild(*EngineOf(tampered), kChild, {});
    if (recount && recount->differences.empty()) {
      // The version before a row is ours, not the child's: not what its log can answer for.
      bool same_bodies = true;
      for (const auto& [place, value] : rows) {
        const auto at = tampered.find(place);
        const size_t head = place.first == Table::kChildren ? 8 : 0;
        same_bodies =
            same_bodies && at != tampered.end() && at->second.substr(head) == value.substr(head);
      }
      EXPECT_TRUE(same_bodies && tampered.size() == rows.size())
          << "trial " << trial << ": " << what;
      ++only_version;
    }
  }
  EXPECT_LT(only_version, 200u);
}

}  // namespace
}  // namespace idnode
