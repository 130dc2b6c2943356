#include "node/service/takeover_watch.h"

#include <gtest/gtest.h>

namespace idnode {
namespace {

using Turn = TakeoverWatch::Turn;

constexpr uint64_t kMinute = 60'000;
Time At(uint64_t minute) { return Time{1'795'000'000'000 + minute * kMinute}; }
constexpr TakeoverWatch::Round kWell{.resolution = 4};
constexpr TakeoverWatch::Round kDown{.resolution = 4, .resolution_failed = 4};
constexpr TakeoverWatch::Round kSilent{.resolution = 4, .registration_failed = true};

TEST(TakeoverWatch, TurnsAtFiftyOnePercentAndNotBefore) {
  TakeoverWatch watch(200 * kMinute);
  for (uint64_t round = 0; round < 49; ++round) {
    ASSERT_EQ(watch.Add("n", kWell, At(round)), Turn::kNone);
  }
  for (uint64_t round = 49; round < 99; ++round) {
    ASSERT_EQ(watch.Add("n", kDown, At(round)), Turn::kNone) << round;
  }
  // 50 of 99 are 50.5 %, 51 of 100 are 51 %.
  EXPECT_FALSE(watch.Of("n").takeover_due);
  EXPECT_EQ(watch.Add("n", kDown, At(99)), Turn::kDue);
  const ProbeFigures figures = watch.Of("n");
  EXPECT_TRUE(figures.takeover_due);
  EXPECT_EQ(figures.resolution, 400u);
  EXPECT_EQ(figures.resolution_failed, 204u);
  EXPECT_EQ(figures.since, At(99));
  EXPECT_EQ(watch.Add("n", kDown, At(100)), Turn::kNone) << "told once";
  EXPECT_EQ(watch.Of("n").since, At(99));
}

TEST(TakeoverWatch, EndsWhenTheNodeIsWellAgain) {
  TakeoverWatch watch(10 * kMinute);
  EXPECT_EQ(watch.Add("n", kDown, At(0)), Turn::kNone) << "one round says nothing";
  EXPECT_EQ(watch.Add("n", kDown, At(1)), Turn::kNone);
  EXPECT_EQ(watch.Add("n", kDown, At(2)), Turn::kDue);
  EXPECT_EQ(watch.Add("n", kWell, At(3)), Turn::kNone);
  EXPECT_EQ(watch.Add("n", kWell, At(4)), Turn::kNone);
  EXPECT_EQ(watch.Add("n", kWell, At(5)), Turn::kWellAgain) << "50 %";
  EXPECT_FALSE(watch.Of("n").takeover_due);
  EXPECT_EQ(watch.Of("n").since, Time{});
}

TEST(TakeoverWatch, HoldsRegistrationAndResolutionEachForItself) {
  TakeoverWatch watch(10 * kMinute);
  watch.Add("n", kWell, At(0));
  EXPECT_EQ(watch.Add("n", kSilent, At(1)), Turn::kNone);
  EXPECT_EQ(watch.Add("n", kSilent, At(2)), Turn::kDue);
  EXPECT_EQ(watch.Of("n").resolution_failed, 0u);
  EXPECT_EQ(watch.Of("n").registration_failed, 2u);
  EXPECT_FALSE(watch.Of("other").takeover_due);
}

TEST(TakeoverWatch, ForgetsWhatIsOlderThanItsWindow) {
  TakeoverWatch watch(10 * kMinute);
  for (uint64_t round = 0; round < 5; ++round) watch.Add("n", kDown, At(round));
  EXPECT_TRUE(watch.Of("n").takeover_due);
  EXPECT_EQ(watch.Add("n", kWell, At(14)), Turn::kWellAgain);
  EXPECT_EQ(watch.Of("n").registration, 1u);
}

TEST(TakeoverWatch, BeginsAnewWhenTheClockWasSetBack) {
  TakeoverWatch watch(10 * kMinute);
  for (uint64_t round = 100; round < 105; ++round) watch.Add("n", kDown, At(round));
  EXPECT_EQ(watch.Add("n", kWell, At(40)), Turn::kWellAgain);
  EXPECT_EQ(watch.Of("n").registration, 1u);
}

TEST(TakeoverWatch, SaysNothingOfANodeWithoutSites) {
  TakeoverWatch watch(10 * kMinute);
  EXPECT_EQ(watch.Add("n", {}, At(0)), Turn::kNone);
  EXPECT_EQ(ProbeFigures::PercentOf(0, 0), 0u);
  EXPECT_EQ(ProbeFigures::PercentOf(101, 200), 51u);
}

}  // namespace
}  // namespace idnode
