#include "node/service/registrar.h"

#include <future>
#include <thread>

#include "proto/base/limits.h"
#include "tests/unit/node/service/node_under_test.h"

namespace idnode {
namespace {

using RegistrarTest = NodeUnderTest;
using Outcome = RegisterOutcome;
using Action = RegisterAction;

TEST_F(RegistrarTest, CreatesARecordAndCountsIt) {
  const RegisterResult result = Register({Item("88.118.8/SN-1"), Item("6901234567892")}, acme);
  ASSERT_TRUE(result.status.ok());
  EXPECT_EQ(result.position, ledger->head());
  EXPECT_EQ(result.items[0].outcome, Outcome::kCreated);
  EXPECT_EQ(result.items[1].outcome, Outcome::kCreated);
  const auto found = Find("88.118.8/sn-1");
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->record.enterprise(), acme.enterprise);
  EXPECT_EQ(found->record.created(), kNow.seconds());
  EXPECT_EQ((*found->record.DecodeAll())[0].timestamp, kNow.seconds());
  EXPECT_EQ(Sum(Metric::kCreated, acme.enterprise), 2);
  EXPECT_EQ(Sum(Metric::kCreated), 2);
}

TEST_F(RegistrarTest, KeepsTheTextOnlyWhereTheKeyDoesNotSayIt) {
  Register({Item("88.118.8/SN-1"), Item("88.118.8/sn-2"), Item("(01)06901234567892")}, acme);
  EXPECT_EQ(Find("88.118.8/SN-1")->record.text(), "");
  EXPECT_EQ(Find("88.118.8/SN-2")->record.text(), "88.118.8/sn-2");
  EXPECT_EQ(Find("6901234567892")->record.text(), "");
}

TEST_F(RegistrarTest, SetsTheTimesItselfWhateverTheCallerClaims) {
  RegisterItem item = Item("88.118.8/1");
  item.values[0].timestamp = 7;
  RegisterOne(item, acme);
  EXPECT_EQ((*Find("88.118.8/1")->record.DecodeAll())[0].timestamp, kNow.seconds());
}

TEST_F(RegistrarTest, RefusesWhatIsNoIdentifier) {
  EXPECT_EQ(RefusalOf(Item("6901234567893"), acme), Errc::kCheckDigit);
  EXPECT_EQ(RefusalOf(Item("01/0690123456789X"), acme), Errc::kNotDigits);
  EXPECT_EQ(RefusalOf(Item(std::string_view("88.118.8/a\0b", 12)), acme), Errc::kControlCharacter);
  EXPECT_EQ(RefusalOf(Item("88.118.8/\xC0\xAF"), acme), Errc::kNotUtf8);
  EXPECT_EQ(RefusalOf(Item("88.118.8/"), acme), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf(Item("88.118.8"), acme), Errc::kInvalidIdentifier);
  EXPECT_EQ(RefusalOf(Item("88.118.8/" + std::string(247, 'a')), acme), Errc::kTooLarge);
  EXPECT_EQ(RegisterOne(Item("88.118.8/" + std::string(246, 'a')), acme).outcome,
            Outcome::kCreated);
}

TEST_F(RegistrarTest, RefusesValuesThatBreakTheirRules) {
  const std::string data(limits::kValueDataOctetsMax + 1, 'x');
  EXPECT_EQ(RefusalOf(Item("88.118.8/1", Action::kCreate, data), acme), Errc::kTooLarge);
  RegisterItem twice = Item("88.118.8/1");
  twice.values.push_back(twice.values[0]);
  EXPECT_EQ(RefusalOf(twice, acme), Errc::kDuplicateIndex);
  RegisterItem zero = Item("88.118.8/1");
  zero.values[0].index = 0;
  EXPECT_EQ(RefusalOf(zero, acme), Errc::kInvalidValue);
  EXPECT_EQ(Find("88.118.8/1").error().code, Errc::kNotFound);
}

TEST_F(RegistrarTest, RefusesWhatLiesOutsideTheCallersPrefixes) {
  EXPECT_EQ(RefusalOf(Item("88.118.9/1"), acme), Errc::kOutsidePrefix);
  EXPECT_EQ(RefusalOf(Item("88.118.80/1"), acme), Errc::kOutsidePrefix);
  EXPECT_EQ(RefusalOf(Item("88.118.8.1/1"), acme), Errc::kOutsidePrefix);
  EXPECT_EQ(RefusalOf(Item("6901235000008"), acme), Errc::kOutsidePrefix);
  EXPECT_EQ(RefusalOf(Item("6901234567892"), other), Errc::kOutsidePrefix);
}

TEST_F(RegistrarTest, LetsAnOperatorRegisterUnderAnyAllottedPrefixForItsHolder) {
  EXPECT_EQ(RegisterOne(Item("88.118.9/1"), op).outcome, Outcome::kCreated);
  EXPECT_EQ(Find("88.118.9/1")->record.enterprise(), other.enterprise);
  EXPECT_EQ(RefusalOf(Item("88.118.77/1"), op), Errc::kOutsidePrefix);
}

TEST_F(RegistrarTest, RefusesTheWholeBatchOfACallerWhoMayNot) {
  const std::vector<RegisterItem> items = {Item("88.118.8/1"), Item("88.118.8/2")};
  const RegisterResult nobody = Register(items, Caller{});
  EXPECT_EQ(nobody.status.error().code, Errc::kUnauthenticated);
  ASSERT_EQ(nobody.items.size(), 2u);
  EXPECT_EQ(nobody.items[1].error.code, Errc::kUnauthenticated);
  for (const Role role : {Role::kReader, Role::kChild}) {
    const Caller caller{.anonymous = false, .role = role};
    EXPECT_EQ(Register(items, caller).status.error().code, Errc::kDenied);
  }
}

TEST_F(RegistrarTest, DecidesEachItemByItself) {
  RegisterItem unread = Item("88.118.8/3");
  unread.is_refused = true;
  unread.refused = {Errc::kTooDeep, "line 3"};
  const RegisterResult result =
      Register({Item("88.118.8/1"), Item("6901234567893"), unread, Item("88.118.8/4")}, acme);
  EXPECT_TRUE(result.status.ok());
  EXPECT_EQ(result.items[0].outcome, Outcome::kCreated);
  EXPECT_EQ(result.items[1].error.code, Errc::kCheckDigit);
  EXPECT_EQ(result.items[2].error.code, Errc::kTooDeep);
  EXPECT_EQ(result.items[3].outcome, Outcome::kCreated);
}

TEST_F(RegistrarTest, MakesNoChangeWhenEveryItemIsRefused) {
  const Position before = ledger->head();
  const RegisterResult result = Register({Item("6901234567893")}, acme);
  EXPECT_TRUE(result.status.ok());
  EXPECT_EQ(result.position, Position{});
  EXPECT_EQ(ledger->head(), before);
}

TEST_F(RegistrarTest, SaysUnchangedForTheSameContentAndExistsForOther) {
  RegisterOne(Item("88.118.8/1"), acme);
  const Time later{kNow.ms + 5'000};
  EXPECT_EQ(RegisterOne(Item("88.118.8/1"), acme, later).outcome, Outcome::kUnchanged);
  EXPECT_EQ(RefusalOf(Item("88.118.8/1", Action::kCreate, "other"), acme), Errc::kExists);
  EXPECT_EQ(Sum(Metric::kCreated), 1);
}

TEST_F(RegistrarTest, DecidesASecondCreateInABatchByTheFirst) {
  const RegisterResult result = Register(
      {Item("88.118.8/a"), Item("88.118.8/a"), Item("88.118.8/A", Action::kCreate, "x")}, acme);
  EXPECT_EQ(result.items[0].outcome, Outcome::kCreated);
  EXPECT_EQ(result.items[1].outcome, Outcome::kUnchanged);
  EXPECT_EQ(result.items[2].error.code, Errc::kExists);
  EXPECT_EQ(Sum(Metric::kCreated), 1);
}

TEST_F(RegistrarTest, RefusesALaterItemThatTouchesTheSameIdentifier) {
  const RegisterResult result =
      Register({Item("88.118.8/a", Action::kPut), Item("88.118.8/A", Action::kPut, "x"),
                Item("88.118.8/b"), Item("88.118.8/b", Action::kRemove)},
               acme);
  EXPECT_EQ(result.items[0].outcome, Outcome::kCreated);
  EXPECT_EQ(result.items[1].error.code, Errc::kConflict);
  EXPECT_EQ(result.items[2].outcome, Outcome::kCreated);
  EXPECT_EQ(result.items[3].error.code, Errc::kConflict);
}

TEST_F(RegistrarTest, PutsReplacesAndRemoves) {
  const Time later{kNow.ms + 60'000};
  EXPECT_EQ(RegisterOne(Item("88.118.8/1", Action::kPut), acme).outcome, Outcome::kCreated);
  const Position head = ledger->head();
  EXPECT_EQ(RegisterOne(Item("88.118.8/1", Action::kPut), acme, later).outcome,
            Outcome::kUnchanged);
  EXPECT_EQ(ledger->head(), head) << "unchanged is not written";
  EXPECT_EQ(RegisterOne(Item("88.118.8/1", Action::kPut, "new"), acme, later).outcome,
            Outcome::kReplaced);
  EXPECT_EQ(RegisterOne(Item("88.118.8/1", Action::kReplace, "newer"), acme, later).outcome,
            Outcome::kReplaced);
  EXPECT_EQ(Find("88.118.8/1")->record.created(), kNow.seconds());
  EXPECT_EQ(Find("88.118.8/1")->record.modified(), later.seconds());
  EXPECT_EQ(RegisterOne(Item("88.118.8/1", Action::kRemove), acme).outcome, Outcome::kRemoved);
  EXPECT_EQ(Find("88.118.8/1").error().code, Errc::kNotFound);
  EXPECT_EQ(RefusalOf(Item("88.118.8/1", Action::kReplace), acme), Errc::kNotFound);
  EXPECT_EQ(RefusalOf(Item("88.118.8/1", Action::kRemove), acme), Errc::kNotFound);
  EXPECT_EQ(Sum(Metric::kCreated), 1);
  EXPECT_EQ(Sum(Metric::kReplaced), 2);
  EXPECT_EQ(Sum(Metric::kRemoved), 1);
}

TEST_F(RegistrarTest, KeepsTheTimeOfValuesThatStayEqual) {
  RegisterItem item = Item("88.118.8/1");
  item.values.push_back({.index = 2, .type = "EMAIL", .data = "a@acme.example"});
  RegisterOne(item, acme);
  item.action = Action::kPut;
  item.values[1].data = "b@acme.example";
  std::swap(item.values[0], item.values[1]);
  const Time later{kNow.ms + 60'000};
  EXPECT_EQ(RegisterOne(item, acme, later).outcome, Outcome::kReplaced);
  const auto found = Find("88.118.8/1");
  const auto values = *found->record.DecodeAll();
  EXPECT_EQ(values[0].index, 2u) << "the order is as it was registered";
  EXPECT_EQ(values[0].timestamp, later.seconds());
  EXPECT_EQ(values[1].timestamp, kNow.seconds());
}

TEST_F(RegistrarTest, RefusesAnotherVersionThanExpected) {
  RegisterOne(Item("88.118.8/1"), acme);
  RegisterItem item = Item("88.118.8/1", Action::kPut, "new");
  item.expected_version = Find("88.118.8/1")->version.value + 1;
  EXPECT_EQ(RefusalOf(item, acme), Errc::kConflict);
  item.expected_version -= 1;
  EXPECT_EQ(RegisterOne(item, acme).outcome, Outcome::kReplaced);
}

TEST_F(RegistrarTest, RefusesUnderASuspendedPrefixOrEnterprise) {
  ASSERT_TRUE(
      enrolment->PutPrefix({Scheme::kHandle, "88.118.8", "acme", "suspended"}, op, kNow).ok());
  EXPECT_EQ(RefusalOf(Item("88.118.8/1"), acme), Errc::kPrefixInactive);
  EXPECT_EQ(RefusalOf(Item("88.118.8/1"), op), Errc::kPrefixInactive);
  EXPECT_EQ(RegisterOne(Item("6901234567892"), acme).outcome, Outcome::kCreated);
  ASSERT_TRUE(enrolment->PutEnterprise({"acme", "", "suspended"}, op, kNow).ok());
  EXPECT_EQ(RefusalOf(Item("6901234567892", Action::kPut, "x"), acme), Errc::kEnterpriseInactive);
}

// The registration is decided from a view of before the suspension, and reaches the ledger after
// it.
TEST_F(RegistrarTest, LetsASuspensionThatReachedTheLedgerFirstWin) {
  for (int round = 0; round < 50; ++round) {
    const std::string name = "88.118.8/race-" + std::to_string(round);
    const std::vector<RegisterItem> items = {Item(name)};
    std::promise<RegisterResult> told;
    std::thread suspender([&] {
      EXPECT_TRUE(
          enrolment->PutPrefix({Scheme::kHandle, "88.118.8", "acme", "suspended"}, op, kNow).ok());
    });
    registrar->Register(items, acme, "", kNow,
                        [&](RegisterResult result) { told.set_value(std::move(result)); });
    const RegisterResult result = told.get_future().get();
    suspender.join();
    const Position suspended =
        directory->View()->FindPrefix({Scheme::kHandle, "88.118.8"})->version;
    ASSERT_TRUE(result.status.ok());
    if (result.items[0].outcome == Outcome::kCreated) {
      EXPECT_LT(result.position, suspended);
    } else {
      EXPECT_EQ(result.items[0].error.code, Errc::kPrefixInactive);
      EXPECT_EQ(Find(name).error().code, Errc::kNotFound);
    }
    ASSERT_TRUE(
        enrolment->PutPrefix({Scheme::kHandle, "88.118.8", "acme", "active"}, op, kNow).ok());
  }
}

TEST_F(RegistrarTest, WinsEveryPutOfManyWritersInSomeOrder) {
  constexpr int kWriters = 4, kPuts = 50;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = 0; i < kPuts; ++i) {
        const std::string data = std::to_string(writer * kPuts + i);
        const RegisterResult result = Register({Item("88.118.8/1", Action::kPut, data)}, acme);
        const RegisterItemResult& item = result.items[0];
        // After eight lost races in a row it is told so.
        EXPECT_TRUE(item.outcome == Outcome::kReplaced || item.outcome == Outcome::kCreated ||
                    item.error.code == Errc::kConflict);
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(Sum(Metric::kCreated), 1);
  EXPECT_GE(Sum(Metric::kReplaced), kPuts);
}

TEST_F(RegistrarTest, GivesARepeatedKeyTheFirstAnswer) {
  const std::vector<RegisterItem> items = {Item("88.118.8/1"), Item("6901234567893"),
                                           Item("88.118.8/2", Action::kPut), Item("88.118.9/3")};
  const RegisterResult first = Register(items, acme, "key-1");
  const Position head = ledger->head();
  const RegisterResult again = Register(items, acme, "key-1", Time{kNow.ms + 3'600'000});
  EXPECT_FALSE(first.repeated);
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.position, first.position);
  EXPECT_EQ(ledger->head(), head);
  for (size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(again.items[i].outcome, first.items[i].outcome) << i;
    EXPECT_EQ(again.items[i].error, first.items[i].error) << i;
  }
}

TEST_F(RegistrarTest, GivesTheFirstAnswerWhateverHasHappenedSince) {
  RegisterOne(Item("88.118.8/gone"), acme);
  const std::vector<RegisterItem> items = {Item("88.118.8/1", Action::kPut),
                                           Item("88.118.8/gone", Action::kRemove)};
  const RegisterResult first = Register(items, acme, "key");
  ASSERT_EQ(first.items[0].outcome, Outcome::kCreated);
  ASSERT_EQ(first.items[1].outcome, Outcome::kRemoved);
  RegisterOne(Item("88.118.8/1", Action::kReplace, "by somebody else"), acme);
  enrolment->PutPrefix({Scheme::kHandle, "88.118.8", "acme", "suspended"}, op, kNow).ok();
  const RegisterResult again = Register(items, acme, "key");
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.position, first.position);
  EXPECT_EQ(again.items[0].outcome, Outcome::kCreated);
  EXPECT_EQ(again.items[1].outcome, Outcome::kRemoved);
  EXPECT_EQ((*Find("88.118.8/1")->record.DecodeAll())[0].data, "by somebody else");
}

TEST_F(RegistrarTest, GivesARepeatedCreateItsAnswerAfterItsPrefixWasSuspended) {
  const std::vector<RegisterItem> items = {Item("88.118.8/1")};
  Register(items, acme, "key");
  enrolment->PutPrefix({Scheme::kHandle, "88.118.8", "acme", "suspended"}, op, kNow).ok();
  const RegisterResult again = Register(items, acme, "key");
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.items[0].outcome, Outcome::kCreated);
}

TEST_F(RegistrarTest, TellsTheRefusedItemsOfARepeatedBatchAgain) {
  RegisterOne(Item("88.118.8/1"), acme);
  const std::vector<RegisterItem> items = {Item("88.118.8/1"),
                                           Item("88.118.8/1", Action::kCreate, "x"),
                                           Item("88.118.8/2"), Item("88.118.8/2")};
  for (const bool repeated : {false, true}) {
    const RegisterResult result = Register(items, acme, "key");
    EXPECT_EQ(result.repeated, repeated);
    EXPECT_EQ(result.items[0].outcome, Outcome::kUnchanged);
    EXPECT_EQ(result.items[1].error.code, Errc::kExists);
    EXPECT_EQ(result.items[2].outcome, Outcome::kCreated);
    EXPECT_EQ(result.items[3].outcome, Outcome::kUnchanged);
  }
}

TEST_F(RegistrarTest, RefusesAKeyThatWasUsedForOtherIdentifiers) {
  Register({Item("88.118.8/1"), Item("88.118.8/2")}, acme, "key");
  EXPECT_EQ(Register({Item("88.118.8/1"), Item("88.118.8/3")}, acme, "key").status.error().code,
            Errc::kConflict);
  EXPECT_EQ(Register({Item("88.118.8/1")}, acme, "key").status.error().code, Errc::kConflict);
  EXPECT_EQ(Find("88.118.8/3").error().code, Errc::kNotFound);
}

TEST_F(RegistrarTest, KeepsTheKeysOfCallersApart) {
  Register({Item("88.118.8/1")}, acme, "key");
  const RegisterResult result = Register({Item("88.118.9/1")}, other, "key");
  EXPECT_FALSE(result.repeated);
  EXPECT_EQ(result.items[0].outcome, Outcome::kCreated);
  EXPECT_NE(OperationIdOf("a", "bc"), OperationIdOf("ab", "c"));
  EXPECT_EQ(OperationIdOf("a", ""), OperationId{});
}

TEST_F(RegistrarTest, RefusesABatchOverItsLimits) {
  std::vector<RegisterItem> items(limits::kItemsPerChangeMax + 1, Item("88.118.8/1"));
  EXPECT_EQ(Register(items, acme).status.error().code, Errc::kTooLarge);
  const std::string key(limits::kOperationIdOctetsMax + 1, 'k');
  EXPECT_EQ(Register({Item("88.118.8/1")}, acme, key).status.error().code, Errc::kTooLarge);
  const std::string data(65'536, 'x');
  std::vector<std::string> names;
  for (int i = 0; i < 200; ++i) names.push_back("88.118.8/" + std::to_string(i));
  items.clear();
  for (const std::string& name : names) items.push_back(Item(name, Action::kCreate, data));
  EXPECT_EQ(Register(items, acme).status.error().code, Errc::kTooLarge);
  EXPECT_EQ(Sum(Metric::kCreated), 0);
}

TEST_F(RegistrarTest, TellsAnUnknownOutcomeAsSuch) {
  log->FailNext(CommitLog::Outcome::kUnknown, /*appended=*/true);
  const RegisterResult result = Register({Item("88.118.8/1")}, acme, "key");
  EXPECT_EQ(result.status.error().code, Errc::kUnknownOutcome);
  EXPECT_EQ(result.items[0].outcome, Outcome::kRefused);
}

TEST_F(RegistrarTest, TellsWhyTheNodeTakesNoWrites) {
  ledger->Refuse(Errc::kDiskFull);
  EXPECT_EQ(Register({Item("88.118.8/1")}, acme).status.error().code, Errc::kDiskFull);
  ledger->Allow();
  EXPECT_EQ(RegisterOne(Item("88.118.8/1"), acme).outcome, Outcome::kCreated);
}

TEST_F(RegistrarTest, CompletesEveryBatchOnceWithoutTheCallerWaiting) {
  constexpr int kBatches = 200;
  std::atomic<int> completed = 0;
  std::vector<std::string> names;
  for (int i = 0; i < kBatches; ++i) names.push_back("88.118.8/" + std::to_string(i / 2));
  for (const std::string& name : names) {
    registrar->Register({Item(name)}, acme, "", kNow, [&](RegisterResult result) {
      EXPECT_TRUE(result.status.ok());
      EXPECT_NE(result.items[0].outcome, Outcome::kRefused);
      ++completed;
    });
  }
  registrar.reset();  // Waits.
  EXPECT_EQ(completed, kBatches);
  EXPECT_EQ(Sum(Metric::kCreated), kBatches / 2);
}

TEST_F(RegistrarTest, LeavesRecordsWithTheirEnterpriseWhenALongerPrefixIsAllotted) {
  RegisterOne(Item("6901234567892"), acme);
  const auto prefix = enrolment->PutPrefix({Scheme::kGs1, "69012345", "other", "active"}, op, kNow);
  ASSERT_TRUE(prefix.ok());
  EXPECT_EQ(RefusalOf(Item("6901234567892", Action::kPut, "x"), other), Errc::kOutsidePrefix);
  EXPECT_EQ(RefusalOf(Item("6901234500004"), acme), Errc::kOutsidePrefix);
  EXPECT_EQ(RegisterOne(Item("6901234567892", Action::kRemove), op).outcome, Outcome::kRemoved);
  EXPECT_EQ(Sum(Metric::kRemoved, acme.enterprise), 1);
}

}  // namespace
}  // namespace idnode
