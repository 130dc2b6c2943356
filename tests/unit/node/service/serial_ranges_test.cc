#include "node/service/serial_ranges.h"

#include <atomic>
#include <thread>

#include "node/service/digital_link.h"
#include "proto/gs1/uri.h"
#include "tests/unit/node/service/ranges_under_test.h"

namespace idnode {
namespace {

TEST(RangeName, IsReadInEveryFormThatAProductHas) {
  for (const char* text :
       {"01/06901234567892/10/L1/21/0001-0999", "/01/6901234567892/10/L1/21/0001-0999",
        "01/6901234567892/10/%4C1/21/0001-0999"}) {
    const auto name = ParseRangeName(text);
    ASSERT_TRUE(name.ok()) << text;
    EXPECT_EQ(name->product, ParseIdentifier(kProduct)->key);
    EXPECT_EQ(name->lot, "L1");
    EXPECT_EQ(name->first, "0001");
    EXPECT_EQ(name->last, "0999");
  }
  EXPECT_EQ(ParseRangeName("01/06901234567892/21/7-9")->lot, "");
}

TEST(RangeName, SaysWhatIsWrong) {
  for (const auto& [text, why] :
       {std::pair("01/06901234567892/21/0001", Errc::kInvalidIdentifier),
        std::pair("01/06901234567892", Errc::kInvalidIdentifier),
        std::pair("01/06901234567893/21/1-2", Errc::kCheckDigit),
        std::pair("01/06901234567892/22/V/21/1-2", Errc::kInvalidIdentifier),
        std::pair("8006/069012345678920102/21/1-2", Errc::kInvalidIdentifier),
        std::pair("414/6901234567892/21/1-2", Errc::kInvalidIdentifier),
        std::pair("88.118.8/21/1-2", Errc::kInvalidIdentifier),
        std::pair("01/06901234567892/21/2-1", Errc::kMalformed),
        std::pair("01/06901234567892/21/1-02", Errc::kWrongLength),
        std::pair("01/06901234567892/21/A-B", Errc::kNotDigits),
        std::pair("01/06901234567892/21/0000000000000-9999999999999", Errc::kTooLarge),
        std::pair("", Errc::kInvalidIdentifier), std::pair("/21/-", Errc::kWrongLength)}) {
    const auto name = ParseRangeName(text);
    ASSERT_FALSE(name.ok()) << text;
    EXPECT_EQ(name.error().code, why) << text;
  }
}

using RangeBookTest = RangesUnderTest;

TEST_F(RangeBookTest, AllocatesForTheHolderOfThePrefixOnly) {
  EXPECT_EQ(RefusalOf(Allocate(kRange, Caller{})), Errc::kUnauthenticated);
  EXPECT_EQ(RefusalOf(Allocate(kRange, other)), Errc::kOutsidePrefix);
  EXPECT_EQ(RefusalOf(Allocate("01/06971234567895/21/1-2", acme)), Errc::kOutsidePrefix);
  const auto made = Allocate(kRange, acme);
  EXPECT_EQ(made.done, Done::kAllocated);
  EXPECT_EQ(made.members, 1'000'000u);
  EXPECT_EQ(Sum(Metric::kAllocated, acme.enterprise), 1'000'000);
  EXPECT_EQ(Sum(Metric::kCreated), 0);
  EXPECT_EQ(RefusalOf(Withdraw(kRange, other)), Errc::kOutsidePrefix);
  ExpectProved();
}

TEST_F(RangeBookTest, ChangesNothingWhenTheSameComesAgain) {
  ASSERT_EQ(Allocate(kRange, acme).done, Done::kAllocated);
  const Position head = ledger->head();
  EXPECT_EQ(Allocate(kRange, acme).done, Done::kUnchanged);
  EXPECT_EQ(Allocate(kRange, op).done, Done::kUnchanged);
  EXPECT_EQ(ledger->head(), head);
  EXPECT_EQ(RefusalOf(Allocate(kRange, acme, "https://acme.example/other")), Errc::kExists);
  EXPECT_EQ(RefusalOf(Allocate("01/06901234567892/21/0000001-1000000", acme)), Errc::kExists);
}

TEST_F(RangeBookTest, NamesWhatIsInTheWay) {
  ASSERT_EQ(Allocate(kRange, acme).done, Done::kAllocated);
  for (const char* name :
       {"01/06901234567892/21/0000000-0000001", "01/06901234567892/21/1000000-1000001",
        "01/06901234567892/21/0000005-0000006", "01/06901234567892/21/0000000-9999999"}) {
    const auto refused = Allocate(name, acme);
    EXPECT_EQ(RefusalOf(refused), Errc::kExists) << name;
    EXPECT_EQ(refused.refusal.in_the_way, kRange) << name;
  }
  EXPECT_EQ(Allocate("01/06901234567892/21/0000000-0000000", acme).done, Done::kAllocated);
  RegisterOne(Item("01/06901234567892/21/7000"), acme);
  const auto refused = Allocate("01/06901234567892/21/6000-8000", acme);
  EXPECT_EQ(RefusalOf(refused), Errc::kExists);
  EXPECT_EQ(refused.refusal.in_the_way, "01/06901234567892/21/7000");
  ExpectProved();
}

TEST_F(RangeBookTest, AnswersForEveryMemberThatHasNoRecord) {
  ASSERT_EQ(Allocate(kRange, acme).done, Done::kAllocated);
  for (const char* serial : {"0000001", "0500000", "1000000"}) {
    const std::string text = std::string(kProduct) + "/21/" + serial;
    EXPECT_EQ(Answered(text), text + " https://acme.example/range");
  }
  EXPECT_EQ(Answered("01/06901234567892/21/1000001"), "not_found");
  EXPECT_EQ(Answered("01/06901234567892/21/001"), "not_found");
  EXPECT_EQ(Answered(kProduct), "not_found");
  EXPECT_EQ(Answered("(01)06901234567892(10)L1(21)0000002"),
            "01/06901234567892/10/L1/21/0000002 https://acme.example/range");
}

TEST_F(RangeBookTest, LetsAMemberHaveARecordOfItsOwnAndCountsItOnce) {
  ASSERT_EQ(Allocate(kRange, acme).done, Done::kAllocated);
  const std::string member = "01/06901234567892/21/0000042";
  EXPECT_EQ(RegisterOne(Item(member), acme).outcome, RegisterOutcome::kCreated);
  EXPECT_EQ(Answered(member), member + " https://acme.example/1");
  EXPECT_EQ(Sum(Metric::kCreated), 1);
  EXPECT_EQ(Held(), 999'999);
  EXPECT_EQ(RegisterOne(Item(member), acme).outcome, RegisterOutcome::kUnchanged);
  EXPECT_EQ(RegisterOne(Item(member, RegisterAction::kPut, "https://acme.example/2"), acme).outcome,
            RegisterOutcome::kReplaced);
  const auto refused = Withdraw(kRange, acme);
  EXPECT_EQ(RefusalOf(refused), Errc::kConflict);
  EXPECT_EQ(refused.refusal.in_the_way, member);
  ExpectProved();

  EXPECT_EQ(RegisterOne(Item(member, RegisterAction::kRemove), acme).outcome,
            RegisterOutcome::kRemoved);
  EXPECT_EQ(Answered(member), member + " https://acme.example/range");
  EXPECT_EQ(Sum(Metric::kCreated) - Sum(Metric::kRemoved), 0);
  EXPECT_EQ(Held(), 1'000'000);
  ExpectProved();
}

TEST_F(RangeBookTest, RegistersMembersAndOthersInOneBatch) {
  ASSERT_EQ(Allocate("01/06901234567892/21/10-19", acme).done, Done::kAllocated);
  std::vector<RegisterItem> items;
  std::vector<std::string> names;
  for (int serial = 5; serial < 25; ++serial) {
    names.push_back("01/06901234567892/21/" + std::string(serial < 10 ? "0" : "") +
                    std::to_string(serial));
  }
  names.emplace_back("01/06901234567892");
  names.emplace_back("01/06901234567908/21/15");
  names.emplace_back("88.118.8/1");
  for (const std::string& name : names) items.push_back(Item(name));
  for (const RegisterItemResult& result : Register(items, acme, "key").items) {
    EXPECT_EQ(result.outcome, RegisterOutcome::kCreated);
  }
  EXPECT_EQ(Held(), 0);
  EXPECT_EQ(Sum(Metric::kCreated), static_cast<int64_t>(names.size()));
  // Asked again, the log says what was done.
  for (const RegisterItemResult& result : Register(items, acme, "key").items) {
    EXPECT_EQ(result.outcome, RegisterOutcome::kCreated);
  }
  for (RegisterItem& item : items) item.action = RegisterAction::kRemove;
  for (const RegisterItemResult& result : Register(items, acme).items) {
    EXPECT_EQ(result.outcome, RegisterOutcome::kRemoved);
  }
  EXPECT_EQ(Held(), 10);
  ExpectProved();
}

TEST_F(RangeBookTest, KeepsNoSecretKeysAndNothingForASuspendedPrefix) {
  const std::vector<Value> secret = {
      {.index = 300, .permissions = kAdminRead, .type = "HS_SECKEY", .data = "s"}};
  EXPECT_EQ(RefusalOf(Book().Allocate(kRange, secret, acme, kNow)), Errc::kInvalidValue);
  ASSERT_TRUE(enrolment->PutPrefix({Scheme::kGs1, "6901234", "acme", "suspended"}, op, kNow).ok());
  EXPECT_EQ(RefusalOf(Allocate(kRange, acme)), Errc::kPrefixInactive);
  EXPECT_EQ(RefusalOf(Withdraw(kRange, acme)), Errc::kPrefixInactive);
}

TEST_F(RangeBookTest, IsToldToWhoMayKnowAPageAtATime) {
  for (const char* serials : {"10-19", "20-29", "30-39", "0001-0009"}) {
    ASSERT_EQ(Allocate("01/06901234567892/21/" + std::string(serials), acme).done,
              Done::kAllocated);
  }
  EXPECT_EQ(Book().List(kProduct, "", 10, Caller{}).error().code, Errc::kUnauthenticated);
  EXPECT_TRUE(Book().List(kProduct, "", 10, other)->ranges.empty());
  std::vector<std::string> listed;
  std::string cursor;
  do {
    const auto page = Book().List("6901234567892", cursor, 3, acme);
    ASSERT_TRUE(page.ok());
    for (const RangeInfo& range : page->ranges) listed.push_back(range.name);
    cursor = page->next_cursor;
  } while (!cursor.empty());
  EXPECT_EQ(listed, (std::vector<std::string>{
                        "01/06901234567892/21/10-19", "01/06901234567892/21/20-29",
                        "01/06901234567892/21/30-39", "01/06901234567892/21/0001-0009"}));
  EXPECT_EQ(Book().List("88.118.8/1", "", 3, acme).error().code, Errc::kInvalidIdentifier);
  EXPECT_EQ(Book().List(kProduct, "AAAA", 3, acme).error().code, Errc::kInvalidCursor);
  EXPECT_EQ(Book().Find("01/06901234567892/21/20-29", acme)->members, 10u);
  EXPECT_EQ(Book().Find("01/06901234567892/21/20-28", acme).error().code, Errc::kNotFound);
  EXPECT_EQ(Book().Find("01/06901234567892/21/20-29", other).error().code, Errc::kNotFound);
  EXPECT_EQ(Withdraw("01/06901234567892/21/20-29", acme).done, Done::kWithdrawn);
  EXPECT_EQ(Withdraw("01/06901234567892/21/20-29", acme).refusal.error.code, Errc::kNotFound);
  EXPECT_EQ(Book().List("", "", 10, op)->ranges.size(), 3u);
  EXPECT_TRUE(Book().List("", "", 10, other)->ranges.empty());
}

// What follows the product in the records that may answer, nearest first.
class LevelsTest : public RangesUnderTest {
 protected:
  std::string LevelsOf(std::string_view path) {
    Gs1Path parsed;
    EXPECT_TRUE(ParseGs1Path(path, parsed).ok());
    ResolutionNote note;
    EXPECT_TRUE(records.Find(resolver(), parsed, acme, Reach::kMemoryOnly, note).ok());
    EXPECT_EQ(note.outcome, ResolutionOutcome::kFound);
    std::string texts;
    for (size_t i = 0; i < records.size(); ++i) {
      texts += std::string(i == 0 ? "" : " ") +
               TextOfKey(records[i].answer.key)->substr(kProduct.size());
    }
    return texts;
  }
  Gs1Records records;
};

TEST_F(LevelsTest, HaveARangeInTheSerialsPlaceWithItsLotBehind) {
  ASSERT_EQ(Allocate(kRange, acme).done, Done::kAllocated);
  RegisterOne(Item("01/06901234567892/10/L1"), acme);
  RegisterOne(Item("01/06901234567892/10/L2"), acme);
  RegisterOne(Item("01/06901234567892/22/V"), acme);
  RegisterOne(Item("01/06901234567892/22/V/10/L1"), acme);
  RegisterOne(Item(kProduct), acme);
  EXPECT_EQ(LevelsOf("01/06901234567892/21/0000007"), "/21/0000007 /10/L1 ");
  EXPECT_EQ(LevelsOf("01/06901234567892/22/V/21/0000007"), "/21/0000007 /22/V/10/L1 /10/L1 /22/V ");
  // What the identifier says itself is what it is asked with.
  EXPECT_EQ(LevelsOf("01/06901234567892/10/L2/21/0000007"), "/21/0000007 /10/L2 ");
  EXPECT_EQ(LevelsOf("01/06901234567892/21/x"), "");
}

TEST_F(LevelsTest, HaveTheLotOfTheRangeBehindAMembersOwnRecord) {
  ASSERT_EQ(Allocate(kRange, acme).done, Done::kAllocated);
  ASSERT_EQ(Allocate("01/06901234567892/21/10-19", acme).done, Done::kAllocated);
  for (const char* text :
       {"01/06901234567892/10/L1", "01/06901234567892/10/L2", "01/06901234567892/22/V",
        "01/06901234567892/22/V/10/L1", "01/06901234567892", "01/06901234567892/21/0000007",
        "01/06901234567892/21/15", "01/06901234567892/21/2000000", "01/06901234567892/21/x",
        "01/06901234567908", "01/06901234567908/21/0000007"}) {
    EXPECT_EQ(RegisterOne(Item(text), acme).outcome, RegisterOutcome::kCreated) << text;
  }
  EXPECT_EQ(LevelsOf("01/06901234567892/21/0000007"), "/21/0000007 /10/L1 ");
  EXPECT_FALSE(records.may_be_kept());  // What is kept would not know when the lot changes.
  EXPECT_EQ(LevelsOf("01/06901234567892/22/V/21/0000007"), "/21/0000007 /22/V/10/L1 /10/L1 /22/V ");
  EXPECT_EQ(LevelsOf("01/06901234567892/10/L2/21/0000007"), "/21/0000007 /10/L2 ");
  EXPECT_TRUE(records.may_be_kept());
  // A range without a lot, serials of no range, and a product without any.
  for (const char* text : {"01/06901234567892/21/15", "01/06901234567892/21/2000000",
                           "01/06901234567892/21/x", "01/06901234567908/21/0000007"}) {
    EXPECT_EQ(LevelsOf(text), std::string(text).substr(kProduct.size()) + " ");
    EXPECT_TRUE(records.may_be_kept()) << text;
    EXPECT_EQ(records.key_count(), 2u);
  }
  // A lot without a record is passed over, but not forgotten.
  RegisterOne(Item("01/06901234567892/10/L1", RegisterAction::kRemove), acme);
  EXPECT_EQ(LevelsOf("01/06901234567892/21/0000007"), "/21/0000007 ");
  EXPECT_FALSE(records.may_be_kept());
  EXPECT_EQ(records.key_count(), 3u);
}

TEST_F(RangeBookTest, AgreesWithTheFiguresWhateverRaces) {
  constexpr int kSerials = 400;
  Tell();
  const auto name = [](int from, int to) {
    char text[64];
    std::snprintf(text, sizeof text, "01/06901234567892/21/%04d-%04d", from, to);
    return std::string(text);
  };
  std::atomic<int> created = 0, allocated = 0;
  std::thread registering([&] {
    for (int serial = 0; serial < kSerials; ++serial) {
      const std::string range = name(serial, serial);
      const std::string one = range.substr(0, range.find('-'));
      // Who loses against the ranges again and again is told so, and asks again.
      RegisterResult result = Register({Item(one)}, acme);
      for (int again = 0; again < 1'000 && !result.status; ++again) {
        EXPECT_EQ(result.status.error().code, Errc::kBusy);
        result = Register({Item(one)}, acme);
      }
      created += result.items[0].outcome == RegisterOutcome::kCreated;
    }
  });
  std::thread allocating([&] {
    for (int from = kSerials - 10; from >= 0; from -= 10) {
      const auto outcome = Book().Allocate(name(from, from + 9), Values(), acme, kNow);
      if (outcome.done == Done::kAllocated) allocated += 10;
      const Errc why = outcome.refusal.error.code;
      EXPECT_TRUE(outcome.done == Done::kAllocated || why == Errc::kExists);
    }
  });
  registering.join();
  allocating.join();
  EXPECT_EQ(created, kSerials);
  EXPECT_EQ(Sum(Metric::kCreated), kSerials);
  EXPECT_EQ(Held(), 0);  // All serials are registered, so no member is left.
  EXPECT_EQ(Sum(Metric::kAllocated), allocated);
  ExpectProved();
}

}  // namespace
}  // namespace idnode
