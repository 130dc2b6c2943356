#include <benchmark/benchmark.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "proto/base/limits.h"
#include "proto/ident/serial_key.h"
#include "storage/decider.h"
#include "storage/engine/rocksdb_engine.h"
#include "storage/keyspace.h"
#include "storage/registry.h"
#include "storage/serial_range.h"

// What registrations of serials pay for ranges: a condition for each product of a batch, and where
// the product has ranges, the look-up of the one that may have the serial.
namespace idnode {
namespace {

constexpr int64_t kSerialsOfGroup = 8'192;
constexpr int64_t kStored = 200'000;

std::string ProductKey(int64_t number) {
  std::string key("G\2", 2);
  for (int i = 0; i < 6; ++i) {
    key.push_back(static_cast<char>(number % 10 << 4 | number / 10 % 10));
    number /= 100;
  }
  key.push_back('\0');
  return key;
}

std::string SerialOfNumber(int64_t number) { return std::to_string(10'000'000 + number); }

// Every even product has a range, on disk and compacted.
Engine& Stored() {
  static const auto engine = [] {
    std::string pattern = (std::filesystem::temp_directory_path() / "idnode-bench-XXXXXX").string();
    static const std::filesystem::path directory = ::mkdtemp(pattern.data());
    std::atexit([] { std::filesystem::remove_all(directory); });
    RocksDbOptions options;
    options.create_if_missing = true;
    auto opened = *OpenRocksDb(directory / "rows", options);
    const std::string version = keyspace::Log(Position{1});
    Batch rows;
    std::string record;
    EncodeRecord({.enterprise = 1}, record);
    for (int64_t i = 0; i < kStored; ++i) {
      rows.Put(Table::kRecords, SerialKeyOf(ProductKey(i), SerialOfNumber(-1)), version, record);
      if (i % 2 != 0) continue;
      rows.Put(Table::kRanges, ProductKey(i), version, EncodeRangeSet(1));
      rows.Put(Table::kRanges, RangeKey(ProductKey(i), SerialOfNumber(1'000'000)), version,
               EncodeRange(SerialOfNumber(0), "", record));
    }
    Require(opened->Write(rows, Engine::Durability::kSynced).ok());
    Require(opened->Compact().ok());
    return opened;
  }();
  return *engine;
}

std::vector<std::unique_ptr<Change>> Creates(bool relies, int64_t products) {
  std::vector<std::unique_ptr<Change>> changes;
  const std::string record(220, 'r');
  for (int64_t first = 0; first < kSerialsOfGroup; first += limits::kItemsPerChangeMax) {
    auto change = std::make_unique<Change>(Time{1}, "bench", OperationId{}, Change::Mode::kEach);
    const auto product = [&](int64_t i) { return ProductKey((first + i) % products * 2 + 1); };
    const int64_t items = limits::kItemsPerChangeMax;
    for (int64_t i = 0; relies && i < std::min(items, products); ++i) {
      ExpectRangeSet(*change, product(i), {});
    }
    for (int64_t i = 0; i < items; ++i) {
      AddCreate(*change, SerialKeyOf(product(i), SerialOfNumber(first + i)), 1, record);
    }
    change->Seal();
    changes.push_back(std::move(change));
  }
  return changes;
}

// Arguments: whether the changes rely on the ranges, and of how many products the serials are.
void DecideSerials(benchmark::State& state) {
  Engine& engine = Stored();
  const auto changes = Creates(state.range(0) != 0, state.range(1));
  Decider decider(engine);
  Decider::Decision decision;
  for (auto _ : state) {
    uint64_t next = 2;
    for (const auto& change : changes) {
      decider.Decide(*change, Position{next++}, 0, decision);
      Require(decision.writes());
    }
    decider.OnDurable();
  }
  state.SetItemsProcessed(state.iterations() * kSerialsOfGroup);
}
BENCHMARK(DecideSerials)
    ->ArgNames({"relies", "products"})
    ->Args({0, 1})
    ->Args({1, 1})
    ->Args({0, 8'192})
    ->Args({1, 8'192})
    ->Unit(benchmark::kMicrosecond);

// Whether a serial is a member: of a product with a range (0) or without one (1).
void FindMember(benchmark::State& state) {
  const auto ranges = *SerialRanges::Open(Stored());
  SerialRanges::Scratch scratch;
  int64_t number = 0;
  for (auto _ : state) {
    number = (number + 7'919) % (kStored / 2);
    const std::string key =
        SerialKeyOf(ProductKey(number * 2 + state.range(0)), SerialOfNumber(number));
    const auto found = ranges->FindMember(key, Reach::kDisk, scratch);
    Require(found.ok() == (state.range(0) == 0));
  }
}
BENCHMARK(FindMember)->ArgName("odd")->Arg(0)->Arg(1);

}  // namespace
}  // namespace idnode
