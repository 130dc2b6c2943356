#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"

namespace idnode {

// The monthly report on the operation of a secondary node (《二级节点系统运行月度报告》,
// spec/secondary-node.md 5.6), made of the rows that the node filed of its days. Pure: equal rows
// make equal octets. What no row tells is named and not guessed.
struct MonthReport {
  struct Month {
    std::string name;  // 2026-10
    uint32_t days = 0, days_known = 0;
    uint64_t seconds_up = 0, seconds_planned = 0;
    // Hundredths of a percent: time served, of the days that are known less planned downtime.
    std::optional<int64_t> sla;
  };
  struct Incident {
    std::string at, recovered_at, cause, problem, remedy;
  };
  std::string prefix;
  std::string due;            // The tenth working day after the month: 2026-11-13.
  std::vector<Month> months;  // Six, of which the last is what the report is about.
  std::optional<int64_t> sla_mean;
  // Microseconds, the mean of the month; nothing: there was none.
  std::optional<uint64_t> registration_us, resolution_us;
  std::vector<std::string> missing;  // Days of the month without a row.
  std::vector<Incident> planned, emergencies;
};

// The days that a report asks for.
struct MonthSpan {
  std::string from, until;
};
// kMalformed: no month, as 2026-10.
Result<MonthSpan> SpanOfMonthReport(std::string_view month);
// `days`: the document of GET /api/v1/monitoring/days of that span. kMalformed: it is none.
Result<MonthReport> MakeMonthReport(std::string_view month, std::string_view days);

std::string MonthReportJson(const MonthReport& report);
std::string MonthReportHtml(const MonthReport& report);  // One file, to be read or printed to PDF.

}  // namespace idnode
