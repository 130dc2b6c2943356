#include "node/service/acts.h"

#include <gmock/gmock.h>

#include "proto/base/limits.h"
#include "storage/acts.h"
#include "storage/log_record.h"
#include "tests/unit/node/service/node_under_test.h"

namespace idnode {
namespace {

class ActsTest : public NodeUnderTest {
 protected:
  static constexpr uint64_t kMinuteMs = 60'000;

  struct Recorded {
    std::string actor, act, subject, why;
    EventKind kind;
    uint64_t left_out;
    friend bool operator==(const Recorded&, const Recorded&) = default;
  };
  // Acts and refusals since `before`, once the ledger has taken all that it was handed.
  std::vector<Recorded> Since(Position before) {
    EXPECT_TRUE(recording.Begin(op, Act::kBackup, "the last").ok());
    std::vector<Recorded> rows;
    const auto records = log->Read(Position{before.value + 1}, 100'000, 1u << 30);
    for (const std::string& thin : *records) {
      const auto record = DecodeThin(thin);
      for (const LogItem& item : record->items) {
        const auto event = DecodeAct(item);
        if (!event || event->subject == "the last") continue;
        rows.push_back({std::string(record->actor), std::string(event->act),
                        std::string(event->subject), std::string(event->why), item.kind,
                        event->left_out});
      }
    }
    return rows;
  }
  static Caller CallerNamed(const std::string& name) {
    return {.anonymous = false, .role = Role::kReader, .actor = "token:" + name};
  }

  Time now = kNow;
  Acts recording{*ledger, [this] { return now; }};
  const Caller reader = CallerNamed("reader");
};

TEST_F(ActsTest, ArePutOnRecordBeforeTheyBegin) {
  const Position before = ledger->head();
  EXPECT_TRUE(recording.Begin(acme, Act::kExportIdentifiers, "88.118.8").ok());
  EXPECT_EQ(ledger->head().value, before.value + 1);
  EXPECT_EQ(Since(before), (std::vector<Recorded>{{"token:acme", "export_identifiers", "88.118.8",
                                                   "", EventKind::kActDone, 0}}));
}

TEST_F(ActsTest, AreNoRecordsWhereTheTableSaysSo) {
  const Position before = ledger->head();
  EXPECT_TRUE(recording.Begin(op, Act::kReadFigures, "").ok());
  EXPECT_TRUE(recording.Begin(op, Act::kPutSubject, "acme").ok());  // Its change is the record.
  EXPECT_EQ(ledger->head(), before);
}

TEST_F(ActsTest, DoNotBeginWhereNoRecordCanBeMade) {
  ledger->Refuse(Errc::kDiskFull);
  EXPECT_EQ(recording.Begin(op, Act::kBackup, "/b").error().code, Errc::kDiskFull);
  ledger->Allow();
  EXPECT_TRUE(recording.Begin(op, Act::kBackup, "/b").ok());
  log->FailNext(CommitLog::Outcome::kUnknown, /*appended=*/false);
  EXPECT_FALSE(recording.Begin(op, Act::kBackup, "/b").ok());
  EXPECT_FALSE(recording.Begin(op, Act::kBackup, "/b").ok());  // The ledger has stopped.
}

TEST_F(ActsTest, DoNotWaitForeverToBeOnRecord) {
  const auto idle = *Ledger::Open(*engine, *log, "", LedgerOptions{});  // Never started.
  Acts patient(
      *idle, [] { return kNow; }, std::chrono::milliseconds(20));
  EXPECT_EQ(patient.Begin(op, Act::kBackup, "/b").error().code, Errc::kTimeout);
}

TEST_F(ActsTest, AreRefusedOnRecord) {
  const Position before = ledger->head();
  EXPECT_EQ(recording.Begin(reader, Act::kBackup, "/b").error().code, Errc::kDenied);
  EXPECT_EQ(recording.Begin({}, Act::kBackup, "/b").error().code, Errc::kUnauthenticated);
  EXPECT_EQ(Since(before), (std::vector<Recorded>{{"token:reader", "backup", "/b", "denied",
                                                   EventKind::kActRefused, 0}}));
}

TEST_F(ActsTest, AreRefusedAtAnyRateWithoutFillingTheLog) {
  const Position before = ledger->head();
  for (int i = 0; i < 1'000; ++i) recording.Refused(reader, Act::kBackup, "/b", Errc::kDenied);
  const Caller another = CallerNamed("another");
  recording.Refused(another, Act::kRecount, "", Errc::kDenied);
  const auto first = Since(before);
  ASSERT_EQ(first.size(), kRefusalsPerMinute + 1);
  EXPECT_EQ(first.back().actor, "token:another");

  now.ms += kMinuteMs;
  const Position second = ledger->head();
  recording.Refused(reader, Act::kBackup, "/b", Errc::kDenied);
  EXPECT_EQ(Since(second).at(0).left_out, 1'000 - kRefusalsPerMinute);
}

TEST_F(ActsTest, TellHowManyRefusalsWereLeftOutWhenNoneFollows) {
  for (int i = 0; i < 15; ++i) recording.Refused(reader, Act::kBackup, "/b", Errc::kDenied);
  ASSERT_EQ(Since(Position{}).size(), kRefusalsPerMinute);
  const Position before = ledger->head();
  recording.TellLeftOut();  // The minute is not over.
  EXPECT_TRUE(Since(before).empty());
  now.ms += kMinuteMs;
  recording.TellLeftOut();
  recording.TellLeftOut();
  EXPECT_EQ(Since(before), (std::vector<Recorded>{{"token:reader", "refusals_left_out", "", "",
                                                   EventKind::kActRefused, 5}}));
}

TEST_F(ActsTest, CountRefusalsThatTheLedgerDidNotTake) {
  ledger->Refuse(Errc::kDiskFull);
  for (int i = 0; i < 4; ++i) recording.Refused(reader, Act::kBackup, "/b", Errc::kDenied);
  ledger->Allow();
  const Position before = ledger->head();
  now.ms += kMinuteMs;
  recording.TellLeftOut();
  ASSERT_EQ(Since(before).size(), 1u);
  EXPECT_EQ(Since(before).at(0).left_out, 4u);
}

TEST_F(ActsTest, TellActorsApartOnlyAsFarAsThereIsRoom) {
  const Position before = ledger->head();
  for (size_t i = 0; i < kRefusedActorsMax + 100; ++i) {
    recording.Refused(CallerNamed(std::to_string(i)), Act::kBackup, "", Errc::kDenied);
  }
  EXPECT_EQ(Since(before).size(), kRefusedActorsMax + kRefusalsPerMinute);
  now.ms += kMinuteMs;
  const Position later = ledger->head();
  recording.TellLeftOut();
  ASSERT_EQ(Since(later).size(), 1u);
  EXPECT_EQ(Since(later).at(0).left_out, 100 - kRefusalsPerMinute);
}

TEST_F(ActsTest, HaveASubjectThatCanBeRead) {
  EXPECT_EQ(SubjectText("88.118.8/电水壶"), "88.118.8/电水壶");
  EXPECT_EQ(SubjectText(std::string_view("\xff\x00", 2)), "ff00");
  EXPECT_EQ(SubjectText("a\nb"), "610a62");
  EXPECT_LE(SubjectText(std::string(10'000, '\n')).size(), kActSubjectOctetsMax);
  std::string chinese;
  while (chinese.size() < 600) chinese += "壶";
  EXPECT_EQ(SubjectText(chinese), chinese.substr(0, 255));
  chinese.insert(0, "a");
  EXPECT_EQ(SubjectText(chinese), chinese.substr(0, 253));
}

}  // namespace
}  // namespace idnode
