#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "tests/sim/world.h"

namespace idnode::sim {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr uint64_t kSeeds = 500;
#else
constexpr uint64_t kSeeds = 10'000;
#endif
constexpr int kSteps = 300;

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

// One life of the two nodes. Empty: they agree in the end.
std::string Live(uint64_t seed, World::Seen& seen) {
  World world(seed);
  for (int step = 0; step < kSteps; ++step) world.Step();
  if (!world.ComeToRest()) return "they do not come to rest";
  seen.changes += world.seen().changes;
  seen.breaks += world.seen().breaks;
  seen.refusals += world.seen().refusals;
  seen.conflicts += world.seen().conflicts;
  seen.doubled += world.seen().doubled;
  seen.crashes += world.seen().crashes;
  seen.restores += world.seen().restores;
  seen.setbacks += world.seen().setbacks;
  seen.evaluations += world.seen().evaluations;
  seen.filings += world.seen().filings;
  return world.Differences();
}

TEST(SyncSimulation, BothNodesAgreeWhateverHappensBetweenThem) {
  World::Seen seen;
  const uint64_t first = FromEnvironment("IDNODE_SIM_SEED", 1);
  const uint64_t seeds =
      std::getenv("IDNODE_SIM_SEED") ? 1 : FromEnvironment("IDNODE_SIM_SEEDS", kSeeds);
  for (uint64_t seed = first; seed < first + seeds; ++seed) {
    const std::string difference = Live(seed, seen);
    ASSERT_EQ(difference, "") << "run it alone: IDNODE_SIM_SEED=" << seed;
  }
  if (seeds < 100) return;
  // A simulation in which nothing went wrong has shown nothing.
  EXPECT_GT(seen.changes, 20 * seeds);
  EXPECT_GT(seen.breaks, seeds);
  EXPECT_GT(seen.refusals, seeds / 20);
  EXPECT_GT(seen.conflicts, seeds / 100);
  EXPECT_GT(seen.doubled, seeds);
  EXPECT_GT(seen.crashes, seeds);
  EXPECT_GT(seen.restores, seeds);
  EXPECT_GT(seen.setbacks, seeds / 4);
  EXPECT_GT(seen.evaluations, seeds);
  EXPECT_GT(seen.filings, seeds);
}

TEST(SyncSimulation, IsTheSameForTheSameSeed) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    World::Seen first, second;
    EXPECT_EQ(Live(seed, first), Live(seed, second));
    EXPECT_EQ(first.breaks, second.breaks);
    EXPECT_EQ(first.refusals, second.refusals);
    EXPECT_EQ(first.changes, second.changes);
  }
}

}  // namespace
}  // namespace idnode::sim
