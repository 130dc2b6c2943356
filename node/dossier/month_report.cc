#include "node/dossier/month_report.h"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <map>
#include <utility>

#include "proto/base/text.h"
#include "proto/base/time.h"
#include "proto/web/json_document.h"
#include "storage/day_filing.h"

namespace idnode {
namespace {

namespace json = boost::json;

constexpr uint32_t kMonths = 6;
constexpr uint32_t kDueWorkingDays = 10;
constexpr size_t kMonthOctets = 7;  // 2026-10
constexpr int64_t kWhole = 10'000;  // Of a percent, in hundredths.
constexpr Error kNoDays{Errc::kMalformed, "the document of days is none"};

// Months since the year 0.
Result<uint32_t> ParseMonth(std::string_view text) {
  const Error none{Errc::kMalformed, "month: 2026-10"};
  if (text.size() != kMonthOctets || !ParseDayText(std::string(text) + "-01")) return none;
  const auto year = ParseDecimal(text.substr(0, 4)), month = ParseDecimal(text.substr(5, 2));
  if (!year || !month) return none;
  return static_cast<uint32_t>(*year * 12 + *month - 1);
}

std::string MonthText(uint32_t month) {
  const std::string year = std::to_string(month / 12), number = std::to_string(month % 12 + 1);
  return year + (number.size() == 1 ? "-0" : "-") + number;
}

// The first day of a month, in days of Asia/Shanghai.
uint32_t FirstDayOf(uint32_t month) {
  const auto day = ParseDayText(MonthText(month) + "-01");
  return day ? *day : 0;
}

// Monday to Friday: public holidays and days worked instead are announced year by year.
uint32_t WorkingDay(uint32_t first, uint32_t count) {
  uint32_t day = first;
  for (;; ++day) {
    const uint32_t weekday = (day + 3) % 7;  // 1970-01-01 was a Thursday; 0: Monday.
    if (weekday < 5 && --count == 0) return day;
  }
}

const json::object* ObjectIn(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value == nullptr ? nullptr : value->if_object();
}
const json::array* ArrayIn(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value == nullptr ? nullptr : value->if_array();
}
std::string TextIn(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  const auto* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(text->data(), text->size());
}
uint64_t NumberIn(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return 0;
  if (const auto* number = value->if_uint64()) return *number;
  const auto* number = value->if_int64();
  return number == nullptr || *number < 0 ? 0 : static_cast<uint64_t>(*number);
}

// A mean over days, each as heavy as what happened in it.
class MeanOfDays {
 public:
  void Take(const json::object* latency) {
    if (latency == nullptr) return;
    const uint64_t count = NumberIn(*latency, "count");
    count_ += count;
    sum_ += static_cast<unsigned __int128>(count) * NumberIn(*latency, "mean_us");
  }
  std::optional<uint64_t> Mean() const {
    if (count_ == 0) return std::nullopt;
    return static_cast<uint64_t>(sum_ / count_);
  }

 private:
  unsigned __int128 count_ = 0, sum_ = 0;
};

struct Stretch {
  uint64_t from = 0, until = 0;  // Seconds.

  uint64_t Within(uint64_t begin, uint64_t end) const {
    const uint64_t first = std::max(from, begin), last = std::min(until, end);
    return last > first ? last - first : 0;
  }
};

class MonthReader {
 public:
  explicit MonthReader(uint32_t month) : last_(month), first_(month - kMonths + 1) {
    for (uint32_t each = first_; each <= last_; ++each) {
      report.months.push_back(
          {.name = MonthText(each), .days = FirstDayOf(each + 1) - FirstDayOf(each)});
    }
    report.due = DayText(WorkingDay(FirstDayOf(month + 1), kDueWorkingDays));
  }

  Status Read(const json::object& document) {
    report.prefix = TextIn(document, "prefix");
    const json::array* days = ArrayIn(document, "days");
    const json::array* incidents = ArrayIn(document, "incidents");
    if (days == nullptr || incidents == nullptr) return kNoDays;
    for (const json::value& day : *days) {
      if (!day.is_object()) return kNoDays;
      if (const Status read = ReadDay(day.get_object()); !read) return read;
    }
    for (uint32_t day = FirstDayOf(last_); day < FirstDayOf(last_ + 1); ++day) {
      if (!known_.contains(day)) report.missing.push_back(DayText(day));
    }
    for (const json::value& incident : *incidents) {
      if (!incident.is_object()) return kNoDays;
      if (const Status read = ReadIncident(incident.get_object()); !read) return read;
    }
    Reckon();
    return {};
  }

