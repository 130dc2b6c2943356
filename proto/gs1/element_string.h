#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/gs1/element_list.h"

namespace idnode {

// Element strings: AIs and their values as people write them, (01)06901234567892(10)L1, and as
// barcodes carry them, FNC1 0106901234567892 10L1 (spec/gs1-digital-link.md 2.5).

// The separator between elements, as a scanner sends FNC1; ^ is its form in print.
inline constexpr char kFnc1 = '\x1D';
inline constexpr char kFnc1InPrint = '^';

constexpr bool MayBeElementString(std::string_view text) {
  return text.starts_with('(') || text.starts_with(kFnc1) || text.starts_with(kFnc1InPrint);
}

// Takes either form apart; the first character says which. A bracket in a bracketed value is
// written
// "\(". In the other form a separator ends every value whose AI has no predefined length; one that
// is not needed is passed over. Values are not looked into: CheckElements does. `elements` keeps
// its capacity; it is unspecified after an error.
//
// kTooLarge: over limits::kIdentifierQueryOctetsMax. kInvalidIdentifier: neither form, an AI that
// is not in the table, brackets that do not match. kWrongLength: an AI without a value, or a value
// of predefined length cut short.
Status ParseElementString(std::string_view text, Gs1ElementList& elements);

// That every value is one that its AI allows, that no AI stands twice, and that each has with it
// all that it requires and nothing that it excludes. kInvalidIdentifier, and the errors of
// CheckGs1Value.
Status CheckElements(const Gs1ElementList& elements);

// Appends https://id.gs1.org/01/…?17=…. The errors of AppendDigitalLink: not all valid data has a
// key that a Digital Link could start with.
Status AppendCanonicalUri(const Gs1ElementList& elements, std::string& out);

// Appends the form for people, and the one for a printer or scanner, in the order of `elements`.
// The latter begins with `fnc1`, which also separates. ParseElementString gives the same elements
// back if their values are in their character sets.
void AppendBracketed(const Gs1ElementList& elements, std::string& out);
void AppendFnc1(const Gs1ElementList& elements, std::string& out, char fnc1 = kFnc1);

}  // namespace idnode
