#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/gs1/element_list.h"
#include "proto/gs1/path.h"

namespace idnode {

// GS1 Digital Link URIs (spec/gs1-digital-link.md 1; URI syntax 1.7.0).

struct Gs1UriOptions {
  // /gtin/, /lot/, /ser/ … , withdrawn in 1.3 of the syntax: read, never written (1.3).
  bool alphabetic_names = false;
  // A key without what must stand with it: 415 without 8020. No URI asks for it, but it may have a
  // record, which answers for what lies below it (5.3).
  bool key_alone = false;
};

// The hot path of resolution: a path without its stem, from the left: /01/0690…/10/…/21/…, the
// first slash may be missing. `path` is raw: as it was sent, without query and fragment. One
// trailing slash is tolerated; GTINs of 8, 12 and 13 digits are padded. Nothing is allocated.
//
// kInvalidIdentifier: no primary key, an unknown AI, an empty segment, a qualifier out of place, a
// character that may not stand in an URI, '%' without two hexadecimal digits, 415 without 8020. The
// errors of CheckGs1Value. `out` is unspecified after an error.
Status ParseGs1Path(std::string_view path, Gs1Path& out, Gs1UriOptions options = {});

// A whole URI, with its attributes in the order of the query.
struct Gs1DigitalLink {
  Gs1Path path;
  Gs1ElementList attributes;
};

// What a whole URI may be besides what is valid by the syntax.
enum class Gs1Leniency : uint8_t {
  kNone,        // Validation: GTINs have 14 digits, every attribute is checked.
  kShortGtins,  // Registration: the same, and GTINs of 8, 12 and 13 digits, as before 1.4.
  kResolution,  // A trailing slash too; the query is not looked at.
};

// The rightmost primary key from which all the rest of the path reads as its qualifiers (1.5); what
// stands before it is a stem. Attributes: AIs that may be attributes of this key, each once, with
// valid values, and all that they require and exclude (1.1). Other keys of the query are passed
// over unless they are digits.
//
// kUnknownScheme: neither http: nor https:. kInvalidIdentifier, and the errors of CheckGs1Value.
Result<Gs1DigitalLink> ParseGs1Uri(std::string_view uri, Gs1Leniency leniency,
                                   Gs1UriOptions options = {});

// That each AI stands once, and with it all that its row requires and nothing that it excludes.
// kInvalidIdentifier.
Status CheckGs1Associations(const Gs1DigitalLink& link);

// Key, qualifiers and attributes, in the order of the URI.
Gs1ElementList ElementsOf(const Gs1DigitalLink& link);

// Of what ParseGs1Uri made: https://id.gs1.org/01/…?17=…, attributes in ascending order of the text
// of the AI (1.6).
std::string CanonicalGs1Uri(const Gs1DigitalLink& link);

// (01)06901234567892(10)L1(17)261231, in the order of the URI; '(' in a value becomes "\(".
std::string BracketedElements(const Gs1DigitalLink& link);

}  // namespace idnode
