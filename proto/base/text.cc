#include "proto/base/text.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace idnode {
namespace {

constexpr uint64_t kOnes = 0x0101010101010101;  // A word with 1 in every octet.
constexpr uint64_t kHighBits = 0x80 * kOnes;
constexpr size_t kWord = sizeof(uint64_t);

uint64_t LoadWord(const char* at) {
  uint64_t word;
  std::memcpy(&word, at, kWord);
  return word;
}

uint8_t Octet(char c) { return static_cast<uint8_t>(c); }

bool IsContinuation(char c) { return (Octet(c) & 0xC0) == 0x80; }

// The octets of the character that starts at `at`, which is not ASCII; 0: it is not well formed.
// The second octet's range depends on the first one (RFC 3629 section 4).
size_t SequenceOctets(const char* at, size_t left) {
  const uint8_t lead = Octet(at[0]);
  if (lead < 0xC2 || lead > 0xF4 || left < 2) return 0;
  const uint8_t second = Octet(at[1]);
  if (lead < 0xE0) return IsContinuation(at[1]) ? 2 : 0;
  if (lead < 0xF0) {
    const uint8_t low = lead == 0xE0 ? 0xA0 : 0x80;
    const uint8_t high = lead == 0xED ? 0x9F : 0xBF;
    return second >= low && second <= high && left >= 3 && IsContinuation(at[2]) ? 3 : 0;
  }
  const uint8_t low = lead == 0xF0 ? 0x90 : 0x80;
  const uint8_t high = lead == 0xF4 ? 0x8F : 0xBF;
  const bool fits = second >= low && second <= high && left >= 4;
  return fits && IsContinuation(at[2]) && IsContinuation(at[3]) ? 4 : 0;
}

// Whether eight octets hold neither a control character nor anything outside ASCII. Each term sets
// the high bit of an octet that is below 0x20, or 0x7F, or 0x80 and above; a borrow can only start
// in an octet that is refused anyway.
bool IsPlainAscii(uint64_t word) {
  const uint64_t below_space = (word - 0x20 * kOnes) & ~word;
  const uint64_t not_delete = word ^ (0x7F * kOnes);
  const uint64_t is_delete = (not_delete - kOnes) & ~not_delete;
  return ((below_space | is_delete | word) & kHighBits) == 0;
}

// Eight octets at once. Each sum sets the high bit of an octet that is at least 'a', or beyond 'z';
// no sum of seven bits carries into the next octet.
uint64_t UpperWord(uint64_t word) {
  const uint64_t low_bits = word & ~kHighBits;
  const uint64_t from_a = low_bits + (0x80 - 'a') * kOnes;
  const uint64_t beyond_z = low_bits + (0x7F - 'z') * kOnes;
  const uint64_t is_lower = (from_a ^ beyond_z) & ~word & kHighBits;
  return word - (is_lower >> 2);  // 0x80 becomes the 0x20 between the cases.
}

}  // namespace

std::string UpperAscii(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) c = UpperAscii(c);
  return upper;
}

bool EqualFolded(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  size_t at = 0;
  for (; a.size() - at >= kWord; at += kWord) {
    const uint64_t x = LoadWord(a.data() + at);
    const uint64_t y = LoadWord(b.data() + at);
    if (x != y && UpperWord(x) != UpperWord(y)) return false;
  }
  for (; at < a.size(); ++at) {
    if (UpperAscii(a[at]) != UpperAscii(b[at])) return false;
  }
  return true;
}

bool IsUtf8(std::string_view text) {
  const char* at = text.data();
  size_t left = text.size();
  while (left > 0) {
    if (left >= kWord && (LoadWord(at) & kHighBits) == 0) {
      at += kWord;
      left -= kWord;
      continue;
    }
    const size_t octets = Octet(*at) < 0x80 ? 1 : SequenceOctets(at, left);
    if (octets == 0) return false;
    at += octets;
    left -= octets;
  }
  return true;
}

bool HasControlCharacter(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    if (end - at >= static_cast<ptrdiff_t>(kWord) && IsPlainAscii(LoadWord(at))) {
      at += kWord;
      continue;
    }
    const uint8_t octet = Octet(*at++);
    if (octet < 0x20 || octet == 0x7F) return true;
    // C1, U+0080 to U+009F, is 0xC2 and its own last octet.
    if (octet == 0xC2 && at < end && Octet(*at) <= 0x9F) return true;
  }
  return false;
}

Result<uint64_t> ParseDecimal(std::string_view text, uint64_t max) {
  uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  if (failure == std::errc::result_out_of_range) {
    return Error{Errc::kMalformed, "a number is over its maximum"};
  }
  if (failure != std::errc{} || stop != end) {
    return Error{Errc::kMalformed, "a number may contain decimal digits only"};
  }
  if (number > max) return Error{Errc::kMalformed, "a number is over its maximum"};
  return number;
}

}  // namespace idnode
