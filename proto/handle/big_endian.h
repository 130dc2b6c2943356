#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace idnode {

// Loads and stores at fixed offsets, after one check of the length: a header of seven integers
// costs seven loads and no branch. Reader is for everything that has no fixed place.
static_assert(std::endian::native == std::endian::little);

inline uint16_t LoadU16(const char* octets) {
  uint16_t big_endian;
  std::memcpy(&big_endian, octets, sizeof(big_endian));
  return __builtin_bswap16(big_endian);
}

inline uint32_t LoadU32(const char* octets) {
  uint32_t big_endian;
  std::memcpy(&big_endian, octets, sizeof(big_endian));
  return __builtin_bswap32(big_endian);
}

inline void StoreU16(uint16_t value, char* octets) {
  const uint16_t big_endian = __builtin_bswap16(value);
  std::memcpy(octets, &big_endian, sizeof(big_endian));
}

inline void StoreU32(uint32_t value, char* octets) {
  const uint32_t big_endian = __builtin_bswap32(value);
  std::memcpy(octets, &big_endian, sizeof(big_endian));
}

}  // namespace idnode
