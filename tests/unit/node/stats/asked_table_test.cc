#include "node/stats/asked_table.h"

#include <gtest/gtest.h>

#include <map>
#include <thread>

namespace idnode {
namespace {

SourceAddress AddressOf(uint32_t n) {
  SourceAddress address{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  for (int i = 0; i < 4; ++i) address[12 + i] = static_cast<uint8_t>(n >> (24 - 8 * i));
  return address;
}

void Take(AskedTable& table, const SourceAddress& source, uint32_t enterprise, uint64_t identifier,
          uint32_t times) {
  table.TakeSource(source, enterprise, times);
  if (identifier != 0) table.TakeIdentifier(enterprise, identifier);
}

struct Told : AskedTable::Sink {
  void TakeSource(const SourceAddress& source, uint32_t enterprise, uint64_t times) override {
    sources[{source, enterprise}] += times;
    all += times;
  }
  void TakeIdentifier(uint32_t enterprise, uint64_t identifier) override {
    ++identifiers[{enterprise, identifier}];
  }
  void TakeUnlooked(uint64_t times) override { unlooked += times; }

  std::map<std::pair<SourceAddress, uint32_t>, uint64_t> sources;
  std::map<std::pair<uint32_t, uint64_t>, int> identifiers;
  uint64_t all = 0, unlooked = 0;
};

TEST(AskedTable, TellsWhatItTookOnce) {
  AskedTable table;
  Told told;
  Take(table, AddressOf(1), 7, 100, 1);
  Take(table, AddressOf(1), 7, 100, 2);
  Take(table, AddressOf(1), 8, 100, 1);
  Take(table, AddressOf(2), 7, 0, 1);
  table.Drain(told);
  EXPECT_EQ(told.sources.size(), 3u);
  EXPECT_EQ((told.sources[{AddressOf(1), 7}]), 3u);
  EXPECT_EQ(told.identifiers.size(), 2u);
  table.Drain(told);
  EXPECT_EQ(told.all, 5u);
  Take(table, AddressOf(1), 7, 100, 1);
  table.Drain(told);
  EXPECT_EQ((told.sources[{AddressOf(1), 7}]), 4u);
  EXPECT_EQ((told.identifiers[{7, 100}]), 1);
  table.ForgetIdentifiers();
  Take(table, AddressOf(1), 7, 100, 1);
  table.Drain(told);
  EXPECT_EQ((told.identifiers[{7, 100}]), 2);
}

TEST(AskedTable, GoesOnWithAnEmptyTableWhenTheFirstIsFilling) {
  AskedTable table;
  Told told;
  uint64_t taken = 0;
  // Ten times as many sources as there is room for, an ordinary second's at a time.
  for (uint32_t second = 0; second < 40; ++second) {
    for (uint32_t n = 0; n < 1'000; ++n, ++taken) {
      Take(table, AddressOf(second * 1'000 + n), 1, 0, 1);
    }
    table.Drain(told);
  }
  EXPECT_EQ(told.all, taken);
  EXPECT_EQ(told.sources.size(), 40'000u);
}

TEST(AskedTable, LosesSourcesRatherThanTimeWhenTheyAreTooMany) {
  AskedTable table;
  Told told;
  for (uint32_t n = 0; n < 2'000'000; ++n) Take(table, AddressOf(n), 1, 0, 1);
  table.Drain(told);
  EXPECT_GT(told.all, 3'000u);
  EXPECT_LE(told.all, 4'096u);
  // It has room again one second later.
  Take(table, AddressOf(0x0A00'0000), 1, 0, 1);
  table.Drain(told);
  told = {};
  Take(table, AddressOf(0x0A00'0001), 1, 0, 5);
  table.Drain(told);
  EXPECT_EQ(told.all, 5u);
}

TEST(AskedTable, SaysHowManyIdentifiersItDidNotLookAt) {
  AskedTable table;
  Told told;
  for (uint64_t n = 1; n <= 40'000; ++n) {
    Take(table, AddressOf(1), 1, n * 0x9E37'79B1'85EB'CA87u, 1);
  }
  table.Drain(told);
  EXPECT_GT(told.unlooked, 0u);
  EXPECT_GE(told.identifiers.size() + told.unlooked, 40'000u);
  EXPECT_EQ(told.all, 40'000u);
}

TEST(AskedTable, IsDrainedWhileItIsWritten) {
  AskedTable table;
  std::atomic<bool> done = false;
  constexpr uint32_t kEach = 300'000;
  std::thread owner([&] {
    for (uint32_t n = 0; n < kEach; ++n) Take(table, AddressOf(n % 3'000), n % 5, n % 1'000 + 1, 1);
    done = true;
  });
  Told told;
  while (!done) table.Drain(told);
  owner.join();
  for (int i = 0; i < 2; ++i) table.Drain(told);
  EXPECT_LE(told.all, kEach);
  EXPECT_LE(told.sources.size(), 3'000u);
  for (const auto& [source, times] : told.sources) {
    EXPECT_LE(times, kEach / 3'000u) << source.second;
  }
}

}  // namespace
}  // namespace idnode
