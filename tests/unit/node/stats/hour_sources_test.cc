#include "node/stats/hour_sources.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace idnode {
namespace {

constexpr uint32_t kHour = 498'000;

SourceAddress AddressOf(uint32_t n) {
  SourceAddress address{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  for (int i = 0; i < 4; ++i) address[12 + i] = static_cast<uint8_t>(n >> (24 - 8 * i));
  return address;
}
void Ask(HourSources& hour, uint32_t source, uint32_t enterprise, uint64_t times) {
  hour.TakeSource(AddressOf(source), enterprise, times);
  hour.TakeRequests(enterprise, times);
}
// Every part can be encoded, and what it says of each source is true.
void ExpectTrue(const SourcePart& part, const std::map<uint32_t, uint64_t>& truth) {
  EXPECT_EQ(*DecodeSourcePart(EncodeSourcePart(part)), part);
  std::map<SourceAddress, SourceCount> told;
  for (const SourceCount& source : part.sources) told[source.address] = source;
  for (const auto& [source, times] : truth) {
    const auto at = told.find(AddressOf(source));
    const uint64_t least = at == told.end() ? 0 : at->second.count;
    const uint64_t most = at == told.end() ? part.floor : least + at->second.error;
    EXPECT_GE(times, least) << source;
    EXPECT_LE(times, most) << source;
  }
}

TEST(HourSources, CountExactlyWhileTheyAreFew) {
  HourSources hour(kHour);
  EXPECT_TRUE(hour.empty());
  Ask(hour, 1, 7, 5);
  Ask(hour, 2, 7, 9);
  Ask(hour, 1, 8, 1);
  hour.TakeIdentifier(7, 100);
  hour.TakeIdentifier(8, 100);
  const std::vector<PartOf> parts = hour.Seal();
  EXPECT_TRUE(hour.empty());
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(parts[0].enterprise, kAllEnterprises);
  EXPECT_EQ(parts[0].part.requests, 15u);
  EXPECT_EQ(parts[0].part.sources,
            (std::vector<SourceCount>{{AddressOf(2), 9, 0}, {AddressOf(1), 6, 0}}));
  EXPECT_EQ(parts[0].part.identifiers.Estimate(), 1u);
  EXPECT_EQ(parts[0].part.floor, 0u);
  EXPECT_EQ(parts[1].enterprise, 7u);
  EXPECT_EQ(parts[1].part.sources.size(), 2u);
  EXPECT_EQ(parts[2].part.requests, 1u);
}

TEST(HourSources, BoundEveryErrorWhateverComes) {
  for (const uint32_t kinds : {300u, 3'000u, 20'000u}) {
    std::mt19937 chance(kinds);
    HourSources hour(kHour);
    std::map<uint32_t, uint64_t> truth;
    for (int i = 0; i < 100'000; ++i) {
      // A few ask often, most once or twice.
      const uint32_t source = chance() % 4 == 0 ? chance() % 20 : chance() % kinds;
      Ask(hour, source, 1, 1);
      ++truth[source];
    }
    const std::vector<PartOf> parts = hour.Seal();
    ASSERT_EQ(parts.size(), 2u);
    for (const PartOf& each : parts) {
      EXPECT_EQ(each.part.requests, 100'000u);
      EXPECT_EQ(each.part.sources.size(), limits::kSourcesPerPartMax);
      ExpectTrue(each.part, truth);
      for (uint32_t often = 0; often < 20; ++often) {  // They were there before the crowd.
        const auto at =
            std::ranges::find(each.part.sources, AddressOf(often), &SourceCount::address);
        ASSERT_NE(at, each.part.sources.end());
        EXPECT_EQ(at->count, truth[often]);
      }
    }
  }
}

TEST(HourSources, StayWithinBoundsUnderSourcesWithoutEnd) {
  HourSources hour(kHour);
  Ask(hour, 0xFFFF'FFFF, 1, 1'000'000'000);  // One that asks a thousand million times.
  for (uint32_t n = 0; n < 3'000'000; ++n) Ask(hour, n, 1 + n % 5'000, 1);
  const std::vector<PartOf> parts = hour.Seal();
  ASSERT_EQ(parts.size(), 5'001u);
  EXPECT_EQ(parts[0].part.requests, 1'003'000'000u);
  EXPECT_EQ(parts[0].part.sources[0].count, 1'000'000'000u);
  EXPECT_EQ(parts[0].part.sources[0].error, 0u);
  uint64_t requests = 0;
  for (size_t i = 1; i < parts.size(); ++i) {
    requests += parts[i].part.requests;
    EXPECT_EQ(*DecodeSourcePart(EncodeSourcePart(parts[i].part)), parts[i].part);
  }
  EXPECT_EQ(requests, parts[0].part.requests);
}

TEST(HourSources, KnowOfFurtherEnterprisesOnlyAllTogether) {
  HourSources hour(kHour);
  const uint32_t enterprises = limits::kSourceEnterprisesMax + 100;
  for (uint32_t n = 1; n <= enterprises; ++n) Ask(hour, 1, n, 1);
  Ask(hour, 2, kNoEnterprise, 4);
  const std::vector<PartOf> parts = hour.Seal();
  EXPECT_LE(parts.size(), limits::kSourceEnterprisesMax + 2);
  EXPECT_EQ(parts.front().part.requests, enterprises + 4u);
  EXPECT_EQ(parts.back().enterprise, kNoEnterprise);
  EXPECT_EQ(parts.back().part.requests, 4u);
}

// The source of a resolution may come an hour after its count, and its count be alone.
TEST(HourSources, NeverCountMoreThanWasCounted) {
  HourSources hour(kHour);
  hour.TakeSource(AddressOf(1), 1, 1);
  Ask(hour, 1, 1, 3);
  hour.TakeRequests(2, 5);
  const std::vector<PartOf> parts = hour.Seal();
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(parts[1].part.Counted(), 3u);
  EXPECT_EQ(parts[2].part.requests, 5u);
  EXPECT_EQ(parts[2].part.floor, 5u);
  for (const PartOf& each : parts) EncodeSourcePart(each.part);
  hour.TakeSource(AddressOf(1), 1, 1);
  EXPECT_TRUE(hour.Seal().empty());
}

}  // namespace
}  // namespace idnode
