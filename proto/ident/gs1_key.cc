#include "proto/ident/gs1_key.h"

#include <algorithm>

#include "proto/base/text.h"
#include "proto/ident/scheme.h"

namespace idnode {
namespace {

constexpr size_t kHeadOctets = 2;     // 'G' and the key octet.
constexpr size_t kKeyOctetsMax = 11;  // An SSCC.

const Gs1KeyRow* RowOf(Gs1Key key) {
  const auto* row = std::ranges::find(kGs1KeyRows, key, &Gs1KeyRow::key);
  return row == kGs1KeyRows.end() ? nullptr : row;
}

// Digits that are packed two an octet: all but the check digit, and but the one that stands before
// the company prefix, which follows in an octet of its own.
size_t PackedDigits(const Gs1KeyRow& row) { return row.digits - row.company_position; }
bool HasLeadingDigit(const Gs1KeyRow& row) { return row.company_position == 2; }

static_assert(std::ranges::all_of(kGs1KeyRows, [](const Gs1KeyRow& row) {
  return (row.digits - row.company_position) % 2 == 0 && row.company_position <= 2 &&
         kHeadOctets + row.digits / 2 <= kKeyOctetsMax;
}));

bool AppendNibbles(std::string_view octets, std::string& digits) {
  for (const char octet : octets) {
    const uint8_t high = static_cast<uint8_t>(octet) >> 4;
    const uint8_t low = static_cast<uint8_t>(octet) & 0x0F;
    if (high > 9 || low > 9) return false;
    digits.push_back(static_cast<char>('0' + high));
    digits.push_back(static_cast<char>('0' + low));
  }
  return true;
}

bool AllDigits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return IsDigit(c); });
}

// `digits` are digits, and there is one.
bool HasCheckDigit(std::string_view digits) {
  return CheckDigitOf(digits.substr(0, digits.size() - 1)) == digits.back();
}

constexpr Error kWrongCheckDigit{Errc::kCheckDigit,
                                 "the last digit is not the mod-10 digit of the others"};

}  // namespace

char CheckDigitOf(std::string_view digits) {
  uint32_t sum = 0;
  uint32_t weight = 3;
  for (size_t i = digits.size(); i > 0; --i) {
    sum += weight * static_cast<uint32_t>(digits[i - 1] - '0');
    weight = 4 - weight;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

Status CheckMod10(std::string_view digits) {
  if (digits.empty() || !AllDigits(digits)) return Error{Errc::kNotDigits, "a GS1 key is digits"};
  if (!HasCheckDigit(digits)) return kWrongCheckDigit;
  return {};
}

Result<std::array<char, 14>> NormaliseGtin(std::string_view digits) {
  if (!AllDigits(digits)) return Error{Errc::kNotDigits, "a GTIN is digits"};
  if (digits.size() != 8 && (digits.size() < 12 || digits.size() > 14)) {
    return Error{Errc::kWrongLength, "a GTIN has 8, 12, 13 or 14 digits"};
  }
  // Padding on the left changes no weight: weights count from the right.
  if (!HasCheckDigit(digits)) return kWrongCheckDigit;
  std::array<char, 14> gtin;
  gtin.fill('0');
  std::ranges::copy_backward(digits, gtin.end());
  return gtin;
}

void AppendPackedKey(Gs1Key key, std::string_view digits, std::string& out) {
  const Gs1KeyRow* row = RowOf(key);
  Require(row != nullptr && digits.size() == row->digits);
  const std::string_view body = digits.substr(row->company_position - 1, PackedDigits(*row));
  // Gathered first: each append to a string is a call.
  std::array<char, kKeyOctetsMax> packed{static_cast<char>(Scheme::kGs1), static_cast<char>(key)};
  size_t size = kHeadOctets;
  for (size_t i = 0; i < body.size(); i += 2) {
    packed[size++] = static_cast<char>((body[i] - '0') << 4 | (body[i + 1] - '0'));
  }
  if (HasLeadingDigit(*row)) packed[size++] = static_cast<char>(digits.front() - '0');
  out.append(packed.data(), size);
}

Result<std::string> UnpackKey(std::string_view packed, Gs1Key& key) {
  const Error corrupt{Errc::kCorrupt, "not a packed GS1 key"};
  if (packed.size() < kHeadOctets || packed[0] != static_cast<char>(Scheme::kGs1)) return corrupt;
  const Gs1KeyRow* row = RowOf(static_cast<Gs1Key>(packed[1]));
  if (row == nullptr) return corrupt;
  const size_t body = PackedDigits(*row) / 2;
  if (packed.size() != kHeadOctets + body + (HasLeadingDigit(*row) ? 1 : 0)) return corrupt;

  std::string digits;
  digits.reserve(row->digits);
  if (HasLeadingDigit(*row)) {
    const uint8_t leading = static_cast<uint8_t>(packed.back());
    if (leading > 9) return corrupt;
    digits.push_back(static_cast<char>('0' + leading));
  }
  if (!AppendNibbles(packed.substr(kHeadOctets, body), digits)) return corrupt;
  digits.push_back(CheckDigitOf(digits));
  key = row->key;
  return digits;
}

}  // namespace idnode
