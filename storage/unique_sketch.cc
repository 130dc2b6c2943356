#include "storage/unique_sketch.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace idnode {
namespace {

constexpr uint8_t kHashes = 1;
constexpr uint8_t kRegistersOfSixBits = 2;

// The two sums of the paper's equations 16 and 17; each ends where adding changes nothing.
double Sigma(double x) {
  if (x == 1) return INFINITY;
  double y = 1, z = x, before = -1;
  while (z != before) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}
double Tau(double x) {
  if (x == 0 || x == 1) return 0;
  double y = 1, z = 1 - x, before = -1;
  while (z != before) {
    x = std::sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) * (1 - x) * y;
  }
  return z / 3;
}

}  // namespace

void UniqueSketch::Add(uint64_t hash) {
  if (!registers_.empty()) return AddToRegisters(hash);
  const auto at = std::ranges::lower_bound(hashes_, hash);
  if (at != hashes_.end() && *at == hash) return;
  hashes_.insert(at, hash);
  if (hashes_.size() > kExactMax) GoOnWithRegisters();
}

void UniqueSketch::AddToRegisters(uint64_t hash) {
  uint8_t& reg = registers_[hash >> (64 - kIndexBits)];
  const uint64_t rest = hash << kIndexBits;
  const int rank = std::min<int>(std::countl_zero(rest) + 1, kRankMax);
  reg = std::max(reg, static_cast<uint8_t>(rank));
}

void UniqueSketch::GoOnWithRegisters() {
  registers_.assign(kRegisters, 0);
  for (const uint64_t hash : hashes_) AddToRegisters(hash);
  std::vector<uint64_t>().swap(hashes_);
}

void UniqueSketch::Merge(const UniqueSketch& other) {
  for (const uint64_t hash : other.hashes_) Add(hash);
  if (other.registers_.empty()) return;
  if (registers_.empty()) GoOnWithRegisters();
  for (size_t i = 0; i < kRegisters; ++i) {
    registers_[i] = std::max(registers_[i], other.registers_[i]);
  }
}

uint64_t UniqueSketch::Estimate() const {
  if (registers_.empty()) return hashes_.size();
  std::array<uint32_t, kRankMax + 1> of_rank{};
  for (const uint8_t rank : registers_) ++of_rank[rank];
  constexpr double kAll = kRegisters;
  double sum = kAll * Tau(1 - of_rank[kRankMax] / kAll);
  for (size_t rank = kRankMax - 1; rank >= 1; --rank) sum = 0.5 * (sum + of_rank[rank]);
  sum += kAll * Sigma(of_rank[0] / kAll);
  return static_cast<uint64_t>(std::llround(kAll * kAll / (2 * std::log(2.0)) / sum));
}

void UniqueSketch::Encode(Writer& out) const {
  if (registers_.empty()) {
    out.U8(kHashes).U16(static_cast<uint16_t>(hashes_.size()));
    for (const uint64_t hash : hashes_) out.U64(hash);
    return;
  }
  out.U8(kRegistersOfSixBits);
  for (size_t i = 0; i < kRegisters; i += 4) {
    const uint32_t four = uint32_t{registers_[i]} << 18 | uint32_t{registers_[i + 1]} << 12 |
                          uint32_t{registers_[i + 2]} << 6 | registers_[i + 3];
    out.U8(static_cast<uint8_t>(four >> 16)).U16(static_cast<uint16_t>(four));
  }
}

UniqueSketch UniqueSketch::Decode(Reader& in) {
  UniqueSketch sketch;
  switch (in.U8()) {
    case kHashes:
      sketch.DecodeHashes(in);
      break;
    case kRegistersOfSixBits:
      sketch.DecodeRegisters(in);
      break;
    default:
      in.Fail();
  }
  return in.ok() ? sketch : UniqueSketch();
}

void UniqueSketch::DecodeHashes(Reader& in) {
  const size_t count = in.U16();
  if (count > kExactMax) in.Fail();
  for (size_t i = 0; i < count && in.ok(); ++i) {
    const uint64_t hash = in.U64();
    if (!hashes_.empty() && hash <= hashes_.back()) in.Fail();
    hashes_.push_back(hash);
  }
}

void UniqueSketch::DecodeRegisters(Reader& in) {
  registers_.assign(kRegisters, 0);
  bool any = false;
  for (size_t i = 0; i < kRegisters && in.ok(); i += 4) {
    const uint32_t high = in.U8();
    const uint32_t four = high << 16 | in.U16();
    for (size_t n = 0; n < 4; ++n) {
      const auto rank = static_cast<uint8_t>(four >> (18 - 6 * n) & 0x3F);
      if (rank > kRankMax) in.Fail();
      registers_[i + n] = rank;
      any = any || rank != 0;
    }
  }
  if (!any) in.Fail();  // Who has added nothing has no registers.
}

}  // namespace idnode
