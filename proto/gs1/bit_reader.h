#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// Bits that were written as text, first bit highest.
struct BitString {
  std::string octets;  // The last one is filled up with zero bits.
  size_t bits = 0;
};
// Any number of characters, 4 bits each (lower case only) or 6 bits each (RFC 4648 section 5, no
// padding). kInvalidIdentifier: a character outside the alphabet.
Result<BitString> BitsOfHex(std::string_view text);
Result<BitString> BitsOfBase64Url(std::string_view text);

inline constexpr std::string_view kBase64UrlAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// Bits that hold any number of `digits` decimal digits: ceil(digits * log2 10).
constexpr size_t BitsOfDigits(size_t digits) {
  // log2 10 = 3.32192809488736…; irrational, so the product is whole for no digits only.
  return digits == 0 ? 0 : digits * 332'192'809'489 / 100'000'000'000 + 1;
}

// A cursor through bits that a stranger sent; the twin of Reader (proto/base/reader.h) where fields
// are no octets. The first field that does not fit, or holds what it must not, spoils the cursor
// for good. What is appended to a text after that is unspecified.
class BitReader {
 public:
  explicit BitReader(const BitString& in) : in_(in.octets), left_(in.bits), end_(in.bits) {}

  bool ok() const { return ok_; }
  size_t left() const { return left_; }  // In bits.

  // The next `bits` bits as an integer, at most 64; 0 once the input has failed.
  uint64_t Bits(size_t bits);
  // Appends an integer of `bits` bits, however many, as decimal digits: with zeros on the left up
  // to `digits`, at most 135. Fails when the number has more digits. (A serial of 20 digits takes
  // 67 bits, an AI 91 of 90 digits 299: machine words do not hold them.)
  void Decimal(size_t bits, size_t digits, std::string& out);
  // The same without padding; 0 is "0".
  void UnpaddedDecimal(size_t bits, size_t digits_max, std::string& out);
  // Appends `count` digits of 4 bits each; fails at a value above 9.
  void PackedDigits(size_t count, std::string& out);
  // Appends `count` characters, an index into `alphabet` of `bits` bits each; fails beyond its end.
  void Characters(size_t count, size_t bits, std::string_view alphabet, std::string& out);
  // Appends `count` ASCII characters of 7 bits each.
  void Ascii(size_t count, std::string& out);
  void Skip(size_t bits);
  // All that is left; false unless every bit is zero.
  bool RestIsZero() const;
  void Fail() {
    ok_ = false;
    left_ = 0;
  }

 private:
  std::string_view in_;
  size_t left_, end_;
  bool ok_ = true;
};

}  // namespace idnode
