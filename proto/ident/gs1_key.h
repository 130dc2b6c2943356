#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// GS1 keys that are registered and resolved today. The octet stands behind 'G' in a canonical key:
// on disk and on the wire, never reuse one.
enum class Gs1Key : char {
  kSscc = 0x01,  // AI 00
  kGtin = 0x02,  // AI 01
  kGln = 0x03,   // AI 414
};

struct Gs1KeyRow {
  Gs1Key key;
  std::string_view ai;
  uint8_t digits;            // With the check digit.
  uint8_t company_position;  // Of the first digit of the company prefix, from 1.
  std::string_view name, zh;
};
inline constexpr auto kGs1KeyRows = std::to_array<Gs1KeyRow>({
    {Gs1Key::kSscc, "00", 18, 2, "SSCC", "系列货运包装箱代码"},
    {Gs1Key::kGtin, "01", 14, 2, "GTIN", "全球贸易项目代码"},
    {Gs1Key::kGln, "414", 13, 1, "GLN", "全球位置码"},
});

// The mod-10 check digit that completes `digits` (without it): weights 3, 1, 3… from the right
// (spec/gs1-digital-link.md 2.1). `digits` are digits.
char CheckDigitOf(std::string_view digits);
// kNotDigits, kCheckDigit. The last digit is the check digit.
Status CheckMod10(std::string_view digits);

// A product code as printed: GTIN-8, -12, -13 or -14, padded to 14. kNotDigits, kWrongLength,
// kCheckDigit.
Result<std::array<char, 14>> NormaliseGtin(std::string_view digits);

// Appends the packed key: 'G', key octet, then digits two per octet, company first, indicator or
// extension digit last, no check digit. `digits` are checked and complete.
void AppendPackedKey(Gs1Key key, std::string_view digits, std::string& out);
// The digits with the check digit. kCorrupt: not a packed key of ours.
Result<std::string> UnpackKey(std::string_view packed, Gs1Key& key);

}  // namespace idnode
