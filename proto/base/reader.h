#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "proto/base/octets.h"

namespace idnode {

// The one cursor through octets that a stranger sent, or that the disk gave back. Integers are
// big-endian. The first field that does not fit spoils the cursor for good, so a decoder reads its
// fields in order and asks once, with ok() or AtEnd(). Views point into the input.
class Reader {
 public:
  explicit Reader(Octets in) : in_(in) {}
  explicit Reader(std::string_view in) : in_(AsOctets(in)) {}

  bool ok() const { return ok_; }
  // Everything was read and everything fitted.
  bool AtEnd() const { return ok_ && in_.empty(); }
  size_t left() const { return in_.size(); }

  uint8_t U8() { return static_cast<uint8_t>(Integer(1)); }
  uint16_t U16() { return static_cast<uint16_t>(Integer(2)); }
  uint32_t U32() { return static_cast<uint32_t>(Integer(4)); }
  uint64_t U64() { return Integer(8); }

  // Exactly `size` octets.
  std::string_view Raw(size_t size) { return AsText(Take(size)); }
  // A u16 or u32 length, at most `octets_max`, and that many octets.
  std::string_view Text16(size_t octets_max) { return Sized(U16(), octets_max); }
  std::string_view Text32(size_t octets_max) { return Sized(U32(), octets_max); }
  // A u32 count of items of at least `item_octets` each; never more than could still follow.
  uint32_t Count32(size_t item_octets) {
    const uint32_t count = U32();
    if (count > in_.size() / item_octets) Fail();
    return ok_ ? count : 0;
  }
  std::string_view Rest() { return AsText(Take(in_.size())); }
  Octets Fail() {
    ok_ = false;
    return in_ = {};
  }

 private:
  uint64_t Integer(size_t size) {
    uint64_t value = 0;
    for (std::byte octet : Take(size)) value = value << 8 | std::to_integer<uint64_t>(octet);
    return value;  // 0 once the input has failed.
  }
  std::string_view Sized(size_t size, size_t octets_max) {
    return AsText(size <= octets_max ? Take(size) : Fail());
  }
  Octets Take(size_t size) {  // The only step through the input.
    if (size > in_.size()) return Fail();
    const Octets head = in_.first(size);
    in_ = in_.subspan(size);
    return head;
  }

  Octets in_;
  bool ok_ = true;
};

}  // namespace idnode
