#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "proto/base/guarded.h"
#include "proto/base/snapshot.h"
#include "proto/base/time.h"

namespace idnode {
namespace {

TEST(Guarded, LetsOneThreadInAtATime) {
  Guarded<uint64_t> count;
  {
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&count] {
        for (int n = 0; n < 10'000; ++n) count.With([](uint64_t& value) { ++value; });
      });
    }
  }
  EXPECT_EQ(count.With([](uint64_t value) { return value; }), 40'000u);
}

TEST(Snapshot, IsKeptByItsReaderWhenAnotherIsSwappedIn) {
  Snapshot<int> snapshot(std::make_shared<const int>(1));
  const auto before = snapshot.Read();
  snapshot.Swap(std::make_shared<const int>(2));
  EXPECT_EQ(*before, 1);
  EXPECT_EQ(*snapshot.Read(), 2);
}

TEST(Snapshot, IsReadWhileItIsSwapped) {
  Snapshot<std::pair<int, int>> snapshot(std::make_shared<const std::pair<int, int>>(0, 0));
  bool torn = false;
  {
    std::jthread reader([&] {
      int last = 0;
      while (last < 2'000) {
        const auto pair = snapshot.Read();
        torn = torn || pair->first != pair->second || pair->first < last;
        last = pair->first;
      }
    });
    for (int n = 1; n <= 2'000; ++n) {
      snapshot.Swap(std::make_shared<const std::pair<int, int>>(n, n));
    }
  }
  EXPECT_FALSE(torn);
}

TEST(Time, HasSecondsHoursAndDays) {
  const Time time{1'795'248'000'999};  // 2026-11-21T08:00:00.999Z
  EXPECT_EQ(time.seconds(), 1'795'248'000u);
  EXPECT_EQ(time.hour(), 498'680u);
  EXPECT_EQ(time.day(), 20'778u);
  EXPECT_LT(time, Time{1'795'248'001'000});
}

}  // namespace
}  // namespace idnode
