#pragma once

#include <span>
#include <string_view>

// The code lists that checks of GS1 values refer to, each in ascending order. Made from
// proto/gs1/code_lists.csv when the project is built (cmake/gs1_tables.py).
namespace idnode::gs1_code_lists {

extern const std::span<const std::string_view> kCountryNumeric;   // ISO 3166-1: 156.
extern const std::span<const std::string_view> kCountryAlpha2;    // ISO 3166-1: CN.
extern const std::span<const std::string_view> kCurrencyNumeric;  // ISO 4217: 156.
extern const std::span<const std::string_view> kMediaType;        // AIDC media types.
extern const std::span<const std::string_view> kPackageType;  // UN/ECE recommendation 21 and GS1.

}  // namespace idnode::gs1_code_lists
