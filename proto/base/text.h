#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// Text encodings shared by every room. ASCII only folds ASCII: no locale, no Unicode folding
// (spec/handle-protocol.md 1.2).

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr char UpperAscii(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
std::string UpperAscii(std::string_view text);
bool EqualFolded(std::string_view a, std::string_view b);  // Equal but for the case of ASCII.

// Well-formed UTF-8 by RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool IsUtf8(std::string_view text);
// C0 controls, DEL, or C1 controls. `text` is valid UTF-8.
bool HasControlCharacter(std::string_view text);

std::string ToHex(std::string_view octets);          // Lower case.
Result<std::string> FromHex(std::string_view text);  // Either case.

// RFC 4648 section 4 (with padding) and section 5 (URL alphabet, without padding). Decoding is
// strict, so that one text stands for each octet string: no white space, no missing or surplus
// padding, no bits left over; kMalformed otherwise.
std::string ToBase64(std::string_view octets);
Result<std::string> FromBase64(std::string_view text);
std::string ToBase64Url(std::string_view octets);
Result<std::string> FromBase64Url(std::string_view text);

// Decodes %XX once; '+' is kept (RFC 3986). kMalformed: a '%' without two hexadecimal digits.
Result<std::string> PercentDecode(std::string_view text);
// Everything but unreserved characters (RFC 3986 section 2.3) becomes %XX.
std::string PercentEncode(std::string_view text);
void AppendPercentEncoded(std::string_view text, std::string& encoded);

// The whole text as a decimal number without sign; kMalformed: anything else, or over `max`.
// Leading zeros are accepted.
Result<uint64_t> ParseDecimal(std::string_view text, uint64_t max = UINT64_MAX);

// ISO 8601 in UTC with seconds: 2026-11-21T08:00:00Z. Units of `seconds`: since 1970-01-01. The
// form has four digits for the year: later moments than 9999-12-31T23:59:59Z are written as that
// one. Parsing accepts this form alone, from 1970 on; kMalformed otherwise. No leap seconds.
std::string FormatUtc(uint64_t seconds);
std::string FormatDay(uint64_t seconds);  // The day of that moment alone: 2026-11-21.
Result<uint64_t> ParseUtc(std::string_view text);

}  // namespace idnode
