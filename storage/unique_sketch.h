#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "proto/base/reader.h"
#include "proto/base/writer.h"

namespace idnode {

// About how many different 64-bit hashes were added: exactly up to kExactMax, behind that a
// HyperLogLog of 4,096 registers (standard error 1.6 %), read by Ertl's estimator (arXiv
// 1702.01284, algorithm 6), which needs no correction tables. Merging is a union, in any order.
class UniqueSketch {
 public:
  static constexpr size_t kExactMax = 384;  // As many octets as the registers take.

  void Add(uint64_t hash);
  void Merge(const UniqueSketch& other);
  uint64_t Estimate() const;
  bool empty() const { return hashes_.empty() && registers_.empty(); }

  // u8 1, u16 n, n hashes ascending; or u8 2 and 4,096 registers of six bits, the first in the
  // highest bits. One octet sequence a sketch.
  void Encode(Writer& out) const;
  // Spoils `in` at what Encode does not write.
  static UniqueSketch Decode(Reader& in);

  friend bool operator==(const UniqueSketch&, const UniqueSketch&) = default;

 private:
  static constexpr int kIndexBits = 12;
  static constexpr size_t kRegisters = size_t{1} << kIndexBits;
  static constexpr uint8_t kRankMax = 64 - kIndexBits + 1;

  void AddToRegisters(uint64_t hash);
  void GoOnWithRegisters();
  void DecodeHashes(Reader& in);
  void DecodeRegisters(Reader& in);

  std::vector<uint64_t> hashes_;    // Ascending; empty once there are registers.
  std::vector<uint8_t> registers_;  // None, or kRegisters.
};

}  // namespace idnode
