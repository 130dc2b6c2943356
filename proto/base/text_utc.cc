#include <algorithm>
#include <array>
#include <chrono>

#include "proto/base/text.h"
#include "proto/base/time.h"

// Moments as text. The calendar is proleptic Gregorian and has no leap seconds (POSIX time).
namespace idnode {
namespace {

constexpr std::string_view kForm = "0000-00-00T00:00:00Z";
constexpr uint64_t kLastSecond = 253'402'300'799;  // 9999-12-31T23:59:59Z.

void PutDigits(std::string& text, size_t end, unsigned number) {
  for (; number > 0; number /= 10) text[--end] = static_cast<char>('0' + number % 10);
}

unsigned Digits(std::string_view text, size_t begin, size_t end) {
  unsigned number = 0;
  for (; begin < end; ++begin) number = number * 10 + static_cast<unsigned>(text[begin] - '0');
  return number;
}

bool HasForm(std::string_view text) {
  return std::ranges::equal(text, kForm,
                            [](char c, char form) { return form == '0' ? IsDigit(c) : c == form; });
}

}  // namespace

std::string FormatUtc(uint64_t seconds) {
  seconds = std::min(seconds, kLastSecond);
  const std::chrono::year_month_day date{
      std::chrono::sys_days(std::chrono::days(seconds / kSecondsPerDay))};
  const auto second_of_day = static_cast<unsigned>(seconds % kSecondsPerDay);
  std::string text(kForm);
  PutDigits(text, 4, static_cast<unsigned>(static_cast<int>(date.year())));
  PutDigits(text, 7, static_cast<unsigned>(date.month()));
  PutDigits(text, 10, static_cast<unsigned>(date.day()));
  PutDigits(text, 13, second_of_day / 3600);
  PutDigits(text, 16, second_of_day / 60 % 60);
  PutDigits(text, 19, second_of_day % 60);
  return text;
}

std::string FormatDay(uint64_t seconds) {
  constexpr size_t kDayOctets = 10;
  return FormatUtc(seconds).substr(0, kDayOctets);
}

Result<uint64_t> ParseUtc(std::string_view text) {
  if (!HasForm(text)) return Error{Errc::kMalformed, "a time is not YYYY-MM-DDThh:mm:ssZ"};
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(Digits(text, 0, 4))),
                                         std::chrono::month(Digits(text, 5, 7)),
                                         std::chrono::day(Digits(text, 8, 10))};
  const uint64_t hour = Digits(text, 11, 13);
  const uint64_t minute = Digits(text, 14, 16);
  const uint64_t second = Digits(text, 17, 19);
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) {
    return Error{Errc::kMalformed, "a time is not in the calendar"};
  }
  if (date.year() < std::chrono::year(1970)) {
    return Error{Errc::kMalformed, "a time is before 1970"};
  }
  const auto days = static_cast<uint64_t>(std::chrono::sys_days(date).time_since_epoch().count());
  return days * kSecondsPerDay + hour * 3600 + minute * 60 + second;
}

}  // namespace idnode
