#include "storage/unique_sketch.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

namespace idnode {
namespace {

std::string Octets(const UniqueSketch& sketch) {
  std::string octets;
  Writer out(octets);
  sketch.Encode(out);
  return octets;
}

Result<UniqueSketch> Back(std::string_view octets) {
  Reader in(octets);
  UniqueSketch sketch = UniqueSketch::Decode(in);
  if (!in.AtEnd()) return Error{Errc::kMalformed, "no sketch"};
  return sketch;
}

UniqueSketch SketchOf(uint64_t count, uint64_t seed) {
  std::mt19937_64 chance(seed);
  UniqueSketch sketch;
  for (uint64_t i = 0; i < count; ++i) sketch.Add(chance());
  return sketch;
}

TEST(UniqueSketch, CountsFewExactlyHoweverOftenTheyCome) {
  UniqueSketch sketch;
  EXPECT_EQ(sketch.Estimate(), 0u);
  for (int round = 0; round < 3; ++round) {
    std::mt19937_64 chance(1);
    for (size_t i = 0; i < UniqueSketch::kExactMax; ++i) {
      sketch.Add(chance());
      EXPECT_EQ(sketch.Estimate(), round == 0 ? i + 1 : UniqueSketch::kExactMax);
    }
  }
}

TEST(UniqueSketch, CountsManyWithinFiveStandardErrors) {
  for (const uint64_t count : {385u, 1'000u, 5'000u, 20'000u, 300'000u, 2'000'000u}) {
    for (uint64_t seed = 1; seed <= 3; ++seed) {
      const double estimate = static_cast<double>(SketchOf(count, seed).Estimate());
      EXPECT_NEAR(estimate / static_cast<double>(count), 1, 5 * 1.04 / std::sqrt(4'096.0))
          << count << " of seed " << seed;
    }
  }
}

TEST(UniqueSketch, MergesToTheUnionInAnyOrder) {
  for (const auto& [a, b] : {std::pair(100, 200), {300, 300}, {10, 9'000}, {9'000, 8'000}}) {
    UniqueSketch one = SketchOf(a, 1), other = SketchOf(b, 2);
    UniqueSketch both;
    for (const auto& [count, seed] : {std::pair(a, 1), {b, 2}}) {
      std::mt19937_64 chance(seed);
      for (int i = 0; i < count; ++i) both.Add(chance());
    }
    UniqueSketch ab = one, ba = other;
    ab.Merge(other);
    ba.Merge(one);
    EXPECT_EQ(ab, both) << a << " and " << b;
    EXPECT_EQ(ba, both) << a << " and " << b;
    ab.Merge(ab);
    EXPECT_EQ(ab, both);
  }
}

TEST(UniqueSketch, HasOneSequenceOfOctets) {
  for (const uint64_t count : {0u, 1u, 384u, 385u, 100'000u}) {
    const UniqueSketch sketch = SketchOf(count, 7);
    const std::string octets = Octets(sketch);
    EXPECT_LE(octets.size(), 3'075u);
    const auto back = Back(octets);
    ASSERT_TRUE(back.ok()) << count;
    EXPECT_EQ(*back, sketch);
    for (size_t size = 0; size < octets.size(); ++size) {
      EXPECT_FALSE(Back(std::string_view(octets).substr(0, size)).ok()) << size;
    }
  }
}

TEST(UniqueSketch, RefusesWhatItDoesNotWrite) {
  using namespace std::string_literals;
  EXPECT_FALSE(Back("\3\0\0"s).ok());
  EXPECT_FALSE(Back("\1\1\x81"s + std::string(385 * 8, '\0')).ok());  // Too many hashes.
  EXPECT_FALSE(Back("\1\0\2"s + std::string(16, '\1')).ok());         // One twice.
  EXPECT_FALSE(Back("\2"s + std::string(3'072, '\0')).ok());          // Registers of nothing.
  EXPECT_FALSE(Back("\2\xFF"s + std::string(3'071, '\0')).ok());      // A rank over 53.
}

}  // namespace
}  // namespace idnode
