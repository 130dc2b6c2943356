#include "bench/ratio/sample_records.h"

#include <cstdio>

#include "proto/record/record.h"
#include "storage/registry.h"

namespace idnode::bench {
namespace {

constexpr Time kTime{1'763'700'000'000};
constexpr uint32_t kEnterprise = 1;

// A permutation of the numbers below 2^40: an odd multiplier and shifts.
uint64_t Shuffle(uint64_t n) {
  constexpr uint64_t kMask = (1ull << 40) - 1;
  n = n * 0x9E3779B97F4A7C15ull & kMask;
  n ^= n >> 20;
  n = n * 0xBF58476D1CE4E5B9ull & kMask;
  return n ^ n >> 20;
}

}  // namespace

std::string SampleRecords::Key(uint64_t n, bool shuffled) {
  char key[32];
  const int size = std::snprintf(key, sizeof key, "H88.118.8/SN-%012llu",
                                 static_cast<unsigned long long>(shuffled ? Shuffle(n) : n));
  return {key, static_cast<size_t>(size)};
}

uint64_t SampleRecords::Random() {
  state_ ^= state_ << 13;
  state_ ^= state_ >> 7;
  return state_ ^= state_ << 17;
}

const std::string& SampleRecords::Record() {
  char random[2][49];
  for (auto& text : random) {
    for (int i = 0; i < 3; ++i) {
      std::snprintf(text + i * 8, 9, "%08llx",
                    static_cast<unsigned long long>(Random() & 0xFFFF'FFFF));
    }
  }
  const std::string url = std::string("https://id.example.cn/p/") + random[0];
  const std::string name = std::string("product of a series, batch ") + random[1];
  Value link;
  link.index = 1;
  link.type = "URL";
  link.data = url;
  Value title;
  title.index = 2000;
  title.type = "NAME";
  title.data = name;
  idnode::Record record;
  record.enterprise = kEnterprise;
  record.created = record.modified = kTime.seconds();
  record.values = {link, title};
  record_.clear();
  EncodeRecord(record, record_);
  return record_;
}

std::shared_ptr<const Change> SampleRecords::Creates(uint64_t first, uint32_t count,
                                                     bool shuffled) {
  auto change = std::make_shared<Change>(kTime, "bench", OperationId{}, Change::Mode::kEach);
  for (uint64_t n = first; n < first + count; ++n) {
    AddCreate(*change, Key(n, shuffled), kEnterprise, Record());
  }
  change->Seal();
  return change;
}

}  // namespace idnode::bench
