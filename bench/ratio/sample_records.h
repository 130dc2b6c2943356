#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "storage/change.h"

namespace idnode::bench {

// Records like those of spec/limits.md: a Handle key of 24 octets, a record of about 224 octets of
// which 48 are random.
class SampleRecords {
 public:
  explicit SampleRecords(uint64_t seed) : state_(seed | 1) {}

  // Key number `n`, ascending with n; with `shuffled`, the same keys in an order without pattern.
  static std::string Key(uint64_t n, bool shuffled);
  // An encoded record.
  const std::string& Record();

  // A sealed change that creates `count` identifiers from number `first` on.
  std::shared_ptr<const Change> Creates(uint64_t first, uint32_t count, bool shuffled);

 private:
  uint64_t Random();
  uint64_t state_;
  std::string record_;
};

}  // namespace idnode::bench
