#include "proto/ident/base58.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace idnode {
namespace {

constexpr std::string_view kAlphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
static_assert(kAlphabet.size() == 58);

}  // namespace

bool IsBase58(std::string_view text) {
  return text.find_first_not_of(kAlphabet) == std::string_view::npos;
}

bool Base58DecodesTo(std::string_view text, size_t octets) {
  if (text.size() > kBase58TextMax || !IsBase58(text)) return false;
  const size_t zeros = std::min(text.find_first_not_of('1'), text.size());
  std::array<uint8_t, kBase58TextMax> number{};  // The lowest octet first.
  size_t size = 0;
  for (const char c : text.substr(zeros)) {
    uint32_t carry = static_cast<uint32_t>(kAlphabet.find(c));
    for (size_t i = 0; i < size || carry > 0; ++i) {
      carry += number[i] * 58u;
      number[i] = static_cast<uint8_t>(carry);
      carry >>= 8;
      size = std::max(size, i + 1);
    }
  }
  return zeros + size == octets;
}

}  // namespace idnode
