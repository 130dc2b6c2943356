#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "proto/base/text.h"

namespace idnode {

// The GS1 Application Identifiers, all of them. The rows are made from
// proto/gs1/application_identifiers.csv when the project is built (cmake/gs1_tables.py); none
// is written by hand. Every view and span points into constants.

enum class Gs1CharacterSet : uint8_t {
  kDigits,  // N
  kCset82,  // X
  kCset39,  // Y: CPID
  kCset64,  // Z: base64url
};

// What a component must satisfy beyond its characters and its length, by the names of the GS1
// syntax dictionary. proto/gs1/value.h carries them out.
enum class Gs1Check : uint8_t {
  kNone,
  // Of keys and qualifiers, at every resolution.
  kCheckDigit,               // csum: mod 10.
  kCheckPair,                // csumalpha: GMN.
  kCompanyPrefixFromDigit1,  // gcppos1: a company prefix starts here.
  kCompanyPrefixFromDigit2,  // gcppos2
  kZero,
  kPieceOfTotal,
  kNoZeroPrefix,
  kImporterIndex,
  // Of attributes.
  kNonZero,
  kHasNonDigit,
  kHyphen,  // Only hyphens.
  kYesNo,
  kWinding,
  kPositionInSequence,  // posinseqslash: 3/10.
  kPercentEncoded,      // pcenc: well-formed percent-encoding.
  kDate,                // yymmdd
  kDateDay0,            // yymmd0: day 00 is the last of the month.
  kDateCentury,         // yyyymmdd
  kHour,                // hh
  kHourMinute,          // hhmi
  kMinute,              // mi
  kSecond,              // ss
  kLatitude,
  kLongitude,
  kCountry,        // iso3166: numeric.
  kCountryOr999,   // iso3166999
  kCountryAlpha2,  // iso3166alpha2
  kCurrency,       // iso4217: numeric.
  kSex,            // iso5218
  kMediaType,
  kPackageType,
  kIban,
  kCouponCode,
  kCouponPositiveOffer,
};

struct Gs1Component {
  Gs1CharacterSet characters = Gs1CharacterSet::kDigits;
  uint8_t size_min = 0, size_max = 0;   // Octets. Equal: of fixed size.
  bool optional = false;                // It, and all after it, may be absent.
  std::array<Gs1Check, 3> checks = {};  // kNone at the end.
};

struct Gs1ApplicationIdentifier {
  std::string_view ai;                 // 2 to 4 digits.
  std::string_view title;              // GS1 data title; may be empty.
  uint16_t number = 0;                 // The digits of `ai`; one number is one AI: 1 is 01.
  uint8_t size_min = 0, size_max = 0;  // Octets of the whole value.
  bool predefined_length = false;      // No separator behind it in an element string.
  bool primary_key = false;            // May start the path of a Digital Link URI.
  bool qualifier = false;              // May follow some primary key in the path.
  bool attribute = false;              // May stand in the query.
  int8_t decimal_places = -1;          // -1: the value is not a number with decimals.
  uint8_t component_count = 0;
  std::array<Gs1Component, 5> components = {};
  // Of a primary key: the qualifiers that may follow, in order, by number; 0 ends a sequence. The
  // two sequences are alternatives, which do not mix.
  std::array<std::array<uint16_t, 3>, 2> qualifier_sequences = {};
  // Other AIs that must be present with it: " & " between what must all hold, "," between
  // alternatives, "+" between those needed together; an n stands for any digit (31nn).
  std::string_view required;
  // Other AIs that may not be present with it: "," between them; 310n means any other of them.
  std::string_view excluded;

  std::span<const Gs1Component> parts() const { return {components.data(), component_count}; }
};

// In ascending order of the text of the AI.
std::span<const Gs1ApplicationIdentifier> Gs1ApplicationIdentifiers();

namespace gs1_internal {
inline constexpr size_t kAiDigitsMax = 4;
inline constexpr uint16_t kNoRow = 0xFFFF;
extern const std::array<uint16_t, 10'000> kRowOfNumber;
extern const Gs1ApplicationIdentifier kRows[];
}  // namespace gs1_internal

// By number; null: none has it.
inline const Gs1ApplicationIdentifier* FindApplicationIdentifier(uint16_t number) {
  if (number >= gs1_internal::kRowOfNumber.size()) return nullptr;
  const uint16_t row = gs1_internal::kRowOfNumber[number];
  return row == gs1_internal::kNoRow ? nullptr : &gs1_internal::kRows[row];
}

// By its digits: "01". Null: no AI is written so.
inline const Gs1ApplicationIdentifier* FindApplicationIdentifier(std::string_view ai) {
  if (ai.empty() || ai.size() > gs1_internal::kAiDigitsMax) return nullptr;
  uint16_t number = 0;
  for (const char c : ai) {
    if (!IsDigit(c)) return nullptr;
    number = static_cast<uint16_t>(number * 10 + (c - '0'));
  }
  const Gs1ApplicationIdentifier* row = FindApplicationIdentifier(number);
  return row != nullptr && row->ai.size() == ai.size() ? row : nullptr;
}

}  // namespace idnode
