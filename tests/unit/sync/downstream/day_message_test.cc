// What a child says of its days and incidents, read against itself; and what it may not say.
#include "sync/downstream/day_message.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "storage/day_filing.h"
#include "storage/incidents.h"
#include "sync/downstream/filing_message.h"
#include "sync/downstream/inbox.h"
#include "tests/unit/sync/downstream/memory_node.h"

namespace idnode {
namespace {

constexpr Time kNow{1'795'248'000'000};  // 2026-11-21T08:00:00Z
constexpr uint64_t kAt = 1'795'248'000;
constexpr uint32_t kChild = 3;
const std::string kKey = "2026-11-21/H88.118.5";

v1::Filing StatisticsMessage() {
  v1::Filing message;
  message.set_key(kKey);
  message.set_position(1);
  v1::Statistics& said = *message.mutable_own_statistics();
  said.set_rules("idnode-counting-2");
  said.set_day_requests(10);
  said.set_day_success(5);
  v1::AskedFrom& source = *said.add_sources();
  source.set_ip(std::string("\xC0\x00\x02\x01", 4));
  source.set_count(7);
  said.set_other_requests(3);
  return message;
}

v1::Filing MonitoringMessage() {
  v1::Filing message;
  message.set_key(kKey);
  v1::Monitoring& said = *message.mutable_own_monitoring();
  v1::Monitoring::Latency& latency = *said.mutable_resolution();
  latency.set_count(2);
  latency.set_mean_us(15);
  latency.set_max_us(20);
  latency.set_max_at(kAt);
  latency.set_min_us(10);
  latency.set_min_at(kAt);
  said.set_peak_per_second(2);
  said.set_peak_at(kAt);
  said.set_seconds_up(100);
  return message;
}

v1::Filing IncidentMessage() {
  v1::Filing message;
  message.set_key(kKey + "/N-1");
  v1::Incident& said = *message.mutable_own_incident();
  said.set_kind(v1::Incident::ABNORMAL);
  said.set_number("N-1");
  said.set_at(kAt);
  said.set_cause(v1::Incident::SYSTEM);
  said.set_detail("disk");
  return message;
}

template <class Spoil>
Errc WhyNot(v1::Filing message, Spoil spoil) {
  spoil(message);
  const auto read = ReadFilingMessage(message);
  return read ? Errc::kInternal : read.error().code;
}

TEST(DayMessage, IsReadAsARow) {
  const auto statistics = ReadFilingMessage(StatisticsMessage());
  ASSERT_TRUE(statistics.ok());
  EXPECT_EQ(statistics->name, (FilingName{FilingTable::kOwnStatistics, kKey}));
  EXPECT_EQ(DecodeStatistics(*statistics->body)->sources.at(0).count, 7);
  const auto monitoring = ReadFilingMessage(MonitoringMessage());
  EXPECT_EQ(DecodeMonitoring(*monitoring->body)->resolution.mean_us, 15u);
  const auto incident = ReadFilingMessage(IncidentMessage());
  EXPECT_EQ(DecodeIncident(*incident->body)->cause, IncidentCause::kSystem);
}

TEST(DayMessage, IsRefusedWhereItContradictsItself) {
  const auto malformed = [](const v1::Filing& message, auto spoil) {
    EXPECT_EQ(WhyNot(message, spoil), Errc::kMalformed);
  };
  const v1::Filing days = StatisticsMessage();
  EXPECT_EQ(WhyNot(days, [](v1::Filing&) {}), Errc::kInternal);
  malformed(days, [](v1::Filing& m) { m.mutable_own_statistics()->clear_rules(); });
  malformed(days, [](v1::Filing& m) { m.mutable_own_statistics()->set_day_success(11); });
  malformed(days, [](v1::Filing& m) { m.mutable_own_statistics()->set_other_requests(4); });
  malformed(days, [](v1::Filing& m) { m.mutable_own_statistics()->set_day_registrations(-1); });
  malformed(days,
            [](v1::Filing& m) { m.mutable_own_statistics()->mutable_sources(0)->set_ip("abc"); });
  malformed(days,
            [](v1::Filing& m) { m.mutable_own_statistics()->mutable_sources(0)->set_count(0); });
  malformed(days, [](v1::Filing& m) {
    for (int i = 0; i < 256; ++i) {
      *m.mutable_own_statistics()->add_sources() = m.own_statistics().sources(0);
    }
  });
  const v1::Filing seen = MonitoringMessage();
  EXPECT_EQ(WhyNot(seen, [](v1::Filing&) {}), Errc::kInternal);
  const auto latency = [](v1::Filing& m) {
    return m.mutable_own_monitoring()->mutable_resolution();
  };
  malformed(seen, [&](v1::Filing& m) { latency(m)->set_mean_us(21); });
  malformed(seen, [&](v1::Filing& m) { latency(m)->set_max_at(kAt + 86'400); });
  malformed(seen, [&](v1::Filing& m) { latency(m)->set_min_at(0); });
  malformed(seen, [&](v1::Filing& m) { latency(m)->set_count(0); });
  malformed(seen, [](v1::Filing& m) { m.mutable_own_monitoring()->set_seconds_up(86'401); });
  malformed(seen, [](v1::Filing& m) { m.set_key("2026-11-22/H88.118.5"); });
  malformed(seen, [](v1::Filing& m) { m.set_key("2026-02-30/H88.118.5"); });
  const v1::Filing wrong = IncidentMessage();
  EXPECT_EQ(WhyNot(wrong, [](v1::Filing&) {}), Errc::kInternal);
  malformed(wrong, [](v1::Filing& m) { m.mutable_own_incident()->clear_kind(); });
  malformed(wrong, [](v1::Filing& m) { m.mutable_own_incident()->clear_cause(); });
  malformed(wrong, [](v1::Filing& m) { m.mutable_own_incident()->set_number("N-2"); });
  malformed(wrong, [](v1::Filing& m) { m.mutable_own_incident()->set_at(kAt + 86'400); });
  malformed(wrong, [](v1::Filing& m) { m.mutable_own_incident()->set_closes("N-0"); });
  malformed(wrong, [](v1::Filing& m) { m.mutable_own_incident()->set_detail("\x01"); });
  malformed(wrong,
            [](v1::Filing& m) { m.mutable_own_incident()->set_number(std::string(1'000, 'N')); });
  malformed(wrong, [](v1::Filing& m) { m.set_key(kKey); });
}

// A child that filed a day, and the node above it.
class FiledDaysTest : public testing::Test {
 protected:
  FiledDaysTest() {
    Put(below_, [](Change& change) {
      for (const std::string day : {"2026-10-01", "2026-11-20", "2026-11-21", "2026-11-24"}) {
        AddOwnFiling(change, EventKind::kDayPut, Name(day), "body");
      }
    });
    Put(above_, [](Change& change) {
      AddDockChild(change, {.number = kChild,
                            .node_id = std::string(32, 'a'),
                            .name = "factory",
                            .prefix = "88.118.5",
                            .token_id = "00112233aabbccdd",
                            .docked = kNow});
    });
    records_ = below_.Log();
    inbox_.emplace(above_.engine(), *ReadChild(above_.engine(), kChild));
  }
  static FilingName Name(const std::string& day) {
    return {FilingTable::kOwnStatistics, day + "/H88.118.5"};
  }
  template <class Build>
  static void Put(MemoryNode& node, const Build& build) {
    auto change = std::make_shared<Change>(kNow, "tester", OperationId{}, Change::Mode::kTogether);
    build(*change);
    change->Seal();
    EXPECT_TRUE(node.Commit(change).done());
  }
  Result<std::shared_ptr<const Change>> Take(std::vector<Filing> filings) {
    return inbox_->Take(Position{1}, {records_.begin(), records_.end()}, kNow, std::move(filings));
  }
  void Store(const Result<std::shared_ptr<const Change>>& change) {
    ASSERT_TRUE(change.ok()) << change.error().detail;
    ASSERT_TRUE(inbox_->OnOutcome(above_.Commit(*change)).ok());
  }
  static Filing Of(const std::string& day) { return {Name(day), Position{1}, "body"}; }

  MemoryNode below_, above_;
  std::vector<std::string> records_;
  std::optional<Inbox> inbox_;
};

TEST_F(FiledDaysTest, AreStoredWithTheRecordThatNamesThem) {
  Store(Take({Of("2026-11-20"), Of("2026-11-21")}));
  EXPECT_TRUE(ReadFiling(above_.engine(), kChild, Name("2026-11-21"))->has_value());
}

TEST_F(FiledDaysTest, OfAnotherNodeOfNoRecordOrOfADayToComeAreRefused) {
  Filing foreign = Of("2026-11-20");
  foreign.name.key = "2026-11-20/H88.118.6";
  EXPECT_EQ(Take({foreign}).error().code, Errc::kDenied);
  EXPECT_EQ(Take({Of("2026-11-19")}).error().code, Errc::kForged);
  EXPECT_EQ(Take({Of("2026-11-24")}).error().code, Errc::kMalformed);
  Filing other = Of("2026-11-20");
  other.body = "another body";
  EXPECT_EQ(Take({other}).error().code, Errc::kForged) << "not what the log vouches for";
  other.body.reset();
  EXPECT_EQ(Take({other}).error().code, Errc::kForged) << "a day is never taken back with its log";
  Filing monitoring = Of("2026-11-20");
  monitoring.name.table = FilingTable::kOwnMonitoring;
  EXPECT_EQ(Take({monitoring}).error().code, Errc::kForged) << "of another table";
}

TEST_F(FiledDaysTest, AreComparedFromTheSameDayOnAtBothEnds) {
  Store(Take({Of("2026-10-01"), Of("2026-11-20"), Of("2026-11-21")}));
  FilingState last;
  for (const std::string day : {"2026-11-20", "2026-11-21"}) {
    AddToState(FilingDigest(Name(day).key, "body"), last);
  }
  const std::string from = ComparedFrom(FilingTable::kOwnStatistics, kNow);
  EXPECT_EQ(*inbox_->StateOf(FilingTable::kOwnStatistics, from), last);
  EXPECT_EQ(inbox_->StateOf(FilingTable::kOwnStatistics)->rows, 3u) << "of another bound";
  EXPECT_EQ(inbox_->PageOf(FilingTable::kOwnStatistics, "", from)->rows.size(), 2u);
  EXPECT_EQ(inbox_->PageOf(FilingTable::kOwnStatistics, Name("2026-11-20").key, from)->rows.size(),
            1u);
  EXPECT_EQ(inbox_->PageOf(FilingTable::kOwnStatistics, "", Name("2026-11-21").key)->rows.size(),
            1u)
      << "the bound is within";
}

}  // namespace
}  // namespace idnode
