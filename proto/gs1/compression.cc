#include "proto/gs1/compression.h"

#include <algorithm>
#include <array>
#include <bit>
#include <vector>

#include "proto/base/limits.h"
#include "proto/base/text.h"
#include "proto/gs1/bit_reader.h"
#include "proto/gs1/element_list.h"

namespace idnode {
namespace {

constexpr Error kBits{Errc::kInvalidIdentifier,
                      "compressed bits end early, or a field is over its range"};

// AIs whose values follow one another behind a code of eight bits; the number of the last one grows
// with the code. In the listed order, which need not be that of a path.
struct Shortcut {
  uint8_t first, last;
  std::array<uint16_t, 4> ais;
  uint8_t count;
};
constexpr auto kShortcuts = std::to_array<Shortcut>({
    {0x0A, 0x0A, {1, 22}, 2},         {0x0B, 0x0B, {1, 10}, 2},      {0x0C, 0x0C, {1, 21}, 2},
    {0x0D, 0x0D, {1, 17}, 2},         {0x0E, 0x0E, {1, 7003}, 2},    {0x0F, 0x0F, {1, 30}, 2},
    {0x1A, 0x1A, {1, 10, 21, 17}, 4}, {0x1B, 0x1B, {1, 15}, 2},      {0x1C, 0x1C, {1, 11}, 2},
    {0x1D, 0x1D, {1, 16}, 2},         {0x1E, 0x1E, {1, 91}, 2},      {0x1F, 0x1F, {1, 10, 15}, 3},
    {0x2A, 0x2F, {1, 3100}, 2},       {0x3A, 0x3F, {1, 3200}, 2},    {0x9A, 0x9A, {8010, 8011}, 2},
    {0x9B, 0x9B, {8017, 8019}, 2},    {0x9C, 0x9C, {8018, 8019}, 2}, {0x9D, 0x9D, {414, 254}, 2},
    {0xA0, 0xA9, {1, 3920}, 2},       {0xC0, 0xC9, {255, 3900}, 2},  {0xCA, 0xCD, {255, 3940}, 2},
});

const Shortcut* FindShortcut(uint64_t code) {
  const auto* at = std::ranges::find_if(kShortcuts, [code](const Shortcut& shortcut) {
    return shortcut.first <= code && code <= shortcut.last;
  });
  return at == kShortcuts.end() ? nullptr : at;
}

// Digits of an AI that begins with the two digits of `beginning`; 0: none does.
size_t DigitsOfAi(uint64_t beginning) {
  const auto in = [beginning](uint64_t first, uint64_t last) {
    return first <= beginning && beginning <= last;
  };
  if (in(0, 2) || in(10, 13) || in(15, 17) || in(20, 22) || in(30, 30) || in(37, 37) ||
      in(90, 99)) {
    return 2;
  }
  if (in(23, 25) || in(40, 42) || in(71, 71)) return 3;
  if (in(31, 36) || in(39, 39) || in(43, 43) || in(70, 70) || in(72, 72) || in(80, 82)) return 4;
  return 0;
}

// Bits of a number of `digits` digits: ceil(digits * log2 10 + 0.01); one for no digits.
constexpr size_t BitsOfNumber(size_t digits) {
  return (digits * 332'192'809'489 + 1'000'000'000) / 100'000'000'000 + 1;
}
static_assert(BitsOfNumber(0) == 1 && BitsOfNumber(14) == 47 && BitsOfNumber(20) == 67 &&
              BitsOfNumber(90) == 299);

// Bits of a length of at most `size_max`: ceil(log2 size_max + 0.01).
size_t BitsOfLength(size_t size_max) { return std::bit_width(size_max); }

// Components as the compression sees them: it has one field where the table of AIs has several for
// the sake of their checks. Digits of fixed size run together (8003: 1 + 13), and so do optional
// digits (423), and characters of any size (7040: 1 + 1 + 1).
struct Field {
  bool digits;
  bool fixed;
  bool optional;
  size_t size_max;
};

std::vector<Field> FieldsOf(const Gs1ApplicationIdentifier& ai) {
  std::vector<Field> fields;
  for (const Gs1Component& part : ai.parts()) {
    const bool digits = part.characters == Gs1CharacterSet::kDigits;
    const bool fixed = part.size_min == part.size_max && !part.optional;
    if (!fields.empty() && fields.back().digits == digits) {
      Field& last = fields.back();
      if (!digits || (last.fixed && fixed) || (last.optional && part.optional)) {
        last.fixed = last.fixed && fixed;
        last.size_max += part.size_max;
        continue;
      }
    }
    fields.push_back({digits, fixed, part.optional, part.size_max});
  }
  return fields;
}

void ReadNumber(BitReader& in, size_t digits, std::string& out) {
  // Some encoders leave out the single bit of an empty number at the very end.
  if (digits == 0 && in.left() == 0) return;
  in.Decimal(BitsOfNumber(digits), digits, out);
}

void ReadCharacters(BitReader& in, uint64_t encoding, size_t count, std::string& out) {
  switch (encoding) {
    case 0:
      return ReadNumber(in, count, out);
    case 1:
      return in.Characters(count, 4, "0123456789abcdef", out);
    case 2:
      return in.Characters(count, 4, "0123456789ABCDEF", out);
    case 3:
      return in.Characters(count, 6, kBase64UrlAlphabet, out);
    case 4:
      return in.Ascii(count, out);
    default:
      return in.Fail();
  }
}

void ReadField(BitReader& in, const Field& field, std::string& out) {
  const size_t length_bits = field.fixed ? 0 : BitsOfLength(field.size_max);
  const size_t head_bits = length_bits + (field.digits ? 0 : 3);
  // An optional field at the end may be absent; what is left then fills up the last character.
  if (field.optional && in.left() < head_bits && in.RestIsZero()) return in.Skip(in.left());
  const uint64_t encoding = field.digits ? 0 : in.Bits(3);
  const size_t size = field.fixed ? field.size_max : in.Bits(length_bits);
  if (size > field.size_max) return in.Fail();
  ReadCharacters(in, encoding, size, out);
}

Status ReadValue(BitReader& in, uint16_t number, Gs1ElementList& elements) {
  const Gs1ApplicationIdentifier* ai = FindApplicationIdentifier(number);
  if (ai == nullptr) return Error{Errc::kInvalidIdentifier, "a compressed AI is not in the table"};
  std::string value;
  for (const Field& field : FieldsOf(*ai)) ReadField(in, field, value);
  if (!in.ok()) return kBits;
  elements.Add(*ai, value);
  return {};
}

// `code` holds the first two digits of an AI; the others follow.
Status ReadElement(BitReader& in, uint64_t code, Gs1ElementList& elements) {
  uint64_t number = (code >> 4) * 10 + (code & 0xF);
  const size_t digits = DigitsOfAi(number);
  if (digits == 0) return Error{Errc::kInvalidIdentifier, "no AI begins with these two digits"};
  std::string rest;
  in.PackedDigits(digits - 2, rest);
  if (!in.ok()) return kBits;
  for (const char digit : rest) number = number * 10 + static_cast<uint64_t>(digit - '0');
  return ReadValue(in, static_cast<uint16_t>(number), elements);
}

// A pair that is no AI: `code` holds F and the high four of the seven bits of the key's length.
Status ReadPair(BitReader& in, uint64_t code, std::string& pairs) {
  const size_t key_size = (code & 0xF) << 3 | in.Bits(3);
  std::string key;
  in.Characters(key_size, 6, kBase64UrlAlphabet, key);
  const uint64_t encoding = in.Bits(3);
  std::string value;
  ReadCharacters(in, encoding, in.Bits(7), value);
  if (!in.ok()) return kBits;
  if (std::ranges::all_of(key, [](char c) { return IsDigit(c); })) {
    return Error{Errc::kInvalidIdentifier, "a query key that is no AI has a character but digits"};
  }
  pairs.append("&").append(key).append("=").append(PercentEncode(value));
  return {};
}

Status ReadCode(BitReader& in, Gs1ElementList& elements, std::string& pairs) {
  const uint64_t code = in.Bits(8);
  if (code >> 4 <= 9 && (code & 0xF) <= 9) return ReadElement(in, code, elements);
  if (code >> 4 == 0xF) return ReadPair(in, code, pairs);
  const Shortcut* shortcut = FindShortcut(code);
  if (shortcut == nullptr) return Error{Errc::kInvalidIdentifier, "a code without a meaning"};
  for (size_t i = 0; i < shortcut->count; ++i) {
    const bool last = i + 1 == shortcut->count;
    const size_t number = shortcut->ais[i] + (last ? code - shortcut->first : 0);
    const Status read = ReadValue(in, static_cast<uint16_t>(number), elements);
    if (!read) return read;
  }
  return {};
}

// Fewer bits than these cannot be an element: they fill up the last character.
constexpr size_t kPaddingBitsMax = 8;

Status ReadBits(std::string_view text, Gs1ElementList& elements, std::string& pairs) {
  const auto bits = BitsOfBase64Url(text);
  if (!bits) return bits.error();
  BitReader in(*bits);
  while (in.left() > kPaddingBitsMax) {
    const Status read = ReadCode(in, elements, pairs);
    if (!read) return read;
  }
  if (!in.RestIsZero()) return Error{Errc::kInvalidIdentifier, "bits behind the last element"};
  return {};
}

// 01/09506000134376: the key that was left uncompressed.
Status ReadKey(std::string_view key, Gs1ElementList& elements) {
  const size_t slash = key.find('/');
  const Gs1ApplicationIdentifier* ai = FindApplicationIdentifier(key.substr(0, slash));
  const std::string_view raw = slash == std::string_view::npos ? "" : key.substr(slash + 1);
  if (ai == nullptr || !ai->primary_key || raw.empty() || raw.find('/') != std::string_view::npos) {
    return Error{Errc::kInvalidIdentifier, "no primary key alone before the compressed segment"};
  }
  const auto value = PercentDecode(raw);
  if (!value) return Error{Errc::kInvalidIdentifier, "a % without two hexadecimal digits"};
  elements.Add(*ai, *value);
  return {};
}

}  // namespace

Status DecodeCompressed(std::string_view segments, std::string& path_and_query) {
  path_and_query.clear();
  if (segments.size() > limits::kIdentifierQueryOctetsMax) {
    return Error{Errc::kTooLarge, "compressed segments are over their limit"};
  }
  Gs1ElementList elements;
  std::string pairs;
  const size_t slash = segments.rfind('/');
  if (slash != std::string_view::npos) {
    const Status key = ReadKey(segments.substr(0, slash), elements);
    if (!key) return key;
  }
  const Status read = ReadBits(segments.substr(slash + 1), elements, pairs);  // npos + 1 is 0.
  if (!read) return read;
  const Status appended = AppendDigitalLink(elements, path_and_query);
  if (!appended) return appended;
  if (!pairs.empty() && path_and_query.find('?') == std::string::npos) pairs.front() = '?';
  path_and_query.append(pairs);
  return {};
}

}  // namespace idnode
