#include "proto/gs1/checks.h"

#include <algorithm>

#include "proto/base/text.h"
#include "proto/gs1/code_lists.h"
#include "proto/gs1/key.h"
#include "proto/gs1/value.h"

namespace idnode {
namespace {

constexpr size_t kCompanyPrefixDigitsMin = 4;

bool AllDigits(std::string_view text) { return std::ranges::all_of(text, IsDigit); }

bool AllZero(std::string_view digits) {
  return digits.find_first_not_of('0') == std::string_view::npos;
}

// Two digits.
int Pair(std::string_view digits) { return (digits[0] - '0') * 10 + (digits[1] - '0'); }

uint64_t Number(std::string_view digits) {
  uint64_t number = 0;
  for (const char c : digits) number = number * 10 + static_cast<uint64_t>(c - '0');
  return number;
}

bool IsListed(std::span<const std::string_view> codes, std::string_view code) {
  return std::ranges::binary_search(codes, code);
}

bool HasCompanyPrefixAt(std::string_view value, size_t from) {
  return value.size() >= from + kCompanyPrefixDigitsMin &&
         AllDigits(value.substr(from, kCompanyPrefixDigitsMin));
}

bool IsMonthAndDay(bool leap_year, std::string_view mmdd, bool day_0) {
  constexpr std::array<int, 12> kDays = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const int month = Pair(mmdd);
  const int day = Pair(mmdd.substr(2));
  if (month < 1 || month > 12) return false;
  const int days = month == 2 && !leap_year ? 28 : kDays[static_cast<size_t>(month - 1)];
  return day <= days && (day > 0 || day_0);
}

bool IsDateWithCentury(std::string_view yyyymmdd) {
  const int century = Pair(yyyymmdd);
  const int year = Pair(yyyymmdd.substr(2));
  const bool leap_year = year != 0 ? year % 4 == 0 : century % 4 == 0;
  return IsMonthAndDay(leap_year, yyyymmdd.substr(4), /*day_0=*/false);
}

bool HasCheckPair(std::string_view value) {
  if (value.size() < 2) return false;
  const auto pair = CheckPairOf(value.substr(0, value.size() - 2));
  return value.ends_with(std::string_view(pair.data(), pair.size()));
}

// ISO 13616: country, two check digits, account; the first four go to the end, letters count from
// 10, and the number is 1 modulo 97.
bool IsIban(std::string_view value) {
  constexpr size_t kOctetsMin = 11;  // As the dictionary has it.
  if (value.size() < kOctetsMin) return false;
  if (!IsListed(gs1_code_lists::kCountryAlpha2, value.substr(0, 2))) return false;
  uint32_t rest = 0;
  for (size_t i = 0; i < value.size(); ++i) {
    const char c = value[(i + 4) % value.size()];
    if (IsDigit(c)) {
      rest = (rest * 10 + static_cast<uint32_t>(c - '0')) % 97;
    } else if (c >= 'A' && c <= 'Z') {
      rest = (rest * 100 + static_cast<uint32_t>(c - 'A' + 10)) % 97;
    } else {
      return false;
    }
  }
  return rest == 1;
}

// Numbers without leading zero: the longer one is the larger one.
bool IsPositionInSequence(std::string_view value) {
  const size_t slash = value.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string_view position = value.substr(0, slash);
  const std::string_view end = value.substr(slash + 1);
  for (const std::string_view number : {position, end}) {
    if (number.empty() || number[0] == '0' || !AllDigits(number)) return false;
  }
  return position.size() != end.size() ? position.size() < end.size() : position <= end;
}

bool IsPieceOfTotal(std::string_view digits) {
  const std::string_view piece = digits.substr(0, digits.size() / 2);
  const std::string_view total = digits.substr(digits.size() / 2);
  return !AllZero(piece) && piece <= total;
}

bool IsHexDigit(char c) { return IsDigit(c) || (UpperAscii(c) >= 'A' && UpperAscii(c) <= 'F'); }

bool IsPercentEncoded(std::string_view value) {
  for (size_t at = value.find('%'); at != std::string_view::npos; at = value.find('%', at + 3)) {
    if (at + 2 >= value.size()) return false;
    if (!IsHexDigit(value[at + 1]) || !IsHexDigit(value[at + 2])) return false;
  }
  return true;
}

bool IsOneOf(std::string_view value, std::string_view allowed) {
  return value.size() == 1 && allowed.find(value[0]) != std::string_view::npos;
}

struct CheckRow {
  Gs1Check check;
  bool (*holds)(std::string_view value);
  Error error;  // When it does not hold.
};

constexpr Error Invalid(std::string_view detail) { return {Errc::kInvalidIdentifier, detail}; }
constexpr Error WrongDigits(std::string_view detail) { return {Errc::kCheckDigit, detail}; }

namespace lists = gs1_code_lists;
using Text = std::string_view;

// In the order of the enum.
constexpr auto kCheckRows = std::to_array<CheckRow>({
    {Gs1Check::kNone, [](Text) { return true; }, {}},
    {Gs1Check::kCheckDigit, HasCheckDigit,
     WrongDigits("GS1: the last digit is not the mod-10 digit of the others")},
    {Gs1Check::kCheckPair, HasCheckPair,
     WrongDigits("GS1: the last two characters are not the check pair")},
    {Gs1Check::kCompanyPrefixFromDigit1, [](Text v) { return HasCompanyPrefixAt(v, 0); },
     Invalid("GS1: a company prefix of at least four digits begins the value")},
    {Gs1Check::kCompanyPrefixFromDigit2, [](Text v) { return HasCompanyPrefixAt(v, 1); },
     Invalid("GS1: a company prefix of at least four digits follows the first digit")},
    {Gs1Check::kZero, AllZero, Invalid("GS1: the filler before a GRAI is 0")},
    {Gs1Check::kPieceOfTotal, IsPieceOfTotal,
     Invalid("GS1: not a piece of a total, like 01 of 02")},
    {Gs1Check::kNoZeroPrefix, [](Text v) { return !v.starts_with('0'); },
     Invalid("GS1: the value may not begin with 0")},
    {Gs1Check::kImporterIndex, [](Text v) { return IsIn(Gs1CharacterSet::kCset64, v[0]); },
     Invalid("GS1: an importer index is a letter, a digit, - or _")},
    {Gs1Check::kNonZero, [](Text v) { return !AllZero(v); },
     Invalid("GS1: the value may not be zero")},
    {Gs1Check::kHasNonDigit, [](Text v) { return !AllDigits(v); },
     Invalid("GS1: the value may not be digits only")},
    {Gs1Check::kHyphen, [](Text v) { return v.find_first_not_of('-') == Text::npos; },
     Invalid("GS1: a hyphen is required here")},
    {Gs1Check::kYesNo, [](Text v) { return IsOneOf(v, "01"); },
     Invalid("GS1: 0 or 1 is required here")},
    {Gs1Check::kWinding, [](Text v) { return IsOneOf(v, "019"); },
     Invalid("GS1: a winding direction is 0, 1 or 9")},
    {Gs1Check::kPositionInSequence, IsPositionInSequence,
     Invalid("GS1: not a position in a sequence, like 3/10")},
    {Gs1Check::kPercentEncoded, IsPercentEncoded,
     Invalid("GS1: '%' without two hexadecimal digits")},
    {Gs1Check::kDate, [](Text v) { return IsDate(v, /*day_0=*/false); },
     Invalid("GS1: not a date YYMMDD")},
    {Gs1Check::kDateDay0, [](Text v) { return IsDate(v, /*day_0=*/true); },
     Invalid("GS1: not a date YYMMDD, where day 00 is the last of the month")},
    {Gs1Check::kDateCentury, IsDateWithCentury, Invalid("GS1: not a date YYYYMMDD")},
    {Gs1Check::kHour, [](Text v) { return Pair(v) < 24; }, Invalid("GS1: an hour is 00 to 23")},
    {Gs1Check::kHourMinute, [](Text v) { return Pair(v) < 24 && Pair(v.substr(2)) < 60; },
     Invalid("GS1: not a time of day HHMM")},
    {Gs1Check::kMinute, [](Text v) { return Pair(v) < 60; }, Invalid("GS1: a minute is 00 to 59")},
    {Gs1Check::kSecond, [](Text v) { return Pair(v) < 60; }, Invalid("GS1: a second is 00 to 59")},
    {Gs1Check::kLatitude, [](Text v) { return Number(v) <= 1'800'000'000; },
     Invalid("GS1: a latitude is at most 1800000000")},
    {Gs1Check::kLongitude, [](Text v) { return Number(v) <= 3'600'000'000; },
     Invalid("GS1: a longitude is at most 3600000000")},
    {Gs1Check::kCountry, [](Text v) { return IsListed(lists::kCountryNumeric, v); },
     Invalid("GS1: no numeric country code of ISO 3166")},
    {Gs1Check::kCountryOr999,
     [](Text v) { return v == "999" || IsListed(lists::kCountryNumeric, v); },
     Invalid("GS1: no numeric country code of ISO 3166, nor 999")},
    {Gs1Check::kCountryAlpha2, [](Text v) { return IsListed(lists::kCountryAlpha2, v); },
     Invalid("GS1: no country code of two letters of ISO 3166")},
    {Gs1Check::kCurrency, [](Text v) { return IsListed(lists::kCurrencyNumeric, v); },
     Invalid("GS1: no numeric currency code of ISO 4217")},
    {Gs1Check::kSex, [](Text v) { return IsOneOf(v, "0129"); },
     Invalid("GS1: no code of ISO 5218: 0, 1, 2 or 9")},
    {Gs1Check::kMediaType, [](Text v) { return IsListed(lists::kMediaType, v); },
     Invalid("GS1: no AIDC media type")},
    {Gs1Check::kPackageType, [](Text v) { return IsListed(lists::kPackageType, v); },
     Invalid("GS1: no package type code")},
    {Gs1Check::kIban, IsIban, WrongDigits("GS1: not an IBAN, or its check digits are wrong")},
    {Gs1Check::kCouponCode, IsCouponCode, Invalid("GS1: not a coupon code of AI 8110")},
    {Gs1Check::kCouponPositiveOffer, IsCouponPositiveOffer,
     Invalid("GS1: not a positive offer file of AI 8112")},
});

constexpr bool RowsFollowTheEnum() {
  for (size_t i = 0; i < kCheckRows.size(); ++i) {
    if (static_cast<size_t>(kCheckRows[i].check) != i) return false;
  }
  return kCheckRows.size() == static_cast<size_t>(Gs1Check::kCouponPositiveOffer) + 1;
}
static_assert(RowsFollowTheEnum());

}  // namespace

std::array<char, 2> CheckPairOf(std::string_view data) {
  constexpr std::array<uint32_t, 23> kPrimes = {2,  3,  5,  7,  11, 13, 17, 19, 23, 29, 31, 37,
                                                41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83};
  constexpr std::string_view kAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
  constexpr std::array<uint8_t, 256> kPlaces = [] {
    std::array<uint8_t, 256> places{};
    for (size_t i = 0; i < kCset82.size(); ++i) {
      places[static_cast<uint8_t>(kCset82[i])] = static_cast<uint8_t>(i);
    }
    return places;
  }();
  Require(data.size() <= kPrimes.size());
  uint32_t sum = 0;
  for (size_t i = 0; i < data.size(); ++i) {
    sum += kPrimes[i] * kPlaces[static_cast<uint8_t>(data[data.size() - 1 - i])];
  }
  sum %= 1021;
  return {kAlphabet[sum / 32], kAlphabet[sum % 32]};
}

bool IsDate(std::string_view yymmdd, bool day_0) {
  return IsMonthAndDay(Pair(yymmdd) % 4 == 0, yymmdd.substr(2), day_0);
}

Status CarryOut(Gs1Check check, std::string_view component) {
  const CheckRow& row = kCheckRows[static_cast<size_t>(check)];
  return row.holds(component) ? Status() : row.error;
}

}  // namespace idnode
