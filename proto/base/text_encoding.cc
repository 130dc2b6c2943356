#include <array>
#include <cstddef>

#include "proto/base/text.h"

// Octets as text and back: hexadecimal, Base64, percent-encoding.
namespace idnode {
namespace {

constexpr uint8_t kNoDigit = 0xFF;
using DigitTable = std::array<uint8_t, 256>;

constexpr std::string_view kHexLower = "0123456789abcdef";
constexpr std::string_view kHexUpper = "0123456789ABCDEF";
constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr void AddDigits(std::string_view alphabet, DigitTable& table) {
  for (size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<uint8_t>(alphabet[i])] = static_cast<uint8_t>(i);
  }
}

constexpr DigitTable DigitsOf(std::string_view alphabet, std::string_view also = {}) {
  DigitTable table{};
  table.fill(kNoDigit);
  AddDigits(alphabet, table);
  AddDigits(also, table);
  return table;
}

constexpr DigitTable kHexDigits = DigitsOf(kHexLower, kHexUpper);
constexpr DigitTable kBase64Digits = DigitsOf(kBase64);
constexpr DigitTable kBase64UrlDigits = DigitsOf(kBase64Url);

uint8_t HexDigit(char c) { return kHexDigits[static_cast<uint8_t>(c)]; }

constexpr bool IsUnreserved(char c) {
  return IsDigit(c) || (UpperAscii(c) >= 'A' && UpperAscii(c) <= 'Z') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::string Encode64(std::string_view octets, std::string_view alphabet, bool padded) {
  std::string text;
  text.reserve((octets.size() + 2) / 3 * 4);
  uint32_t bits = 0;
  unsigned held = 0;  // How many low bits of `bits` are not written yet.
  for (const char c : octets) {
    bits = bits << 8 | static_cast<uint8_t>(c);
    held += 8;
    while (held >= 6) {
      held -= 6;
      text.push_back(alphabet[bits >> held & 63]);
    }
  }
  if (held > 0) text.push_back(alphabet[bits << (6 - held) & 63]);
  while (padded && text.size() % 4 != 0) text.push_back('=');
  return text;
}

// `text` without its padding. Each octet string has one encoding: what is left of the last digit
// must be zero (RFC 4648 section 3.5).
Result<std::string> Decode64(std::string_view text, const DigitTable& digits) {
  if (text.size() % 4 == 1) return Error{Errc::kMalformed, "Base64: a digit is missing"};
  std::string octets;
  octets.reserve(text.size() / 4 * 3 + 2);
  uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const uint8_t digit = digits[static_cast<uint8_t>(c)];
    if (digit == kNoDigit) return Error{Errc::kMalformed, "Base64: not in the alphabet"};
    bits = bits << 6 | digit;
    held += 6;
    if (held >= 8) {
      held -= 8;
      octets.push_back(static_cast<char>(bits >> held & 0xFF));
    }
  }
  if ((bits & ((1u << held) - 1)) != 0) {
    return Error{Errc::kMalformed, "Base64: the last digit has bits left over"};
  }
  return octets;
}

}  // namespace

std::string ToHex(std::string_view octets) {
  std::string text;
  text.reserve(octets.size() * 2);
  for (const char c : octets) {
    text.push_back(kHexLower[static_cast<uint8_t>(c) >> 4]);
    text.push_back(kHexLower[static_cast<uint8_t>(c) & 15]);
  }
  return text;
}

Result<std::string> FromHex(std::string_view text) {
  if (text.size() % 2 != 0) return Error{Errc::kMalformed, "hexadecimal: an odd number of digits"};
  std::string octets;
  octets.reserve(text.size() / 2);
  for (size_t i = 0; i < text.size(); i += 2) {
    const uint8_t high = HexDigit(text[i]);
    const uint8_t low = HexDigit(text[i + 1]);
    if (high == kNoDigit || low == kNoDigit) {
      return Error{Errc::kMalformed, "hexadecimal: not a digit"};
    }
    octets.push_back(static_cast<char>(high << 4 | low));
  }
  return octets;
}

std::string ToBase64(std::string_view octets) { return Encode64(octets, kBase64, true); }

Result<std::string> FromBase64(std::string_view text) {
  if (text.size() % 4 != 0) return Error{Errc::kMalformed, "Base64: not padded to four digits"};
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  return Decode64(text, kBase64Digits);
}

std::string ToBase64Url(std::string_view octets) { return Encode64(octets, kBase64Url, false); }

Result<std::string> FromBase64Url(std::string_view text) {
  return Decode64(text, kBase64UrlDigits);
}

Result<std::string> PercentDecode(std::string_view text) {
  std::string octets;
  octets.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      octets.push_back(text[i]);
      continue;
    }
    const uint8_t high = i + 2 < text.size() ? HexDigit(text[i + 1]) : kNoDigit;
    const uint8_t low = i + 2 < text.size() ? HexDigit(text[i + 2]) : kNoDigit;
    if (high == kNoDigit || low == kNoDigit) {
      return Error{Errc::kMalformed, "percent-encoding: '%' without two hexadecimal digits"};
    }
    octets.push_back(static_cast<char>(high << 4 | low));
    i += 2;
  }
  return octets;
}

void AppendPercentEncoded(std::string_view text, std::string& encoded) {
  for (const char c : text) {
    if (IsUnreserved(c)) {
      encoded.push_back(c);
      continue;
    }
    encoded.push_back('%');
    encoded.push_back(kHexUpper[static_cast<uint8_t>(c) >> 4]);
    encoded.push_back(kHexUpper[static_cast<uint8_t>(c) & 15]);
  }
}

std::string PercentEncode(std::string_view text) {
  std::string encoded;
  encoded.reserve(text.size());
  AppendPercentEncoded(text, encoded);
  return encoded;
}

}  // namespace idnode
