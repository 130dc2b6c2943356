#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "proto/crypto/digest.h"
#include "proto/tlog/tree.h"
#include "storage/apply.h"
#include "storage/change.h"
#include "storage/engine/memory_engine.h"
#include "storage/log_record.h"
#include "storage/registry.h"

namespace idnode {
namespace {

Change Creates(int64_t count) {
  Change change(Time{1'763'700'000'000}, "bench", OperationId{}, Change::Mode::kEach);
  const std::string record(220, 'r');
  for (int64_t i = 0; i < count; ++i) {
    AddCreate(change, "H88.118.8/SN-" + std::to_string(1'000'000 + i), 1, record);
  }
  return change;
}

void BuildAndSeal(benchmark::State& state) {
  for (auto _ : state) {
    Change change = Creates(state.range(0));
    change.Seal();
    benchmark::DoNotOptimize(change.root());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BuildAndSeal)->Arg(1)->Arg(1'000);

void EncodeThinRecord(benchmark::State& state) {
  Change change = Creates(state.range(0));
  change.Seal();
  const std::vector<uint8_t> done(change.items().size(), 1);
  std::string thin;
  for (auto _ : state) {
    thin.clear();
    EncodeThin(Position{1}, Digest{}, change, done, change.root(), thin);
    benchmark::DoNotOptimize(LeafHash(thin));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(EncodeThinRecord)->Arg(1)->Arg(1'000);

void ApplyAndSort(benchmark::State& state) {
  Change change = Creates(state.range(0));
  change.Seal();
  const std::vector<uint8_t> done(change.items().size(), 1);
  Batch rows;
  for (auto _ : state) {
    rows.Clear();
    Apply(Position{1}, change, done, rows);
    benchmark::DoNotOptimize(rows.Sorted().size());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(ApplyAndSort)->Arg(1)->Arg(1'000);

void AppendToTree(benchmark::State& state) {
  Frontier tree;
  const Digest leaf = HashLeaf("leaf");
  for (auto _ : state) tree.Append(leaf);
}
BENCHMARK(AppendToTree);

void DigestOf64Octets(benchmark::State& state) {
  const std::string octets(64, 'x');
  for (auto _ : state) benchmark::DoNotOptimize(Sha256(octets));
}
BENCHMARK(DigestOf64Octets);

}  // namespace
}  // namespace idnode
