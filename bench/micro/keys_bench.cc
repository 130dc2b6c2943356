#include <benchmark/benchmark.h>

#include <string>

#include "proto/gs1/key.h"
#include "proto/gs1/packed_key.h"
#include "proto/gs1/uri.h"
#include "proto/ident/identifier.h"

namespace idnode {
namespace {

void ParseGtin(benchmark::State& state) {
  Identifier identifier;
  for (auto _ : state) {
    benchmark::DoNotOptimize(ParseIdentifier("6901234567892", identifier).ok());
  }
}
BENCHMARK(ParseGtin);

void ParseHandle(benchmark::State& state) {
  Identifier identifier;
  for (auto _ : state) {
    benchmark::DoNotOptimize(ParseIdentifier("88.118.8/SN-000000123456", identifier).ok());
  }
}
BENCHMARK(ParseHandle);

// What a scanner sends: product, lot and serial.
constexpr std::string_view kTypicalPath = "/01/06901234567892/10/L20261122/21/SN000123456";

void ParseGs1Uri(benchmark::State& state) {
  Gs1Path path;
  for (auto _ : state) benchmark::DoNotOptimize(ParseGs1Path(kTypicalPath, path).ok());
}
BENCHMARK(ParseGs1Uri);

void ParseAndKeyGs1Uri(benchmark::State& state) {
  Gs1Path path;
  std::string key;
  for (auto _ : state) {
    key.clear();
    benchmark::DoNotOptimize(ParseGs1Path(kTypicalPath, path).ok());
    AppendGs1Key(path, key);
    benchmark::DoNotOptimize(key.data());
  }
}
BENCHMARK(ParseAndKeyGs1Uri);

void ParseEncodedGs1Uri(benchmark::State& state) {
  Gs1Path path;
  for (auto _ : state) {
    const auto read = ParseGs1Path("/01/06901234567892/10/L%2F20261122/21/SN000123456", path);
    benchmark::DoNotOptimize(read.ok());
  }
}
BENCHMARK(ParseEncodedGs1Uri);

// The five records that may answer for a serial of a lot of a variant, none of which need be there.
void LevelsOfFiveSets(benchmark::State& state) {
  Gs1Path path;
  (void)ParseGs1Path("/01/06901234567892/22/2A/10/L20261122/21/SN000123456", path);
  Gs1Levels levels;
  for (auto _ : state) {
    levels.Assign(path);
    benchmark::DoNotOptimize(levels.key(4).data());
  }
}
BENCHMARK(LevelsOfFiveSets);

void FindAi(benchmark::State& state) {
  std::string_view ai = "8004";
  for (auto _ : state) {
    benchmark::DoNotOptimize(ai);
    benchmark::DoNotOptimize(FindApplicationIdentifier(ai));
  }
}
BENCHMARK(FindAi);

void CheckDigit(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(CheckDigitOf("0690123456789"));
}
BENCHMARK(CheckDigit);

void TextOfPackedKey(benchmark::State& state) {
  Identifier identifier;
  (void)ParseIdentifier("6901234567892", identifier);
  for (auto _ : state) benchmark::DoNotOptimize(TextOfKey(identifier.key).ok());
}
BENCHMARK(TextOfPackedKey);

}  // namespace
}  // namespace idnode
