#pragma once

#include <string_view>

#include "proto/base/result.h"
#include "proto/gs1/application_identifier.h"

namespace idnode {

// Whether `value` (decoded: no percent-encoding) is one that its Application Identifier allows:
// components with their lengths and characters, then every check that the table names. Keys and
// qualifiers have few checks, all cheap; attributes have dates, codes and the like, and are held
// against them on registration and validation only (spec/gs1-digital-link.md 1.1, 2).
//
// kNotDigits: another character in a component of digits. kWrongLength. kCheckDigit: the mod-10
// digit, the check pair of a GMN, the check digits of an IBAN. kInvalidIdentifier: everything else;
// the detail names the rule.
Status CheckGs1Value(const Gs1ApplicationIdentifier& ai, std::string_view value);

// In the order of ASCII, which is that of their values (spec/gs1-digital-link.md 2.2).
inline constexpr std::string_view kCset82 =
    "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

bool IsIn(Gs1CharacterSet set, char c);

}  // namespace idnode
