#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/gs1/path.h"

namespace idnode {

constexpr bool MayBeEpcUrn(std::string_view text) { return text.starts_with("urn:epc:"); }

// Replaces `path_and_query` by the Digital Link path that an EPC in its form for information
// systems stands for (EPC Tag Data Standard 2.3, chapters 6 and 7):
//
//   urn:epc:id:sgtin:4012345.011111.987        an instance: /01/04012345111118/21/987
//   urn:epc:class:lgtin:4012345.012345.998877  a lot: /01/…/10/…
//   urn:epc:idpat:sgtin:4012345.011111.*       all serials of a class: /01/04012345111118
//
// Company prefix and reference are apart, without check digit, so the lengths are known. Schemes
// with a GS1 key: sgtin itip upui sscc sgln pgln grai giai gsrn gsrnp gdti sgcn cpi ginc gsin, and
// lgtin; a pattern is read where only its last part is a *.
//
// kTooLarge: over limits::kIdentifierQueryOctetsMax. kUnknownScheme: no EPC URN, or a scheme
// without a GS1 key. kInvalidIdentifier: a wrong number of parts, a '%' without two hexadecimal
// digits. kNotDigits, kWrongLength and the errors of CheckGs1Value. `path_and_query` is unspecified
// after an error.
Status DecodeEpcUrn(std::string_view urn, std::string& path_and_query);

// The EPC URN of an identifier whose company prefix has so many digits, which no key tells: of an
// instance (id), of a lot (class), of all instances of a trade item (idpat). Empty: there is none,
// as of a variant, or of a company prefix of fewer than 6 or more than 12 digits.
std::string EpcUrnOf(const Gs1Path& path, size_t company_digits);

}  // namespace idnode
