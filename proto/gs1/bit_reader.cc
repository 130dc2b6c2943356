#include "proto/gs1/bit_reader.h"

#include <algorithm>
#include <array>

namespace idnode {
namespace {

constexpr std::string_view kHexAlphabet = "0123456789abcdef";

Result<BitString> BitsOfText(std::string_view text, size_t character_bits,
                             std::string_view alphabet) {
  BitString packed;
  packed.bits = text.size() * character_bits;
  packed.octets.reserve((packed.bits + 7) / 8);
  uint32_t gathered = 0;
  size_t gathered_bits = 0;
  for (const char c : text) {
    const size_t value = alphabet.find(c);
    if (value == std::string_view::npos) {
      return Error{Errc::kInvalidIdentifier, "a character outside the alphabet of the bits"};
    }
    gathered = gathered << character_bits | static_cast<uint32_t>(value);
    gathered_bits += character_bits;
    if (gathered_bits < 8) continue;
    gathered_bits -= 8;
    packed.octets.push_back(static_cast<char>(gathered >> gathered_bits));
    gathered &= (1U << gathered_bits) - 1;
  }
  if (gathered_bits > 0)
    packed.octets.push_back(static_cast<char>(gathered << (8 - gathered_bits)));
  return packed;
}

// A number of up to 135 digits that grows from its high end: limbs of nine digits, lowest first.
class DecimalNumber {
 public:
  static constexpr size_t kDigits = 135;

  // this = this * 2^bits + addend, with bits at most 32. False: over 135 digits.
  bool Append(size_t bits, uint64_t addend) {
    uint64_t carry = addend;
    for (uint32_t& limb : limbs_) {
      carry += static_cast<uint64_t>(limb) << bits;
      limb = static_cast<uint32_t>(carry % kLimb);
      carry /= kLimb;
    }
    return carry == 0;
  }
  // All of them, with leading zeros.
  std::array<char, kDigits> Text() const {
    std::array<char, kDigits> text;
    for (size_t i = 0; i < limbs_.size(); ++i) {
      uint32_t limb = limbs_[i];
      for (size_t digit = 0; digit < 9; ++digit, limb /= 10) {
        text[kDigits - 1 - i * 9 - digit] = static_cast<char>('0' + limb % 10);
      }
    }
    return text;
  }

 private:
  static constexpr uint64_t kLimb = 1'000'000'000;
  std::array<uint32_t, kDigits / 9> limbs_{};
};

}  // namespace

Result<BitString> BitsOfHex(std::string_view text) { return BitsOfText(text, 4, kHexAlphabet); }

Result<BitString> BitsOfBase64Url(std::string_view text) {
  return BitsOfText(text, 6, kBase64UrlAlphabet);
}

uint64_t BitReader::Bits(size_t bits) {
  Require(bits <= 64);
  if (bits > left_) {
    Fail();
    return 0;
  }
  uint64_t value = 0;
  for (size_t wanted = bits; wanted > 0;) {
    const size_t at = end_ - left_;
    const size_t have = 8 - at % 8;
    const size_t taken = std::min(wanted, have);
    const uint32_t octet = static_cast<uint8_t>(in_[at / 8]);
    value = value << taken | ((octet >> (have - taken)) & ((1U << taken) - 1));
    left_ -= taken;
    wanted -= taken;
  }
  return value;
}

void BitReader::Decimal(size_t bits, size_t digits, std::string& out) {
  Require(digits <= DecimalNumber::kDigits);
  if (bits > left_) return Fail();
  DecimalNumber number;
  bool fits = true;
  for (size_t wanted = bits; wanted > 0 && fits;) {
    const size_t taken = std::min<size_t>(wanted, 32);
    fits = number.Append(taken, Bits(taken));
    wanted -= taken;
  }
  const auto text = number.Text();
  const std::string_view all(text.data(), text.size());
  const size_t leading = all.size() - digits;
  if (!fits || std::ranges::any_of(all.substr(0, leading), [](char c) { return c != '0'; })) {
    return Fail();
  }
  out.append(all.substr(leading));
}

void BitReader::UnpaddedDecimal(size_t bits, size_t digits_max, std::string& out) {
  const size_t start = out.size();
  Decimal(bits, digits_max, out);
  if (!ok_) return;
  const size_t first = std::min(out.find_first_not_of('0', start), out.size() - 1);
  out.erase(start, first - start);
}

void BitReader::PackedDigits(size_t count, std::string& out) {
  Characters(count, 4, "0123456789", out);
}

void BitReader::Characters(size_t count, size_t bits, std::string_view alphabet, std::string& out) {
  for (; count > 0 && ok_; --count) {
    const uint64_t value = Bits(bits);
    if (value >= alphabet.size()) return Fail();
    if (ok_) out.push_back(alphabet[value]);
  }
}

void BitReader::Ascii(size_t count, std::string& out) {
  for (; count > 0 && ok_; --count) {
    const auto character = static_cast<char>(Bits(7));
    if (ok_) out.push_back(character);
  }
}

void BitReader::Skip(size_t bits) {
  if (bits > left_) return Fail();
  left_ -= bits;
}

bool BitReader::RestIsZero() const {
  BitReader rest = *this;
  while (rest.left_ > 0) {
    if (rest.Bits(std::min<size_t>(rest.left_, 64)) != 0) return false;
  }
  return ok_;
}

}  // namespace idnode
