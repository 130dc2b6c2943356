#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// Appends fields to a string that the caller owns. Integers are big-endian. Reader is its twin.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  Writer& U8(uint8_t value) {
    out_.push_back(static_cast<char>(value));
    return *this;
  }
  Writer& U16(uint16_t value) { return Integer<2>(value); }
  Writer& U32(uint32_t value) { return Integer<4>(value); }
  Writer& U64(uint64_t value) { return Integer<8>(value); }
  Writer& Raw(std::string_view octets) {
    out_.append(octets);
    return *this;
  }
  // The caller has held the length against its limit.
  Writer& Text16(std::string_view text) {
    Require(text.size() <= UINT16_MAX);
    return U16(static_cast<uint16_t>(text.size())).Raw(text);
  }
  Writer& Text32(std::string_view text) {
    Require(text.size() <= UINT32_MAX);
    return U32(static_cast<uint32_t>(text.size())).Raw(text);
  }

 private:
  template <size_t kSize>
  Writer& Integer(uint64_t value) {
    static_assert(std::endian::native == std::endian::little);
    const uint64_t swapped = __builtin_bswap64(value);
    out_.append(reinterpret_cast<const char*>(&swapped) + (8 - kSize), kSize);
    return *this;
  }

  std::string& out_;
};

}  // namespace idnode
