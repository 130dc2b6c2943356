#pragma once

#include <cstdint>
#include <cstring>

#include "node/security/networks.h"

namespace idnode {

// SplitMix64: every bit of the input reaches every bit of the result.
constexpr uint64_t MixBits(uint64_t value) {
  value += 0x9E3779B97F4A7C15;
  value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
  value = (value ^ value >> 27) * 0x94D049BB133111EB;
  return value ^ value >> 31;
}

// Where an address belongs in a table; nobody who does not know the salt can choose it.
inline uint64_t HashOf(const Address& address, uint64_t salt) {
  uint64_t halves[2];
  std::memcpy(halves, address.data(), sizeof halves);
  return MixBits(MixBits(salt ^ halves[0]) ^ halves[1]);
}

// For tables whose keys nobody can choose against us: networks, not addresses.
struct AddressHash {
  size_t operator()(const Address& address) const { return HashOf(address, 0); }
};

}  // namespace idnode
