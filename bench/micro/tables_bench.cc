// Reads and writes of the tables in RocksDB, over 200,000 records that the block cache holds.

#include <benchmark/benchmark.h>

#include <string>
#include <string_view>
#include <vector>

#include "bench/ratio/sample_records.h"
#include "bench/ratio/scratch.h"
#include "storage/counters.h"
#include "storage/registry.h"

namespace idnode::bench {
namespace {

constexpr uint64_t kRecords = 200'000;

// One store for all cases; filled, compacted and warmed at the first use. Keys are shuffled
// numbers, so those that are not there lie among those that are.
class Tables {
 public:
  static Tables& The() {
    static Tables tables;
    return tables;
  }
  Engine& engine() { return store_->engine(); }
  const std::string& Present() { return Next(present_); }
  const std::string& Absent() { return Next(absent_); }

 private:
  using Keys = std::vector<std::string>;

  Tables() {
    SampleRecords records(3);
    for (uint64_t first = 0; first < kRecords; first += 1'000) {
      Require(store_->ledger().Commit(records.Creates(first, 1'000, true)).done());
    }
    Require(engine().Compact().ok());
    std::string row;
    for (uint64_t n = 0; n < kRecords; ++n) {
      present_.push_back(SampleRecords::Key(n, true));
      absent_.push_back(SampleRecords::Key(kRecords + n, true));
      Require(*engine().Get(Table::kRecords, present_.back(), Reach::kDisk, row));
    }
  }
  const std::string& Next(const Keys& keys) { return keys[next_ = (next_ + 7'919) % kRecords]; }

  ScratchDirectory directory_;
  std::unique_ptr<Store> store_ = OpenStore(directory_.path() + "/store", "secondary", 256u << 20);
  Keys present_, absent_;
  uint64_t next_ = 0;
};

void GetPresent(benchmark::State& state) {
  Tables& tables = Tables::The();
  std::string row;
  for (auto _ : state) {
    Require(*tables.engine().Get(Table::kRecords, tables.Present(), Reach::kDisk, row));
  }
}
BENCHMARK(GetPresent);

void GetAbsent(benchmark::State& state) {
  Tables& tables = Tables::The();
  std::string row;
  for (auto _ : state) {
    Require(!*tables.engine().Get(Table::kRecords, tables.Absent(), Reach::kDisk, row));
  }
}
BENCHMARK(GetAbsent);

// What the ledger asks for a batch of creates.
void GetManyAbsent(benchmark::State& state) {
  Tables& tables = Tables::The();
  std::vector<std::string_view> keys(static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    for (std::string_view& key : keys) key = tables.Absent();
    const Status read =
        tables.engine().GetMany(Table::kRecords, keys, [](size_t, auto row) { Require(!row); });
    Require(read.ok());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(GetManyAbsent)->Arg(32)->Arg(1'000);

void ScanThousand(benchmark::State& state) {
  Tables& tables = Tables::The();
  const Registry registry(tables.engine());
  for (auto _ : state) {
    size_t octets = 0;
    Require(registry
                .List(tables.Present(), {}, 1'000,
                      [&](std::string_view key, const Registry::Found&) {
                        octets += key.size();
                        return true;
                      })
                .ok());
    benchmark::DoNotOptimize(octets);
  }
  state.SetItemsProcessed(state.iterations() * 1'000);
}
BENCHMARK(ScanThousand);

void ReadAllTotals(benchmark::State& state) {
  Tables& tables = Tables::The();
  for (auto _ : state) benchmark::DoNotOptimize(ReadTotals(tables.engine(), kOwn)->size());
}
BENCHMARK(ReadAllTotals);

}  // namespace
}  // namespace idnode::bench
