#include "proto/ident/identifier.h"

#include <algorithm>
#include <array>
#include <optional>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/ident/gs1_key.h"
#include "proto/ident/handle_name.h"

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

// Without a slash only a bare prefix is a Handle name: 88.118.8, which means its prefix handle.
bool IsBarePrefix(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return IsDigit(c) || c == '.' || c == '-' || (UpperAscii(c) >= 'A' && UpperAscii(c) <= 'Z');
  });
}

Status ParseHandle(std::string_view text, Identifier& identifier) {
  const auto name = ParseHandleName(text);
  if (!name) return name.error();
  if (!name->has_slash && !IsBarePrefix(text)) {
    return Error{Errc::kUnknownScheme, "neither a Handle name nor a GS1 key"};
  }
  if (!name->has_slash && text.size() + kPrefixHandles.size() > limits::kIdentifierQueryOctetsMax) {
    return Error{Errc::kTooLarge, "a prefix handle has at most 2048 octets"};
  }
  identifier.scheme = Scheme::kHandle;
  identifier.key.clear();
  AppendHandleKey(name->has_slash ? text : kPrefixHandles, identifier.key);
  if (!name->has_slash) {
    for (const char c : text) identifier.key.push_back(UpperAscii(c));
  }
  identifier.text.assign(text);
  return {};
}

// The characters that look like nothing at the end of a text: space, no-break space, ideographic
// space, the spaces and marks of U+2000 to U+200F, line and paragraph separator, byte order mark.
constexpr std::array<std::string_view, 6> kBlanks = {
    " ", "\xC2\xA0", "\xE3\x80\x80", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xEF\xBB\xBF"};

bool IsBlankBlock(std::string_view three) {
  return three.size() == 3 && three.starts_with("\xE2\x80") &&
         static_cast<uint8_t>(three[2]) <= 0x8F;
}

bool HasBlankEnd(std::string_view text) {
  const size_t tail = text.size() < 3 ? 0 : text.size() - 3;
  return std::ranges::any_of(
             kBlanks,
             [&](auto blank) { return text.starts_with(blank) || text.ends_with(blank); }) ||
         IsBlankBlock(text.substr(0, 3)) || IsBlankBlock(text.substr(tail));
}

Status CheckHandleForRegistration(std::string_view text) {
  if (text.size() > limits::kIdentifierOctetsMax) {
    return Error{Errc::kTooLarge, "an identifier has at most 255 octets"};
  }
  const auto name = ParseHandleName(text);
  if (!name) return name.error();
  if (name->suffix.empty()) {
    return Error{Errc::kInvalidIdentifier, "a Handle name has a suffix after its first slash"};
  }
  if (HasControlCharacter(text)) {
    return Error{Errc::kControlCharacter, "an identifier is printable"};
  }
  if (HasBlankEnd(text)) {
    return Error{Errc::kInvalidIdentifier, "an identifier neither starts nor ends with a blank"};
  }
  return {};
}

}  // namespace

Status ParseIdentifier(std::string_view text, Identifier& identifier) {
  if (text.size() > limits::kIdentifierQueryOctetsMax) {
    return Error{Errc::kTooLarge, "an identifier has at most 2048 octets"};
  }
  if (text.starts_with('(')) {
    const auto gs1 = SplitBrackets(text);
    return gs1 ? ParseGs1(*gs1, identifier) : Status(gs1.error());
  }
  if (const auto gs1 = SplitPath(text)) return ParseGs1(*gs1, identifier);
  if (text.size() >= kProductDigitsMin && AllDigits(text)) {
    return ParseGtin(*RowOfAi("01"), text, identifier);
  }
  return ParseHandle(text, identifier);
}

Result<Identifier> ParseIdentifier(std::string_view text) {
  Identifier identifier;
  if (const Status parsed = ParseIdentifier(text, identifier); !parsed) return parsed.error();
  return identifier;
}

Status CheckForRegistration(const Identifier& identifier) {
  // A GS1 key is checked digit by digit when it is parsed; there is no laxer form of it.
  if (identifier.scheme == Scheme::kGs1) return {};
  if (identifier.scheme == Scheme::kHandle) return CheckHandleForRegistration(identifier.text);
  return Error{Errc::kUnknownScheme, "this scheme is not registered here"};
}

Result<std::string> TextOfKey(std::string_view key) {
  const Error corrupt{Errc::kCorrupt, "not a canonical key"};
  if (key.starts_with(static_cast<char>(Scheme::kGs1))) {
    Gs1Key type;
    const auto digits = UnpackKey(key, type);
    if (!digits) return digits.error();
    const auto* row = std::ranges::find(kGs1KeyRows, type, &Gs1KeyRow::key);
    return std::string(row->ai) + '/' + *digits;
  }
  if (!key.starts_with(static_cast<char>(Scheme::kHandle))) return corrupt;
  const std::string_view name = key.substr(1);
  const bool folded = std::ranges::none_of(name, [](char c) { return UpperAscii(c) != c; });
  if (!folded || !ParseHandleName(name)) return corrupt;
  return std::string(name);
}

}  // namespace idnode
