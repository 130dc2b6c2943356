#include "node/stats/resolution_counts.h"

#include <gtest/gtest.h>

#include <numeric>
#include <thread>

namespace idnode {
namespace {

constexpr Time kNow{1'795'248'000'000};
constexpr ResolutionNote kFound{1, TrafficClass::kExternal, ResolutionOutcome::kFound};
constexpr ResolutionNote kAbsent{1, TrafficClass::kExternal, ResolutionOutcome::kNotFound};
constexpr ResolutionNote kProbed{2, TrafficClass::kProbe, ResolutionOutcome::kFound};

int64_t SumOf(const std::vector<TallyRow>& rows) {
  return std::accumulate(rows.begin(), rows.end(), int64_t{0},
                         [](int64_t sum, const TallyRow& row) { return sum + row.delta; });
}

TEST(ResolutionCounts, DrainsWhatWasCountedOnce) {
  ResolutionCounts counts;
  auto& one = counts.NewTally();
  auto& two = counts.NewTally();
  for (int i = 0; i < 3; ++i) one.Count(Protocol::kHttp, kFound, 1);
  one.Count(Protocol::kHttp, kAbsent, 1);
  two.Count(Protocol::kGrpc, kFound, 1);
  two.Count(Protocol::kGrpc, kProbed, 1);
  const auto rows = counts.Drain(kNow);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(SumOf(rows), 6);
  EXPECT_EQ(rows[0].figure.enterprise, 1u);
  EXPECT_EQ(rows[0].figure.outcome, ResolutionOutcome::kFound);
  EXPECT_EQ(rows[0].delta, 4);
  EXPECT_EQ(rows[0].hour, kNow.hour());
  EXPECT_TRUE(counts.Drain(kNow).empty());
}

TEST(ResolutionCounts, GivesRestoredRowsAgainWithTheirHour) {
  ResolutionCounts counts;
  auto& tally = counts.NewTally();
  tally.Count(Protocol::kHttp, kFound, 1);
  const auto rows = counts.Drain(kNow);
  counts.Restore(rows);
  tally.Count(Protocol::kHttp, kFound, 1);
  const auto again = counts.Drain(Time{kNow.ms + 3'600'000});
  ASSERT_EQ(again.size(), 2u);
  EXPECT_EQ(again[0].hour, kNow.hour());
  EXPECT_EQ(again[1].hour, kNow.hour() + 1);
  EXPECT_EQ(SumOf(again), 2);
}

TEST(ResolutionCounts, ShowsTotalsByProtocolOutcomeAndLatency) {
  ResolutionCounts counts;
  auto& tally = counts.NewTally();
  for (const uint64_t micros : {uint64_t{0}, uint64_t{1}, uint64_t{3}, uint64_t{4}, UINT64_MAX}) {
    tally.Count(Protocol::kHandleUdp, kFound, micros);
  }
  const auto totals = counts.totals();
  EXPECT_EQ(totals.by_protocol[2][static_cast<size_t>(ResolutionOutcome::kFound)], 5u);
  EXPECT_EQ(totals.latency[0], 1u);
  EXPECT_EQ(totals.latency[1], 1u);
  EXPECT_EQ(totals.latency[2], 1u);
  EXPECT_EQ(totals.latency[3], 1u);
  EXPECT_EQ(totals.latency[23], 1u);
}

TEST(ResolutionCounts, LosesNothingWhileManyThreadsCountAndOneDrains) {
  constexpr int kThreads = 3, kEach = 20'000;
  ResolutionCounts counts;
  std::atomic<int> running = kThreads;
  std::vector<std::thread> threads;
  for (uint32_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      auto& tally = counts.NewTally();
      for (uint32_t n = 0; n < kEach; ++n) {
        tally.Count(Protocol::kHttp,
                    {1 + n % 100, TrafficClass::kExternal, ResolutionOutcome::kFound}, n);
      }
      --running;
    });
  }
  int64_t sum = 0;
  while (running > 0) sum += SumOf(counts.Drain(kNow));
  for (std::thread& thread : threads) thread.join();
  sum += SumOf(counts.Drain(kNow));
  EXPECT_EQ(sum, kThreads * kEach);
}

}  // namespace
}  // namespace idnode
