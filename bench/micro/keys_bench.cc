#include <benchmark/benchmark.h>

#include <string>

#include "proto/ident/gs1_key.h"
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
