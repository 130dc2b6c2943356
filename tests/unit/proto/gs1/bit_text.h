#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/gs1/bit_reader.h"

namespace idnode {

// Builds what BitReader reads, a field at a time.
class BitText {
 public:
  // Zeros first, where there are more bits than a word has.
  BitText& Bits(size_t count, uint64_t value) {
    for (size_t i = count; i > 0; --i) {
      bits_.push_back(i <= 64 && (value >> (i - 1) & 1) != 0 ? '1' : '0');
    }
    return *this;
  }
  BitText& Hex(std::string_view digits) {
    for (const char c : digits) Bits(4, static_cast<uint64_t>(c > '9' ? c - 'a' + 10 : c - '0'));
    return *this;
  }
  BitText& Ascii(std::string_view text) {
    for (const char c : text) Bits(7, static_cast<uint64_t>(c));
    return *this;
  }
  // The last character is filled up with zeros.
  std::string AsHex() const { return Text(4, "0123456789abcdef"); }
  std::string AsBase64Url() const { return Text(6, kBase64UrlAlphabet); }

 private:
  std::string Text(size_t width, std::string_view alphabet) const {
    std::string text;
    for (size_t at = 0; at < bits_.size(); at += width) {
      std::string character = bits_.substr(at, width);
      character.resize(width, '0');
      text.push_back(alphabet[std::stoul(character, nullptr, 2)]);
    }
    return text;
  }

  std::string bits_;
};

}  // namespace idnode
