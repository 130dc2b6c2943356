#include "tests/fuzz/frame/mutator.h"

#include <algorithm>
#include <array>

namespace idnode {
namespace {

// Where decoders go wrong: the ends of ranges, signs, separators, the leads of UTF-8.
constexpr auto kOctets = std::to_array<uint8_t>(
    {0x00, 0x01, 0x0a, 0x0d, 0x1f, 0x20, 0x22, 0x25, 0x2b, 0x2d, 0x2e, 0x2f, 0x30, 0x39, 0x3a,
     0x3d, 0x40, 0x5c, 0x7b, 0x7d, 0x7e, 0x7f, 0x80, 0xbf, 0xc0, 0xc2, 0xe0, 0xed, 0xf4, 0xff});
constexpr auto kIntegers = std::to_array<uint64_t>(
    {0, 1, 2, 3, 255, 256, 65'535, 65'536, INT32_MAX, UINT32_MAX, uint64_t{1} << 32,
     uint64_t{1} << 56, INT64_MAX, UINT64_MAX - 1, UINT64_MAX});

}  // namespace

std::string Mutator::Next() {
  std::string input = Any();
  for (size_t changes = 1 + Below(4); changes > 0; --changes) Change(input);
  if (input.size() > kInputOctetsMax) input.resize(kInputOctetsMax);
  return input;
}

void Mutator::Change(std::string& input) {
  if (input.empty()) return Insert(input);
  switch (Below(7)) {
    case 0:
      return FlipBit(input);
    case 1:
      return SetOctet(input);
    case 2:
      return SetInteger(input);
    case 3:
      return Insert(input);
    case 4:
      return Erase(input);
    case 5:
      return Truncate(input);
    default:
      return Splice(input);
  }
}

void Mutator::FlipBit(std::string& input) {
  char& octet = input[Below(input.size())];
  octet = static_cast<char>(octet ^ (1 << Below(8)));
}

void Mutator::SetOctet(std::string& input) {
  input[Below(input.size())] = static_cast<char>(kOctets[Below(kOctets.size())]);
}

// A length or a count, of one, two, four or eight octets, high octet first.
void Mutator::SetInteger(std::string& input) {
  const size_t size = std::min(size_t{1} << Below(4), input.size());
  const size_t at = Below(input.size() - size + 1);
  uint64_t value = kIntegers[Below(kIntegers.size())];
  for (size_t i = size; i > 0; --i, value >>= 8) input[at + i - 1] = static_cast<char>(value);
}

void Mutator::Insert(std::string& input) {
  const size_t at = Below(input.size() + 1);
  input.insert(at, 1 + Below(9), static_cast<char>(kOctets[Below(kOctets.size())]));
}

void Mutator::Erase(std::string& input) {
  const size_t at = Below(input.size());
  input.erase(at, 1 + Below(std::min<size_t>(input.size() - at, 16)));
}

void Mutator::Truncate(std::string& input) { input.resize(Below(input.size())); }

// A piece of another input, or of this one once more.
void Mutator::Splice(std::string& input) {
  const std::string other = Any();
  if (other.empty()) return;
  const size_t from = Below(other.size());
  const size_t size = 1 + Below(std::min<size_t>(other.size() - from, 64));
  input.insert(Below(input.size() + 1), other, from, size);
}

}  // namespace idnode
