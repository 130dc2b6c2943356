#include "node/stats/monitoring_keeper.h"

#include <gtest/gtest.h>

#include "storage/commit_log.h"
#include "storage/engine/memory_engine.h"

namespace idnode {
namespace {

constexpr ResolutionNote kFound{1, TrafficClass::kExternal, ResolutionOutcome::kFound};
// 15:59:50Z on 2026-11-21: ten seconds before a day of Shanghai ends.
constexpr Time kEvening{1'795'276'790'000};

class MonitoringKeeperTest : public ::testing::Test {
 protected:
  MonitoringKeeperTest() { ledger->Start(); }
  ~MonitoringKeeperTest() override { ledger->Stop(); }

  void Answer(uint64_t micros, uint32_t times = 1) {
    tally.Count(Protocol::kHttp, kFound, micros, times);
  }
  // One second later.
  void Fold(MonitoringKeeper& of) {
    now.ms += 1'000;
    of.Fold(now);
  }
  uint64_t seconds() const { return now.seconds(); }

  std::unique_ptr<MemoryEngine> engine = OpenMemoryEngine();
  std::unique_ptr<MemoryCommitLog> log = OpenMemoryCommitLog(*engine);
  std::unique_ptr<Ledger> ledger = *Ledger::Open(*engine, *log, "", LedgerOptions{});
  ResolutionCounts counts;
  ResolutionCounts::Tally& tally = counts.NewTally();
  RegistrationTimes registrations;
  MonitoringKeeper keeper{counts, registrations, *ledger};
  Time now{kEvening.ms - 3'600'000};
};

TEST_F(MonitoringKeeperTest, KeepsExtremesWithTheSecondInWhichTheyEnded) {
  Fold(keeper);
  Answer(100, 3);
  Fold(keeper);
  const uint64_t first = seconds();
  Answer(40);
  Answer(500);
  Fold(keeper);
  const uint64_t second = seconds();
  Answer(500);
  registrations.Take(7'000);
  Fold(keeper);
  const uint64_t third = seconds();
  Fold(keeper);
  const DayFold day = keeper.Running(now);
  EXPECT_EQ(day.resolution, (LatencyFold{6, 1'340, 500, second, 40, second}));
  EXPECT_EQ(day.peak_per_second, 3u);
  EXPECT_EQ(day.peak_at, first);
  EXPECT_EQ(day.registration, (LatencyFold{1, 7'000, 7'000, third, 7'000, third}));
  EXPECT_EQ(day.up_ms, 4'000u);
}

TEST_F(MonitoringKeeperTest, AddsUpTheThreads) {
  ResolutionCounts::Tally& other = counts.NewTally();
  Fold(keeper);
  Answer(10);
  other.Count(Protocol::kHandleUdp, kFound, 2, 5);
  Fold(keeper);
  Fold(keeper);
  const DayFold day = keeper.Running(now);
  EXPECT_EQ(day.resolution.count, 6u);
  EXPECT_EQ(day.resolution.sum_us, 20u);
  EXPECT_EQ(day.resolution.max_us, 10u);
  EXPECT_EQ(day.resolution.min_us, 2u);
  EXPECT_EQ(day.peak_per_second, 6u);
}

TEST_F(MonitoringKeeperTest, BeginsADayWithTheDay) {
  now = kEvening;
  const uint32_t day = ShanghaiDayOf(now);
  EXPECT_FALSE(keeper.Closed(day)) << "nothing is known yet";
  for (int i = 0; i < 8; ++i) Fold(keeper);
  Answer(30);
  Fold(keeper);  // 15:59:59
  Answer(70);
  Fold(keeper);  // 16:00:00
  Fold(keeper);
  ASSERT_EQ(ShanghaiDayOf(now), day + 1);
  EXPECT_EQ(keeper.Closed(day)->resolution.count, 1u);
  EXPECT_EQ(keeper.Closed(day)->resolution.max_us, 30u);
  EXPECT_EQ(keeper.Running(now).resolution.max_us, 70u);
  EXPECT_EQ(keeper.Running(now).resolution.max_at, BeginningOf(day + 1).seconds());
  EXPECT_TRUE(CheckMonitoring(MonitoringOf(*keeper.Closed(day)), DayText(day)).ok());
  keeper.Forget(day);
  EXPECT_FALSE(keeper.Closed(day));
}

TEST_F(MonitoringKeeperTest, SurvivesARestart) {
  Fold(keeper);
  Answer(100);
  Fold(keeper);
  const uint64_t at = seconds();
  Answer(300);
  now.ms += 500;
  keeper.Stop(now);
  ledger->Stop();
  ledger = *Ledger::Open(*engine, *log, "", LedgerOptions{});
  ledger->Start();

  ResolutionCounts fresh;
  ResolutionCounts::Tally& own = fresh.NewTally();
  MonitoringKeeper again(fresh, registrations, *ledger);
  ASSERT_TRUE(again.Read(*engine).ok());
  Fold(again);
  own.Count(Protocol::kHttp, kFound, 100);
  Fold(again);
  Fold(again);
  const DayFold day = again.Running(now);
  EXPECT_EQ(day.resolution.count, 3u);
  EXPECT_EQ(day.resolution.min_us, 100u);
  EXPECT_EQ(day.resolution.min_at, at) << "of equal ones the first";
  EXPECT_EQ(day.up_ms, 3'500u) << "the stop was no time served";
}

TEST_F(MonitoringKeeperTest, KnowsADayInWhichTheNodeDidNotRun) {
  Fold(keeper);
  const uint32_t day = ShanghaiDayOf(now);
  now.ms += 3 * 86'400'000ull;
  Fold(keeper);
  EXPECT_FALSE(keeper.Closed(day - 1)) << "before it was there";
  ASSERT_TRUE(keeper.Closed(day + 1));
  EXPECT_EQ(*keeper.Closed(day + 1), DayFold{});
  EXPECT_EQ(keeper.Closed(day)->up_ms, 0u);
  EXPECT_EQ(keeper.Running(now).up_ms, 1'000u) << "a clock that jumped is no time served";
}

TEST_F(MonitoringKeeperTest, SaysHowManyASecondWhereFoldsWereLate) {
  Fold(keeper);
  Answer(10, 100);
  now.ms += 4'000;
  keeper.Fold(now);
  Fold(keeper);
  EXPECT_EQ(keeper.Running(now).peak_per_second, 25u);
}

}  // namespace
}  // namespace idnode
