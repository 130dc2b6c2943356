#include "proto/ident/gs1_scheme.h"

#include <algorithm>
#include <array>
#include <optional>

#include "proto/ident/gs1_key.h"

namespace idnode {
namespace {

// From this many bare digits on a text is a product code, right or wrong: a printed UPC-E has six.
// Fewer are a Handle prefix without a dot: 88, or the heartbeat 0.
constexpr size_t kProductDigitsMin = 6;

bool AllDigits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return IsDigit(c); });
}

const Gs1KeyRow* RowOfAi(std::string_view ai) {
  const auto* row = std::ranges::find(kGs1KeyRows, ai, &Gs1KeyRow::ai);
  return row == kGs1KeyRows.end() ? nullptr : row;
}

// An Application Identifier of ours and what follows it.
struct Gs1Text {
  const Gs1KeyRow* row;
  std::string_view value;
};

// 01/0690…: the digit after the slash sets it apart from a Handle name.
std::optional<Gs1Text> SplitPath(std::string_view text) {
  if (text.empty() || !IsDigit(text[0])) return std::nullopt;
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash + 1 == text.size()) return std::nullopt;
  const Gs1KeyRow* row = RowOfAi(text.substr(0, slash));
  if (row == nullptr || !IsDigit(text[slash + 1])) return std::nullopt;
  return Gs1Text{row, text.substr(slash + 1)};
}

// (01)0690…
Result<Gs1Text> SplitBrackets(std::string_view text) {
  const size_t close = text.find(')');
  const Gs1KeyRow* row =
      close == std::string_view::npos ? nullptr : RowOfAi(text.substr(1, close - 1));
  if (row == nullptr) {
    return Error{Errc::kUnknownScheme, "the brackets hold none of 00, 01, 414"};
  }
  return Gs1Text{row, text.substr(close + 1)};
}

void Store(const Gs1KeyRow& row, std::string_view digits, Identifier& identifier) {
  identifier.scheme = Scheme::kGs1;
  identifier.key.clear();
  AppendPackedKey(row.key, digits, identifier.key);
  identifier.text.assign(row.ai).append(1, '/').append(digits);
}

// Lots, serials and locations below a key are not registered here.
Error NotDigits(std::string_view value) {
  if (value.find_first_of("/(") == std::string_view::npos) {
    return Error{Errc::kNotDigits, "a GS1 key is digits"};
  }
  return Error{Errc::kInvalidIdentifier, "a GS1 key with qualifiers is not registered here"};
}

Status ParseGtin(const Gs1KeyRow& row, std::string_view value, Identifier& identifier) {
  const auto gtin = NormaliseGtin(value);
  if (!gtin) return gtin.error();
  Store(row, {gtin->data(), gtin->size()}, identifier);
  return {};
}

Status ParseGs1(const Gs1Text& gs1, Identifier& identifier) {
  if (!AllDigits(gs1.value)) return NotDigits(gs1.value);
  if (gs1.row->key == Gs1Key::kGtin) return ParseGtin(*gs1.row, gs1.value, identifier);
  if (gs1.value.size() != gs1.row->digits) {
    return Error{Errc::kWrongLength, "an SSCC has 18 digits, a GLN 13"};
  }
  if (const Status check = CheckMod10(gs1.value); !check) return check;
  Store(*gs1.row, gs1.value, identifier);
  return {};
}

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

}  // namespace

bool Gs1Scheme::RecognisesDigits(std::string_view text) {
  return SplitPath(text) || (text.size() >= kProductDigitsMin && AllDigits(text));
}

Status Gs1Scheme::Parse(std::string_view text, Identifier& identifier) {
  if (text.starts_with('(')) {
    const auto gs1 = SplitBrackets(text);
    return gs1 ? ParseGs1(*gs1, identifier) : Status(gs1.error());
  }
  if (const auto gs1 = SplitPath(text)) return ParseGs1(*gs1, identifier);
  return ParseGtin(*RowOfAi("01"), text, identifier);
}

Result<std::string> Gs1Scheme::TextOfKey(std::string_view key) {
  Gs1Key type;
  const auto digits = UnpackKey(key, type);
  if (!digits) return digits.error();
  const auto* row = std::ranges::find(kGs1KeyRows, type, &Gs1KeyRow::key);
  return std::string(row->ai) + '/' + *digits;
}

Status Gs1Scheme::AppendMatter(std::string_view key, std::string& matter) {
  const std::string_view packed = PackedDigitsOf(key);
  if (packed.empty()) return Error{Errc::kCorrupt, "not a canonical key"};
  for (size_t i = 0; i < packed.size() * 2; ++i) {
    const char digit = DigitAt(packed, i);
    if (!IsDigit(digit)) return Error{Errc::kCorrupt, "not a packed GS1 key"};
    matter.push_back(digit);
  }
  return {};
}

std::string_view Gs1Scheme::ShorterMatter(std::string_view matter) {
  return matter.substr(0, std::min(matter.size() - 1, kGs1PrefixDigitsMax));
}

Result<std::string> Gs1Scheme::ParsePrefix(std::string_view text) {
  if (!std::ranges::all_of(text, [](char c) { return IsDigit(c); })) {
    return Error{Errc::kNotDigits, "a GS1 prefix is digits"};
  }
  if (text.size() < kGs1PrefixDigitsMin || text.size() > kGs1PrefixDigitsMax) {
    return Error{Errc::kWrongLength, "a GS1 prefix has 3 to 12 digits"};
  }
  return std::string(text);
}

KeyRange Gs1Scheme::RangeOf(std::string_view digits, char type) {
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

bool Gs1Scheme::Covers(std::string_view prefix, std::string_view key) {
  const std::string_view packed = PackedDigitsOf(key);
  if (packed.size() * 2 < prefix.size()) return false;
  for (size_t i = 0; i < prefix.size(); ++i) {
    if (DigitAt(packed, i) != prefix[i]) return false;
  }
  return true;
}

std::string_view Gs1KeyTypes() { return {kGs1KeyTypes.data(), kGs1KeyTypes.size()}; }

}  // namespace idnode
