#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/ident/scheme.h"

namespace idnode {

// An identifier in canonical form. Equal identifiers have equal keys, octet by octet, and siblings
// are neighbours: one enterprise's identifiers are one scan, one GS1 company's products are one
// scan.
//
// Each scheme's file says how its keys are made: proto/ident/*_scheme.h, docs/formats/keys.md.
struct Identifier {
  Scheme scheme = Scheme::kHandle;
  std::string key;  // Canonical key, scheme octet first.
  // Canonical text. Handle: as it was given. GS1: 01/06901234567892. OID: 1.2.156.3001.
  std::string text;
};

// Any text a person or a machine may hold: a Handle name (88.118.8/SN-1); a GS1 key as a path
// (01/06901234567892/21/S1), web address (GS1 Digital Link, any host), element string
// ((01)06901234567892(21)S1), EPC (urn:epc:id:sgtin:…, a tag's content in an address) or bare GTIN
// of 8, 12, 13 or 14 digits; an OID (1.2.156.3001, urn:oid:1.2.156.3001), Ecode (E=100011234), VAA
// code (VAA8610012345), DID (did:bid:…, did:vaa:…, did:web:…). The first scheme of scheme_rules.h
// that recognises a text has it, right or wrong; Handle has what is left.
//
// Paths that start with a primary key of GS1 and a digit (01/0, 8004/9) are GS1, and so is whatever
// starts with https:// or http://. Short GTINs are padded to 14 digits. Six or more bare digits are
// a product code, right or wrong; fewer are a bare Handle prefix, which means its prefix handle:
// its key is that of 0.NA/88.118.8 (spec/handle-protocol.md 1.1). Digits and dots from 0., 1. or 2.
// on are an OID: a Handle prefix of that look is asked for as 0.NA/1.2. Without a slash, any other
// text of anything but ASCII letters, digits, '.' and '-' is kUnknownScheme. A Handle name may be
// any UTF-8 here, controls too: what was registered elsewhere can be asked for.
// CheckForRegistration is the strict one.
//
// kUnknownScheme, kNotDigits, kWrongLength, kCheckDigit, kInvalidIdentifier (empty, no prefix, a
// GS1 qualifier out of place, against the scheme's syntax), kNotUtf8, kTooLarge, kUnsupported.
// `identifier` keeps its capacity, so a reused one allocates nothing; it is unspecified after an
// error.
Status ParseIdentifier(std::string_view text, Identifier& identifier);
Result<Identifier> ParseIdentifier(std::string_view text);

// Stricter, for registration: at most 255 octets, a suffix that is not empty, no control character,
// no blank at either end (Unicode blanks too). kControlCharacter and the errors of ParseIdentifier.
Status CheckForRegistration(const Identifier& identifier);

// The canonical text of a key; a Handle's comes back folded. kCorrupt: not a canonical key.
Result<std::string> TextOfKey(std::string_view key);

// Prefixes that an enterprise can hold: 88.118.8 for a Handle, digits for GS1; see kSchemeRows.
struct IdentifierPrefix {
  Scheme scheme = Scheme::kHandle;
  std::string text;  // Canonical, 1-64 octets.
};
// kInvalidIdentifier, kNotUtf8, kTooLarge, kUnsupported; of digits: kNotDigits, kWrongLength (GS1:
// 3 to 12 digits).
Result<IdentifierPrefix> ParsePrefix(Scheme scheme, std::string_view text);

// What a prefix is matched against. Handle: the part before the first '/'; DIDs: the method, of BID
// and VAA with the sub-chain or contract: to be matched whole. GS1: the digits from the company
// prefix on, check digit left out; Ecode and VAA codes: the code; of these any beginning may match.
// OID: itself, without any of its last arcs.
struct PrefixMatter {
  Scheme scheme = Scheme::kHandle;
  std::string text;
};
// `matter` keeps its capacity. kCorrupt: not a canonical key.
Status MatterOfKey(std::string_view key, PrefixMatter& matter);
// The next shorter beginning of a matter, or of such a beginning, that may be an allotted prefix;
// empty: none. Who owns a key is the first of these, longest first, that is allotted.
std::string_view ShorterMatter(Scheme scheme, std::string_view matter);

// The range of canonical keys under a prefix: [from, until) holds all of them and no other, also
// where a GS1 prefix has an odd number of digits. GS1 keys of different types are different ranges;
// with type 0 the range is all GS1 keys and `Covers` decides. A bare Handle prefix is not under
// itself; an OID arc and a sub-chain are.
struct KeyRange {
  std::string from, until;
};
std::string_view Gs1KeyTypes();  // The key-type octets, one range each.
KeyRange RangeOf(const IdentifierPrefix& prefix, char gs1_key_type = 0);
bool Covers(const IdentifierPrefix& prefix, std::string_view key);

}  // namespace idnode
