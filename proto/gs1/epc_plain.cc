#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "proto/gs1/epc_schemes.h"

// The second generation: a bit that says whether data of further AIs follows, filter 3 bits, then
// the GS1 key in decimal digits of four bits, with its check digit, and the serial in an encoding
// that suits it.
namespace idnode {
namespace {

enum class Serial : uint8_t {
  kNone,
  kText,    // Encoding and length, then characters.
  kNumber,  // Length in four bits, then an integer.
};

struct Scheme {
  uint8_t header, header_with_host;  // "+" and "++".
  uint16_t ai;                       // Of the key.
  uint8_t digits;                    // Of the key; 0: as many as there are before a delimiter.
  uint16_t serial_ai;                // 0: the serial is a part of the key's own value.
  Serial serial;
  bool dated = false;
};

constexpr auto kSchemes = std::to_array<Scheme>({
    {0xF0, 0xE6, 8010, 0, 8011, Serial::kNumber},  // CPI
    {0xF1, 0xEB, 8003, 14, 0, Serial::kText},      // GRAI, with its filler
    {0xF2, 0xE9, 414, 13, 254, Serial::kText},     // SGLN
    {0xF3, 0xED, 8006, 18, 21, Serial::kText},     // ITIP
    {0xF4, 0xE7, 8018, 18, 0, Serial::kNone},      // GSRN
    {0xF5, 0xE8, 8017, 18, 0, Serial::kNone},      // GSRNP
    {0xF6, 0xEA, 253, 13, 0, Serial::kText},       // GDTI
    {0xF7, 0xFD, 1, 14, 21, Serial::kText},        // SGTIN
    {0xF8, 0xEC, 255, 13, 0, Serial::kNumber},     // SGCN
    {0xF9, 0xEF, 0, 18, 0, Serial::kNone},         // SSCC
    {0xFA, 0xEE, 8004, 0, 0, Serial::kNone},       // GIAI
    {0xFB, 0xFC, 1, 14, 21, Serial::kText, true},  // DSGTIN
});

const Scheme* FindScheme(uint8_t header) {
  const auto* scheme = std::ranges::find_if(kSchemes, [header](const Scheme& row) {
    return row.header == header || row.header_with_host == header;
  });
  return scheme == kSchemes.end() ? nullptr : scheme;
}

// By the type that stands before a date: production, packaging, best before, sell by, expiration,
// first freeze, harvest.
constexpr std::array<uint16_t, 7> kDateAis = {11, 13, 15, 16, 17, 7006, 7007};
constexpr size_t kDigitsMax = 30;  // Of a GIAI or CPID: their longest value.

// "URN code 40": three characters in sixteen bits, value - 1 = 1600 a + 40 b + c. The pad, 0 in
// the alphabet, fills up the last three only.
void ReadCode40(BitReader& in, size_t count, std::string& out) {
  constexpr std::string_view kAlphabet = "@ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:0123456789";
  static_assert(kAlphabet.size() == 40);
  const size_t end = out.size() + count;
  const size_t padded = out.size() + (count + 2) / 3 * 3;
  while (out.size() < padded && in.ok()) {
    const uint64_t value = in.Bits(16) - 1;  // Zero becomes the largest.
    if (value >= 40 * 40 * 40) return in.Fail();
    for (const uint64_t place : {value / 1600, value / 40 % 40, value % 40}) {
      if ((place == 0) != (out.size() >= end)) return in.Fail();
      out.push_back(kAlphabet[place]);
    }
  }
  out.resize(std::min(out.size(), end));
}

// Encoding in three bits, number of characters in five, the characters.
void ReadText(BitReader& in, std::string& out) {
  const uint64_t encoding = in.Bits(3);
  const size_t count = in.Bits(5);
  switch (encoding) {
    case 0:
      return in.Decimal(BitsOfDigits(count), count, out);
    case 1:
      return in.Characters(count, 4, "0123456789ABCDEF", out);
    case 2:
      return in.Characters(count, 4, "0123456789abcdef", out);
    case 3:
      return in.Characters(count, 6, kBase64UrlAlphabet, out);
    case 4:
      return in.Ascii(count, out);
    case 5:
      return ReadCode40(in, count, out);
    default:
      return in.Fail();
  }
}

void ReadNumber(BitReader& in, std::string& out) {
  const size_t count = in.Bits(4);
  in.Decimal(BitsOfDigits(count), count, out);
}

// Digits up to the delimiter: F ends, after E comes text.
void ReadDelimited(BitReader& in, std::string& out) {
  for (size_t count = 0; in.ok(); ++count) {
    const uint64_t digit = in.Bits(4);
    if (digit == 0xF) return;
    if (digit == 0xE) return ReadText(in, out);
    if (digit > 9 || count == kDigitsMax) return in.Fail();
    out.push_back(static_cast<char>('0' + digit));
  }
}

// The AI of the date, its value appended to `out`; 0 once the input has failed.
uint16_t ReadDate(BitReader& in, std::string& out) {
  const uint64_t type = in.Bits(4);
  if (type >= kDateAis.size()) in.Fail();
  in.Decimal(7, 2, out);  // Year, month, day.
  in.Decimal(4, 2, out);
  in.Decimal(5, 2, out);
  return in.ok() ? kDateAis[type] : 0;
}

// A key whose serial is no AI of its own gets it appended.
void ReadKeyAndSerial(BitReader& in, const Scheme& scheme, std::string& key, std::string& serial) {
  if (scheme.digits == 0) {
    ReadDelimited(in, key);
  } else {
    in.PackedDigits(scheme.digits, key);
  }
  std::string& out = scheme.serial_ai == 0 ? key : serial;
  if (scheme.serial == Serial::kText) ReadText(in, out);
  if (scheme.serial == Serial::kNumber) ReadNumber(in, out);
}

constexpr Error kBits{Errc::kInvalidIdentifier,
                      "an EPC with too few bits, or a field over its range"};
constexpr uint16_t kGlnExtension = 254;

}  // namespace

bool IsPlainEpc(uint8_t header) { return FindScheme(header) != nullptr; }

Status DecodePlainEpc(uint8_t header, BitReader& in, Gs1ElementList& elements) {
  const Scheme& scheme = *FindScheme(header);
  const bool data_follows = in.Bits(1) != 0;
  in.Skip(3);  // The filter value.
  std::string date;
  const uint16_t date_ai = scheme.dated ? ReadDate(in, date) : 0;
  std::string key;
  std::string serial;
  ReadKeyAndSerial(in, scheme, key, serial);
  if (!in.ok()) return kBits;
  const bool host_follows = header == scheme.header_with_host;
  if (!data_follows && !host_follows && !in.RestIsZero()) {
    return Error{Errc::kInvalidIdentifier, "an EPC with more bits than its scheme"};
  }

  elements.Add(*FindApplicationIdentifier(scheme.ai), key);
  // The extension 0 means that there is none, as in the first generation.
  const bool has_serial = scheme.serial_ai != kGlnExtension || serial != "0";
  if (scheme.serial_ai != 0 && has_serial) {
    elements.Add(*FindApplicationIdentifier(scheme.serial_ai), serial);
  }
  if (scheme.dated) elements.Add(*FindApplicationIdentifier(date_ai), date);
  return {};
}

}  // namespace idnode
