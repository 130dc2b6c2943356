#include <gtest/gtest.h>

#include <ctime>

#include "proto/base/text.h"

namespace idnode {
namespace {

struct Moment {
  uint64_t seconds;
  std::string_view text;
};

constexpr Moment kMoments[] = {
    {0, "1970-01-01T00:00:00Z"},
    {59, "1970-01-01T00:00:59Z"},
    {951'782'400, "2000-02-29T00:00:00Z"},
    {1'795'248'000, "2026-11-21T08:00:00Z"},
    {2'147'483'647, "2038-01-19T03:14:07Z"},  // The last second of a signed 32-bit counter.
    {2'147'483'648, "2038-01-19T03:14:08Z"},
    {4'107'542'400, "2100-03-01T00:00:00Z"},  // 2100 has no 29 February.
    {4'107'542'399, "2100-02-28T23:59:59Z"},
    {4'294'967'295, "2106-02-07T06:28:15Z"},  // The last second of an unsigned one.
    {4'294'967'296, "2106-02-07T06:28:16Z"},
    {253'402'300'799, "9999-12-31T23:59:59Z"},
};

TEST(Utc, IsWrittenAndReadAlike) {
  for (const Moment& moment : kMoments) {
    EXPECT_EQ(FormatUtc(moment.seconds), moment.text);
    const auto seconds = ParseUtc(moment.text);
    ASSERT_TRUE(seconds) << moment.text;
    EXPECT_EQ(*seconds, moment.seconds);
  }
}

// The C library as a second opinion: every day of five centuries, at a different second of it.
TEST(Utc, AgreesWithTheCLibrary) {
  for (uint64_t day = 0; day < 182'625; ++day) {
    const uint64_t seconds = day * 86'400 + day * 7'919 % 86'400;
    const auto clock = static_cast<time_t>(seconds);
    std::tm parts{};
    ASSERT_NE(gmtime_r(&clock, &parts), nullptr);
    char expected[32];
    std::strftime(expected, sizeof(expected), "%Y-%m-%dT%H:%M:%SZ", &parts);
    ASSERT_EQ(FormatUtc(seconds), expected);
    ASSERT_EQ(*ParseUtc(expected), seconds);
  }
}

TEST(Utc, EndsWithTheYear9999) {
  EXPECT_EQ(FormatUtc(253'402'300'800), "9999-12-31T23:59:59Z");
  EXPECT_EQ(FormatUtc(UINT64_MAX), "9999-12-31T23:59:59Z");
}

TEST(Utc, RefusesAnyOtherForm) {
  for (const std::string_view text :
       {"", "2026-11-21", "2026-11-21T08:00:00", "2026-11-21 08:00:00Z", "2026-11-21t08:00:00z",
        "2026-11-21T08:00:00Z ", " 2026-11-21T08:00:00Z", "2026-11-21T08:00:00.0Z",
        "2026-11-21T08:00:00+00:00", "2026-11-21T08:00Z", "20261121T080000Z",
        "12026-11-21T08:00:00Z", "2026-1a-21T08:00:00Z", "-026-11-21T08:00:00Z"}) {
    const auto seconds = ParseUtc(text);
    ASSERT_FALSE(seconds) << text;
    EXPECT_EQ(seconds.error().code, Errc::kMalformed);
  }
}

TEST(Utc, RefusesWhatIsNotInTheCalendar) {
  for (const std::string_view text :
       {"2026-00-21T08:00:00Z", "2026-13-21T08:00:00Z", "2026-11-00T08:00:00Z",
        "2026-11-31T08:00:00Z", "2026-02-29T08:00:00Z", "2100-02-29T08:00:00Z",
        "2026-11-21T24:00:00Z", "2026-11-21T08:60:00Z", "2016-12-31T23:59:60Z",
        "1969-12-31T23:59:59Z", "0000-01-01T00:00:00Z"}) {
    const auto seconds = ParseUtc(text);
    ASSERT_FALSE(seconds) << text;
    EXPECT_EQ(seconds.error().code, Errc::kMalformed);
  }
}

}  // namespace
}  // namespace idnode
