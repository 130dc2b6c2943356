#include <algorithm>
#include <array>

#include "proto/gs1/epc_schemes.h"
#include "proto/gs1/key.h"

// The first generation: filter 3 bits, partition 3, company prefix, reference, serial. The
// partition says how many bits and digits of their sum belong to the company prefix.
namespace idnode {
namespace {

// What stands behind the company prefix and the reference.
enum class Serial : uint8_t {
  kZeros,            // Bits that must be zero.
  kInteger,          // Decimal without leading zeros.
  kIntegerOrNone,    // The same; 0 means that there is none.
  kOneAndDigits,     // A 1, which keeps leading zeros, and then the digits.
  kCharacters,       // ASCII in 7 bits, to the first zero.
  kCharactersOrNone  // The same; the text 0 means that there is none.
};

// The numeric part of the key behind company prefix and reference.
enum class Form : uint8_t {
  kDigits,         // Company prefix and reference have a fixed number of digits; check digit.
  kLeadingDigit,   // The same, and the first digit of the reference goes to the front.
  kPieces,         // kLeadingDigit, then piece and total of an ITIP.
  kFiller,         // kDigits behind a 0: a GRAI.
  kAnyInteger,     // The reference is an integer without leading zeros.
  kAnyCharacters,  // ASCII in 7 bits, to the first zero.
  kSixBits         // Six bits a character to 000000; the reference has no fixed size.
};

struct Scheme {
  uint8_t header;
  uint16_t ai;  // Of the key.
  Form form;
  uint8_t digits;      // Of company prefix and reference together, at most.
  uint8_t bits;        // The same, in bits; kSixBits: of nothing.
  uint16_t serial_ai;  // 0: the serial is a part of the key's own value.
  Serial serial;
  uint8_t serial_bits;
};

constexpr auto kSchemes = std::to_array<Scheme>({
    {0x2C, 253, Form::kDigits, 12, 41, 0, Serial::kInteger, 41},              // GDTI-96
    {0x2D, 8018, Form::kDigits, 17, 58, 0, Serial::kZeros, 24},               // GSRN-96
    {0x2E, 8017, Form::kDigits, 17, 58, 0, Serial::kZeros, 24},               // GSRNP-96
    {0x30, 1, Form::kLeadingDigit, 13, 44, 21, Serial::kInteger, 38},         // SGTIN-96
    {0x31, 0, Form::kLeadingDigit, 17, 58, 0, Serial::kZeros, 24},            // SSCC-96
    {0x32, 414, Form::kDigits, 12, 41, 254, Serial::kIntegerOrNone, 41},      // SGLN-96
    {0x33, 8003, Form::kFiller, 12, 44, 0, Serial::kInteger, 38},             // GRAI-96
    {0x34, 8004, Form::kAnyInteger, 30, 82, 0, Serial::kZeros, 0},            // GIAI-96
    {0x36, 1, Form::kLeadingDigit, 13, 44, 21, Serial::kCharacters, 140},     // SGTIN-198
    {0x37, 8003, Form::kFiller, 12, 44, 0, Serial::kCharacters, 112},         // GRAI-170
    {0x38, 8004, Form::kAnyCharacters, 30, 188, 0, Serial::kZeros, 0},        // GIAI-202
    {0x39, 414, Form::kDigits, 12, 41, 254, Serial::kCharactersOrNone, 140},  // SGLN-195
    {0x3A, 253, Form::kDigits, 12, 41, 0, Serial::kOneAndDigits, 58},         // GDTI-113
    {0x3C, 8010, Form::kAnyInteger, 30, 51, 8011, Serial::kInteger, 31},      // CPI-96
    {0x3D, 8010, Form::kSixBits, 30, 0, 8011, Serial::kInteger, 40},          // CPI-var
    {0x3E, 253, Form::kDigits, 12, 41, 0, Serial::kCharacters, 119},          // GDTI-174
    {0x3F, 255, Form::kDigits, 12, 41, 0, Serial::kOneAndDigits, 41},         // SGCN-96
    {0x40, 8006, Form::kPieces, 13, 44, 21, Serial::kInteger, 38},            // ITIP-110
    {0x41, 8006, Form::kPieces, 13, 44, 21, Serial::kCharacters, 140},        // ITIP-212
});

const Scheme* FindScheme(uint8_t header) {
  const auto* scheme = std::ranges::find(kSchemes, header, &Scheme::header);
  return scheme == kSchemes.end() ? nullptr : scheme;
}

// By partition value; a company prefix has 12 digits less the partition value.
constexpr std::array<uint8_t, 7> kCompanyBits = {40, 37, 34, 30, 27, 24, 20};

// ASCII characters in a field of `bits` bits: to its end or the first zero; only zeros after that.
void ReadCharacters(BitReader& in, size_t bits, std::string& out) {
  for (; bits >= 7; bits -= 7) {
    const uint64_t character = in.Bits(7);
    if (character == 0) break;
    out.push_back(static_cast<char>(character));
  }
  if (bits >= 7) bits -= 7;  // The zero itself.
  for (; bits > 0; --bits) {
    if (in.Bits(1) != 0) in.Fail();
  }
}

// CPI-var: a letter without its bit 0x40, everything else as it is in ASCII; 000000 ends.
void ReadSixBits(BitReader& in, size_t characters_max, std::string& out) {
  for (;; --characters_max) {
    const uint64_t value = in.Bits(6);
    if (value == 0) return;
    if (characters_max == 0) return in.Fail();
    out.push_back(static_cast<char>(value < 0x20 ? value + 0x40 : value));
  }
}

void ReadSerial(BitReader& in, Serial form, size_t bits, std::string& out) {
  constexpr size_t kDigitsMax = 18;  // Of 58 bits.
  const size_t start = out.size();
  switch (form) {
    case Serial::kZeros:
      if (in.Bits(bits) != 0) in.Fail();
      return;
    case Serial::kInteger:
    case Serial::kIntegerOrNone:
      in.UnpaddedDecimal(bits, kDigitsMax, out);
      break;
    case Serial::kOneAndDigits:
      in.UnpaddedDecimal(bits, kDigitsMax, out);
      if (!in.ok() || out[start] != '1' || out.size() - start == 1) return in.Fail();
      out.erase(start, 1);
      return;
    case Serial::kCharacters:
    case Serial::kCharactersOrNone:
      ReadCharacters(in, bits, out);
      if (out.size() == start) in.Fail();
      break;
  }
  const bool may_be_none = form == Serial::kIntegerOrNone || form == Serial::kCharactersOrNone;
  if (may_be_none && std::string_view(out).substr(start) == "0") out.erase(start);
}

// Company prefix and reference of a fixed number of digits, and their check digit.
void ReadDigits(BitReader& in, const Scheme& scheme, size_t partition, std::string& out) {
  const size_t company_digits = 12 - partition;
  in.Decimal(kCompanyBits[partition], company_digits, out);
  in.Decimal(scheme.bits - kCompanyBits[partition], scheme.digits - company_digits, out);
  if (!in.ok()) return;
  const bool leading = scheme.form == Form::kLeadingDigit || scheme.form == Form::kPieces;
  if (leading)
    std::rotate(out.begin(), out.begin() + company_digits, out.begin() + company_digits + 1);
  out.push_back(CheckDigitOf(out));
}

void ReadKey(BitReader& in, const Scheme& scheme, size_t partition, std::string& out) {
  const size_t company_digits = 12 - partition;
  const size_t company_bits = kCompanyBits[partition];
  const size_t left = scheme.digits - company_digits;
  switch (scheme.form) {
    case Form::kAnyInteger:
      in.Decimal(company_bits, company_digits, out);
      return in.UnpaddedDecimal(scheme.bits - company_bits, left, out);
    case Form::kAnyCharacters:
      in.Decimal(company_bits, company_digits, out);
      return ReadCharacters(in, scheme.bits - company_bits, out);
    case Form::kSixBits:
      in.Decimal(company_bits, company_digits, out);
      return ReadSixBits(in, left, out);
    case Form::kFiller:
      ReadDigits(in, scheme, partition, out);
      out.insert(out.begin(), '0');
      return;
    case Form::kPieces:
      ReadDigits(in, scheme, partition, out);
      in.Decimal(7, 2, out);
      return in.Decimal(7, 2, out);
    case Form::kDigits:
    case Form::kLeadingDigit:
      return ReadDigits(in, scheme, partition, out);
  }
}

}  // namespace

bool IsPartitionedEpc(uint8_t header) { return FindScheme(header) != nullptr; }

Status DecodePartitionedEpc(uint8_t header, BitReader& in, Gs1ElementList& elements) {
  const Scheme& scheme = *FindScheme(header);
  in.Skip(3);  // The filter value.
  const uint64_t partition = in.Bits(3);
  if (partition >= kCompanyBits.size()) {
    return Error{Errc::kInvalidIdentifier, "an EPC with partition 7"};
  }
  std::string key;
  ReadKey(in, scheme, partition, key);
  std::string serial;
  ReadSerial(in, scheme.serial, scheme.serial_bits, serial);
  // More zeros: tag memory is read in words of 16 bits, and base64url in steps of 6.
  if (!in.ok() || !in.RestIsZero()) {
    return Error{Errc::kInvalidIdentifier,
                 "an EPC with too few bits, a field over its range, or more bits than its scheme"};
  }
  if (scheme.serial_ai == 0) key.append(serial);
  elements.Add(*FindApplicationIdentifier(scheme.ai), key);
  if (scheme.serial_ai != 0 && !serial.empty()) {
    elements.Add(*FindApplicationIdentifier(scheme.serial_ai), serial);
  }
  return {};
}

}  // namespace idnode
