#include "node/service/range_allocation.h"

#include <atomic>
#include <deque>
#include <thread>

#include "proto/base/limits.h"
#include "tests/unit/node/service/ranges_under_test.h"

namespace idnode {
namespace {

class RangeAllocationTest : public RangesUnderTest {
 protected:
  RangeAllocationTest() { Tell(); }
  RangeItem Asked(std::string_view serials, std::string_view data = "https://acme.example/range") {
    names_.push_back("01/06901234567892/21/" + std::string(serials));
    return {.name = names_.back(), .values = Values(data)};
  }
  RangesResult AllocateAll(const std::vector<RangeItem>& items, std::string_view key = "") {
    return Book().AllocateAll(items, acme, key, kNow);
  }
  // What became of each: "allocated 10", "exists 01/…", in words.
  static std::vector<std::string> Told(const RangesResult& result) {
    std::vector<std::string> told;
    for (const RangeOutcome& item : result.items) {
      if (item.done != Done::kRefused) {
        told.push_back(std::string(NameOf(item.done)) + " " + std::to_string(item.members));
      } else {
        told.push_back(std::string(RowOf(item.refusal.error.code).name) +
                       (item.refusal.in_the_way.empty() ? "" : " ") + item.refusal.in_the_way);
      }
    }
    return told;
  }
  std::vector<std::string> Listed() {
    std::vector<std::string> listed;
    std::string cursor;
    do {
      const auto page = Book().List("", cursor, 1'000, op);
      EXPECT_TRUE(page.ok());
      for (const RangeInfo& range : page->ranges) listed.push_back(range.name);
      cursor = page->next_cursor;
    } while (!cursor.empty());
    return listed;
  }

 private:
  std::deque<std::string> names_;
};

using Texts = std::vector<std::string>;

TEST_F(RangeAllocationTest, MakesManyRangesInOneChange) {
  std::vector<RangeItem> items;
  for (int first = 1'000; items.size() < limits::kRangesPerBatchMax; first += 10) {
    items.push_back(Asked(std::to_string(first) + "-" + std::to_string(first + 9)));
  }
  const Position head = ledger->head();
  const RangesResult result = AllocateAll(items);
  ASSERT_TRUE(result.status.ok());
  EXPECT_EQ(Told(result), Texts(items.size(), "allocated 10"));
  EXPECT_EQ(ledger->head().value, head.value + 1);
  EXPECT_EQ(Listed().size(), items.size());
  EXPECT_EQ(Held(), static_cast<int64_t>(10 * items.size()));
  const Position listed = ledger->head();  // Listing is an act on record.
  EXPECT_EQ(Told(AllocateAll(items)), Texts(items.size(), "unchanged 10"));
  EXPECT_EQ(ledger->head(), listed);
  ExpectProved();
}

TEST_F(RangeAllocationTest, JudgesEachAsIfThoseBeforeItWereThere) {
  const RangesResult result = AllocateAll(
      {Asked("10-19"), Asked("15-29"), Asked("10-19"), Asked("10-19", "https://acme.example/2"),
       Asked("20-29"), Asked("010-019"), Asked("9-1"), Asked("00-09"), Asked("0-9")});
  const std::string first = "exists 01/06901234567892/21/10-19";
  EXPECT_EQ(Told(result), (Texts{"allocated 10", first, "unchanged 10", first, "allocated 10",
                                 "allocated 10", "malformed", "allocated 10", "allocated 10"}));
  EXPECT_EQ(Held(), 50);
  ExpectProved();
}

TEST_F(RangeAllocationTest, TellsOfEachWhatTheLedgerFoundInItsWayAndMakesTheOthers) {
  RegisterOne(Item("01/06901234567892/21/15"), acme);
  RegisterOne(Item("01/06901234567892/21/355"), acme);
  const std::string there = "exists 01/06901234567892/21/";
  const std::vector<RangeItem> items = {Asked("10-19"), Asked("20-29"), Asked("30-39"),
                                        Asked("16-19"), Asked("40-49")};
  // 16-19 is in the way of nothing once 10-19 is refused.
  const Texts expected = {there + "15", "allocated 10", there + "355", "allocated 4",
                          "allocated 10"};
  const Position head = ledger->head();
  const RangesResult judged = Book().JudgeAll(items, acme, kNow);
  EXPECT_EQ(ledger->head(), head);
  EXPECT_EQ(Told(judged)[0], expected[0]);
  EXPECT_EQ(Told(judged)[1], expected[1]);
  EXPECT_EQ(Told(judged)[2], expected[2]);
  EXPECT_EQ(Told(AllocateAll(items)), expected);
  EXPECT_EQ(ledger->head().value, head.value + 1);
  EXPECT_EQ(Held(), 24);
  ExpectProved();
}

TEST_F(RangeAllocationTest, JudgesAsItWouldAllocate) {
  RegisterOne(Item("01/06901234567892/21/15"), acme);
  ASSERT_EQ(Allocate("01/06901234567892/21/70-79", acme).done, Done::kAllocated);
  const std::vector<RangeItem> items = {Asked("10-19"), Asked("16-19"), Asked("60-69"),
                                        Asked("70-79"), Asked("75-85"), Asked("x-y")};
  const Texts judged = Told(Book().JudgeAll(items, acme, kNow));
  EXPECT_EQ(judged, Told(AllocateAll(items)));
  EXPECT_EQ(judged[1], "allocated 4");
}

TEST_F(RangeAllocationTest, RefusesWhoMayNotAndWhatIsTooMuch) {
  const std::vector<RangeItem> one = {Asked("10-19")};
  EXPECT_EQ(Book().AllocateAll(one, Caller{}, "", kNow).status.error().code,
            Errc::kUnauthenticated);
  EXPECT_EQ(Book().AllocateAll(one, other, "", kNow).items[0].refusal.error.code,
            Errc::kOutsidePrefix);
  const std::vector<RangeItem> many(limits::kRangesPerBatchMax + 1, one[0]);
  EXPECT_EQ(AllocateAll(many).status.error().code, Errc::kTooLarge);
  EXPECT_EQ(AllocateAll(one, std::string(65, 'k')).status.error().code, Errc::kTooLarge);
  const std::string data(limits::kRecordOctetsMax - 10'000, 'x');
  std::vector<RangeItem> heavy;
  for (int first = 100; heavy.size() < 40; first += 10) {
    heavy.push_back(Asked(std::to_string(first) + "-" + std::to_string(first + 9), data));
    heavy.back().values[0].type = "TEXT";
  }
  EXPECT_EQ(AllocateAll(heavy).status.error().code, Errc::kTooLarge);
  EXPECT_EQ(Held(), 0);
  EXPECT_TRUE(AllocateAll({}).status.ok());
  const RangeItem unread{.refused = Error{Errc::kMalformed}, .is_refused = true};
  EXPECT_EQ(Told(AllocateAll({unread, one[0]})), (Texts{"malformed", "allocated 10"}));
}

TEST_F(RangeAllocationTest, AnswersARepeatedKeyFromTheLog) {
  RegisterOne(Item("01/06901234567892/21/15"), acme);
  const std::vector<RangeItem> items = {Asked("10-19"), Asked("20-29"), Asked("20-29"),
                                        Asked("30-39")};
  const RangesResult first = AllocateAll(items, "key");
  EXPECT_EQ(Told(first), (Texts{"exists 01/06901234567892/21/15", "allocated 10", "unchanged 10",
                                "allocated 10"}));
  const Position head = ledger->head();
  const RangesResult again = AllocateAll(items, "key");
  EXPECT_EQ(Told(again), (Texts{"conflict", "allocated 10", "unchanged 10", "allocated 10"}));
  EXPECT_EQ(again.items[1].position, first.items[1].position);
  EXPECT_EQ(AllocateAll({Asked("50-59")}, "key").status.error().code, Errc::kConflict);
  EXPECT_EQ(ledger->head(), head);
  ExpectProved();
}

TEST_F(RangeAllocationTest, AddsUpWhateverRaces) {
  constexpr int kBatches = 20;
  std::atomic<int> allocated = 0;
  const auto run = [&](int width) {
    for (int batch = 0; batch < kBatches; ++batch) {
      std::deque<std::string> names;
      std::vector<RangeItem> items;
      for (int i = 0; i < 5; ++i) {
        const int first = 10'000 + 100 * batch + 20 * i;
        names.push_back("01/06901234567892/21/" + std::to_string(first) + "-" +
                        std::to_string(first + width - 1));
        items.push_back({.name = names.back(), .values = Values()});
      }
      const RangesResult result = Book().AllocateAll(items, acme, "", kNow);
      EXPECT_TRUE(result.status.ok() || result.status.error().code == Errc::kBusy);
      for (const RangeOutcome& item : result.items) {
        if (item.done == Done::kAllocated) allocated += width;
      }
    }
  };
  std::thread narrow(run, 10), wide(run, 20);
  narrow.join();
  wide.join();
  EXPECT_EQ(Held(), allocated);
  ExpectProved();
}

}  // namespace
}  // namespace idnode