  MonthReport report;

 private:
  Status ReadDay(const json::object& day) {
    const std::string text = TextIn(day, "day");
    const auto number = ParseDayText(text);
    if (!number) return kNoDays;
    const json::object* monitoring = ObjectIn(day, "monitoring");
    if (monitoring == nullptr) return {};
    for (auto& month : report.months) {
      if (!text.starts_with(month.name)) continue;
      ++month.days_known;
      known_[*number] = true;
      month.seconds_up += NumberIn(*monitoring, "seconds_up");
      if (&month != &report.months.back()) continue;
      resolution_.Take(ObjectIn(*monitoring, "resolution"));
      registration_.Take(ObjectIn(*monitoring, "registration"));
    }
    return {};
  }

  Status ReadIncident(const json::object& incident) {
    const json::value* planned = incident.if_contains("planned");
    const auto at = ParseUtc(TextIn(incident, "at"));
    if (!at || planned == nullptr || !planned->is_bool()) return kNoDays;
    const std::string recovered = TextIn(incident, "recovered_at");
    Stretch stretch{*at, UINT64_MAX};
    if (!recovered.empty()) {
      const auto until = ParseUtc(recovered);
      if (!until) return kNoDays;
      stretch.until = *until;
    }
    if (planned->get_bool()) planned_.push_back(stretch);
    const uint64_t begin = BeginningOf(FirstDayOf(last_)).ms / 1'000;
    const uint64_t end = BeginningOf(FirstDayOf(last_ + 1)).ms / 1'000;
    if (stretch.from >= end || stretch.until < begin) return {};
    auto& list = planned->get_bool() ? report.planned : report.emergencies;
    list.push_back({.at = TextIn(incident, "at"),
                    .recovered_at = recovered,
                    .cause = TextIn(incident, "cause"),
                    .problem = TextIn(incident, "detail"),
                    .remedy = TextIn(incident, "recovered_detail")});
    return {};
  }

  // What is known of a day counts; planned downtime is no time that the node had to serve.
  void Reckon() {
    int64_t sum = 0, of = 0;
    for (uint32_t each = first_; each <= last_; ++each) {
      MonthReport::Month& month = report.months[each - first_];
      for (uint32_t day = FirstDayOf(each); day < FirstDayOf(each + 1); ++day) {
        if (!known_.contains(day)) continue;
        const uint64_t begin = BeginningOf(day).ms / 1'000;
        uint64_t of_day = 0;
        for (const Stretch& stretch : planned_) {
          of_day += stretch.Within(begin, begin + kSecondsPerDay);
        }
        month.seconds_planned += std::min(of_day, kSecondsPerDay);
      }
      const uint64_t due = month.days_known * kSecondsPerDay - month.seconds_planned;
      if (due == 0) continue;
      month.sla = std::min(kWhole, static_cast<int64_t>(month.seconds_up * kWhole / due));
      sum += *month.sla;
      ++of;
    }
    if (of > 0) report.sla_mean = sum / of;
    report.resolution_us = resolution_.Mean();
    report.registration_us = registration_.Mean();
  }

  const uint32_t last_, first_;
  std::map<uint32_t, bool> known_;
  std::vector<Stretch> planned_;
  MeanOfDays resolution_, registration_;
};

}  // namespace

Result<MonthSpan> SpanOfMonthReport(std::string_view month) {
  const auto number = ParseMonth(month);
  if (!number) return number.error();
  return MonthSpan{DayText(FirstDayOf(*number - kMonths + 1)),
                   DayText(FirstDayOf(*number + 1) - 1)};
}

Result<MonthReport> MakeMonthReport(std::string_view month, std::string_view days) {
  const auto number = ParseMonth(month);
  if (!number) return number.error();
  const auto document = ParseJsonDocument(days, "no JSON document");
  if (!document) return document.error();
  const auto* object = document->if_object();
  if (object == nullptr) return kNoDays;
  MonthReader reader(*number);
  if (const Status read = reader.Read(*object); !read) return read.error();
  return std::move(reader.report);
}

}  // namespace idnode
