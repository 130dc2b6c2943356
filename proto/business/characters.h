#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace idnode {

// Characters of valid UTF-8: code points, as the limits of the official tables count them.
inline size_t CountCharacters(std::string_view text) {
  return static_cast<size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; }));
}

// The octets of the character that begins at `at`.
inline size_t CharacterOctets(std::string_view text, size_t at) {
  size_t octets = 1;
  while (at + octets < text.size() && (static_cast<uint8_t>(text[at + octets]) & 0xC0) == 0x80) {
    ++octets;
  }
  return octets;
}

}  // namespace idnode
