#include "proto/gs1/key.h"

namespace idnode {

char CheckDigitOf(std::string_view digits) {
  uint32_t sum = 0;
  uint32_t weight = 3;
  for (size_t i = digits.size(); i > 0; --i) {
    sum += weight * static_cast<uint32_t>(digits[i - 1] - '0');
    weight = 4 - weight;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

bool HasCheckDigit(std::string_view digits) {
  return !digits.empty() && CheckDigitOf(digits.substr(0, digits.size() - 1)) == digits.back();
}

}  // namespace idnode
