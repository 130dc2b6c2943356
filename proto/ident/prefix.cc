#include "proto/ident/identifier.h"

#include <algorithm>
#include <array>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/ident/gs1_key.h"
#include "proto/ident/handle_name.h"

// What an enterprise holds, and which keys lie under it.
namespace idnode {
namespace {

// From a GS1 country prefix (690) to a whole GTIN without its indicator and check digit.
// (spec/gs1-digital-link.md 2.3: company prefixes have 4 to 12 digits.)
constexpr size_t kGs1PrefixDigitsMin = 3;
constexpr size_t kGs1PrefixDigitsMax = 12;

constexpr std::array<char, kGs1KeyRows.size()> kGs1KeyTypes = [] {
  std::array<char, kGs1KeyRows.size()> types;
  std::ranges::transform(kGs1KeyRows, types.begin(),
                         [](const Gs1KeyRow& row) { return static_cast<char>(row.key); });
  return types;
}();

// The packed digits of a GS1 key, from the company prefix on; empty: not a key of ours.
std::string_view PackedDigitsOf(std::string_view key) {
  if (key.size() < 2 || key[0] != static_cast<char>(Scheme::kGs1)) return {};
  const auto* row = std::ranges::find(kGs1KeyRows, static_cast<Gs1Key>(key[1]), &Gs1KeyRow::key);
  if (row == kGs1KeyRows.end()) return {};
  const size_t octets = (row->digits - row->company_position) / 2u;
  const size_t leading = row->company_position - 1u;
  return key.size() == 2 + octets + leading ? key.substr(2, octets) : std::string_view{};
}

char DigitAt(std::string_view packed, size_t place) {
  const uint8_t octet = static_cast<uint8_t>(packed[place / 2]);
  return static_cast<char>('0' + (place % 2 == 0 ? octet >> 4 : octet & 0x0F));
}

Result<IdentifierPrefix> ParseHandlePrefix(std::string_view text) {
  if (text.size() > limits::kPrefixOctetsMax) {
    return Error{Errc::kTooLarge, "a prefix has at most 64 octets"};
  }
  const auto name = ParseHandleName(text);
  if (!name) return name.error();
  if (name->has_slash) return Error{Errc::kInvalidIdentifier, "a prefix holds no slash"};
  if (HasControlCharacter(text) || text.find(' ') != std::string_view::npos) {
    return Error{Errc::kInvalidIdentifier, "a prefix is printable, without spaces"};
  }
  return IdentifierPrefix{Scheme::kHandle, UpperAscii(text)};
}

Result<IdentifierPrefix> ParseGs1Prefix(std::string_view text) {
  if (!std::ranges::all_of(text, [](char c) { return IsDigit(c); })) {
    return Error{Errc::kNotDigits, "a GS1 prefix is digits"};
  }
  if (text.size() < kGs1PrefixDigitsMin || text.size() > kGs1PrefixDigitsMax) {
    return Error{Errc::kWrongLength, "a GS1 prefix has 3 to 12 digits"};
  }
  return IdentifierPrefix{Scheme::kGs1, std::string(text)};
}

KeyRange HandleRange(std::string_view prefix) {
  KeyRange range;
  AppendHandleKey(prefix, range.from);
  range.until = range.from;
  range.from += '/';
  range.until.push_back('/' + 1);
  return range;
}

KeyRange Gs1Range(std::string_view digits, char type) {
  const char scheme = static_cast<char>(Scheme::kGs1);
  if (type == 0) return {std::string(1, scheme), std::string(1, scheme + 1)};
  KeyRange range{{scheme, type}, {}};
  for (size_t i = 0; i < digits.size(); i += 2) {
    const int low = i + 1 < digits.size() ? digits[i + 1] - '0' : 0;
    range.from.push_back(static_cast<char>((digits[i] - '0') << 4 | low));
  }
  // One more in the last digit's own half of the octet: no digit is above 9, so it never carries.
  range.until = range.from;
  range.until.back() = static_cast<char>(range.until.back() + (digits.size() % 2 == 0 ? 1 : 0x10));
  return range;
}

}  // namespace

Result<IdentifierPrefix> ParsePrefix(Scheme scheme, std::string_view text) {
  if (scheme == Scheme::kHandle) return ParseHandlePrefix(text);
  if (scheme == Scheme::kGs1) return ParseGs1Prefix(text);
  return Error{Errc::kUnsupported, "prefixes of this scheme are not allotted here"};
}

Status MatterOfKey(std::string_view key, PrefixMatter& matter) {
  matter.text.clear();
  if (key.size() > 1 && key[0] == static_cast<char>(Scheme::kHandle) && key[1] != '/') {
    matter.scheme = Scheme::kHandle;
    matter.text.assign(key.substr(1, key.find('/') - 1));
    return {};
  }
  const std::string_view packed = PackedDigitsOf(key);
  if (packed.empty()) return Error{Errc::kCorrupt, "not a canonical key"};
  matter.scheme = Scheme::kGs1;
  for (size_t i = 0; i < packed.size() * 2; ++i) {
    const char digit = DigitAt(packed, i);
    if (!IsDigit(digit)) return Error{Errc::kCorrupt, "not a packed GS1 key"};
    matter.text.push_back(digit);
  }
  return {};
}

std::string_view Gs1KeyTypes() { return {kGs1KeyTypes.data(), kGs1KeyTypes.size()}; }

KeyRange RangeOf(const IdentifierPrefix& prefix, char gs1_key_type) {
  if (prefix.scheme == Scheme::kGs1) return Gs1Range(prefix.text, gs1_key_type);
  Require(prefix.scheme == Scheme::kHandle);
  return HandleRange(prefix.text);
}

bool Covers(const IdentifierPrefix& prefix, std::string_view key) {
  if (prefix.text.empty() || !key.starts_with(static_cast<char>(prefix.scheme))) return false;
  if (prefix.scheme == Scheme::kHandle) {
    const std::string_view name = key.substr(1);
    return name.starts_with(prefix.text) && name.substr(prefix.text.size()).starts_with('/');
  }
  const std::string_view packed = PackedDigitsOf(key);
  if (packed.size() * 2 < prefix.text.size()) return false;
  for (size_t i = 0; i < prefix.text.size(); ++i) {
    if (DigitAt(packed, i) != prefix.text[i]) return false;
  }
  return true;
}

}  // namespace idnode
