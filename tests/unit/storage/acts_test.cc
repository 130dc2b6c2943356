#include "storage/acts.h"

#include <gtest/gtest.h>

#include "tests/unit/storage/ledger_fixture.h"

namespace idnode {
namespace {

class ActsTest : public LedgerTest {
 protected:
  // The record of the change that `fill` made, as the log has it.
  template <class Fill>
  const LogRecord& Commit(Fill&& fill) {
    if (!ledger_) OpenAndStart();
    const auto change =
        std::make_shared<Change>(kMorning, "token:1", OperationId{}, Change::Mode::kTogether);
    fill(*change);
    change->Seal();
    EXPECT_TRUE(ledger_->Commit(change).done());
    thin_ = log_->Read(ledger_->head(), 1, 1u << 20)->at(0);
    record_ = *DecodeThin(thin_);
    return record_;
  }

  std::string thin_;
  LogRecord record_;
};

TEST_F(ActsTest, AreRecordsOfTheLogWithTheirActor) {
  const auto& done = Commit([](Change& change) {
    AddAct(change, kSomeEnterprise, {.act = "export_identifiers", .subject = "88.118.8"});
  });
  EXPECT_EQ(done.actor, "token:1");
  ASSERT_EQ(done.items.size(), 1u);
  EXPECT_EQ(done.items[0].kind, EventKind::kActDone);
  EXPECT_EQ(done.items[0].enterprise, kSomeEnterprise);
  EXPECT_EQ(DecodeAct(done.items[0])->act, "export_identifiers");
  EXPECT_EQ(DecodeAct(done.items[0])->subject, "88.118.8");

  const auto& refused = Commit([](Change& change) {
    AddRefusedAct(change, kNoEnterprise,
                  {.act = "backup", .subject = "/b", .why = "denied", .left_out = 12});
  });
  EXPECT_EQ(refused.items[0].kind, EventKind::kActRefused);
  const auto event = DecodeAct(refused.items[0]);
  EXPECT_EQ(event->act, "backup");
  EXPECT_EQ(event->subject, "/b");
  EXPECT_EQ(event->why, "denied");
  EXPECT_EQ(event->left_out, 12u);
}

TEST_F(ActsTest, ChangeNothingElse) {
  OpenAndStart();
  Commit([](Change& change) { AddAct(change, kNoEnterprise, {.act = "backup"}); });
  for (const Table table : {Table::kRecords, Table::kDirectory, Table::kCounters, Table::kRanges,
                            Table::kBusiness, Table::kReferences, Table::kWithdrawn}) {
    EXPECT_EQ(CountRows(*engine_, table), 0u) << RowOf(table).name;
  }
}

TEST_F(ActsTest, AreMalformedWhereFieldsDoNotFillThem) {
  const LogItem whole{EventKind::kActRefused, kNoEnterprise, "backup",
                      std::string_view("\0\2/b\0\6denied\0\0\0\0\0\0\0\1", 20)};
  ASSERT_TRUE(DecodeAct(whole).ok());
  EXPECT_EQ(DecodeAct(whole)->left_out, 1u);
  for (size_t size = 0; size < whole.body.size(); ++size) {
    LogItem cut = whole;
    cut.body = whole.body.substr(0, size);
    EXPECT_EQ(DecodeAct(cut).error().code, Errc::kMalformed) << size;
  }
  LogItem more = whole;
  const std::string body = std::string(whole.body) + "x";
  more.body = body;
  EXPECT_EQ(DecodeAct(more).error().code, Errc::kMalformed);
  LogItem nameless = whole;
  nameless.key = {};
  EXPECT_EQ(DecodeAct(nameless).error().code, Errc::kMalformed);
  LogItem done = whole;
  done.kind = EventKind::kActDone;
  EXPECT_EQ(DecodeAct(done).error().code, Errc::kMalformed);
}

}  // namespace
}  // namespace idnode
