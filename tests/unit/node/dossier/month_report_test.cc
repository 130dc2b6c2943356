#include "node/dossier/month_report.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <string>

namespace idnode {
namespace {

std::string Day(const std::string& day, uint64_t seconds_up, uint64_t count = 0,
                uint64_t mean_us = 0) {
  const std::string latency =
      "{\"count\":" + std::to_string(count) + ",\"mean_us\":" + std::to_string(mean_us) + "}";
  return "{\"day\":\"" + day + "\",\"monitoring\":{\"resolution\":" + latency +
         ",\"registration\":" + latency + ",\"seconds_up\":" + std::to_string(seconds_up) + "}}";
}

std::string Document(const std::string& days, const std::string& incidents = "") {
  return "{\"prefix\":\"88.118\",\"days\":[" + days + "],\"incidents\":[" + incidents + "]}";
}

std::string WholeMonth(const std::string& month, int days, uint64_t seconds_up) {
  std::string text;
  for (int day = 1; day <= days; ++day) {
    const std::string number = std::to_string(day);
    text += (day == 1 ? "" : ",") +
            Day(month + (number.size() == 1 ? "-0" : "-") + number, seconds_up, 10, 1'500);
  }
  return text;
}

TEST(MonthReport, AsksForSixMonths) {
  const auto span = SpanOfMonthReport("2026-03");
  ASSERT_TRUE(span.ok());
  EXPECT_EQ(span->from, "2025-10-01");
  EXPECT_EQ(span->until, "2026-03-31");
  for (const char* none : {"", "2026", "2026-13", "2026-00", "2026-1", "26-01", "2026-10-01"}) {
    EXPECT_FALSE(SpanOfMonthReport(none).ok()) << none;
  }
}

TEST(MonthReport, IsDueOnTheTenthWorkingDay) {
  const auto due = [](const char* month) { return MakeMonthReport(month, Document(""))->due; };
  EXPECT_EQ(due("2026-10"), "2026-11-13");  // November begins on a Sunday.
  EXPECT_EQ(due("2026-08"), "2026-09-14");  // September on a Tuesday.
  EXPECT_EQ(due("2026-12"), "2027-01-14");  // January on a Friday.
}

TEST(MonthReport, OfAWholeMonthIsItsRows) {
  const auto report = MakeMonthReport("2026-10", Document(WholeMonth("2026-10", 31, 86'400)));
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->months.back().sla, 10'000);
  EXPECT_EQ(report->sla_mean, 10'000) << "months without a day are left out";
  EXPECT_EQ(report->resolution_us, 1'500u);
  EXPECT_TRUE(report->missing.empty());
  const auto json = boost::json::parse(MonthReportJson(*report));
  EXPECT_EQ(json.at("sla_percent"), "100.00");
  EXPECT_EQ(json.at("resolution_rtt_ms"), "1.500");
  EXPECT_EQ(json.at("time_to_effect_hours"), "0.000000");
  EXPECT_EQ(json.at("operating_hours_mean"), "744.00");
  EXPECT_TRUE(json.at("months").at(0).at("sla_percent").is_null());
}

TEST(MonthReport, WeighsMeansByWhatHappened) {
  const auto report =
      MakeMonthReport("2026-10", Document(Day("2026-10-01", 86'400, 1, 10'000'000) + "," +
                                          Day("2026-10-02", 86'400, 3, 2'000'000) + "," +
                                          Day("2026-09-30", 86'400, 1'000, 1)));
  EXPECT_EQ(report->registration_us, 4'000'000u);
  const auto json = boost::json::parse(MonthReportJson(*report));
  EXPECT_EQ(json.at("registration_rtt_ms"), "4000.000");
  EXPECT_EQ(json.at("time_to_effect_hours"), "0.001111");
}

TEST(MonthReport, NamesTheDaysThatAreMissingAndGuessesNone) {
  const auto report = MakeMonthReport("2026-10", Document(Day("2026-10-02", 43'200)));
  EXPECT_EQ(report->missing.size(), 30u);
  EXPECT_EQ(report->missing.front(), "2026-10-01");
  EXPECT_EQ(report->months.back().sla, 5'000);
  EXPECT_FALSE(report->resolution_us);
  EXPECT_TRUE(boost::json::parse(MonthReportJson(*report)).at("resolution_rtt_ms").is_null());
  EXPECT_NE(MonthReportHtml(*report).find("2026-10-31"), std::string::npos);
}

TEST(MonthReport, TakesPlannedDowntimeFromWhatIsDue) {
  const std::string incidents =
      R"({"number":"1","at":"2026-10-01T16:00:00Z","cause":"other","planned":true,)"
      R"("detail":"planned: 升级","recovered_at":"2026-10-01T22:00:00Z",)"
      R"("recovered_detail":"完成"},)"
      R"({"number":"2","at":"2026-10-03T00:00:00Z","cause":"network","planned":false,)"
      R"("detail":"断网 <b>","recovered_at":"2026-10-03T01:00:00Z","recovered_detail":"恢复"},)"
      R"({"number":"3","at":"2026-09-01T00:00:00Z","cause":"network","planned":false,)"
      R"("detail":"earlier","recovered_at":"2026-09-02T01:00:00Z","recovered_detail":""})";
  // 2026-10-02 in Shanghai begins at 16:00 of the day before: six hours of it were planned.
  const auto report = MakeMonthReport("2026-10", Document(Day("2026-10-02", 64'800), incidents));
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->months.back().seconds_planned, 21'600u);
  EXPECT_EQ(report->months.back().sla, 10'000);
  ASSERT_EQ(report->planned.size(), 1u);
  ASSERT_EQ(report->emergencies.size(), 1u);
  EXPECT_EQ(report->emergencies[0].remedy, "恢复");
  const std::string html = MonthReportHtml(*report);
  EXPECT_NE(html.find("二级节点系统运行月度报告"), std::string::npos);
  EXPECT_NE(html.find("断网 &lt;b&gt;"), std::string::npos);
  EXPECT_EQ(html.find("earlier"), std::string::npos);
}

TEST(MonthReport, OfEqualRowsIsEqual) {
  const std::string document = Document(WholeMonth("2026-10", 20, 80'000));
  EXPECT_EQ(MonthReportHtml(*MakeMonthReport("2026-10", document)),
            MonthReportHtml(*MakeMonthReport("2026-10", document)));
}

TEST(MonthReport, RefusesADocumentThatIsNone) {
  for (const std::string none :
       {"", "[]", "{}", R"({"days":[1],"incidents":[]})",
        R"({"days":[{"day":"x"}],"incidents":[]})", R"({"days":[],"incidents":[{"at":"x"}]})"}) {
    EXPECT_FALSE(MakeMonthReport("2026-10", none).ok()) << none;
  }
}

}  // namespace
}  // namespace idnode
