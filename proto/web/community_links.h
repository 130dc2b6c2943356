#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/web/link_batch.h"

namespace idnode {

// The entries of GS1's community resolver (GS1_DigitalLink_Resolver_CE), as its users have them in
// files (spec/gs1-digital-link.md 7): of its edition 3 {"anchor":"/01/…","qualifiers":[…],
// "defaultLinktype":…,"links":[…]}, of its edition 2 {"identificationKeyType":"01",
// "identificationKey":…,"qualifierPath":…,"responses":[…]}. Entries of our own batches, too.
enum class LinkFormat : uint8_t {
  kAuto,  // By the members that only one has.
  kVersion3,
  kVersion2,
  kOurs,
};

// What of an entry was not taken as it was.
enum class LinkNoteCode : uint8_t {
  kLinkTypeMapped,    // The vocabulary has another name for it.
  kVariableMapped,    // {serialnumber} of a qualifier is the variable {21} here.
  kInactiveLeftOut,   // The link, or the whole entry, was switched off.
  kContextLeftOut,    // "und" and "xx" say nothing.
  kDuplicateLeftOut,  // The same link again.
  kMemberLeftOut,     // A member that says nothing here.
  kSeveralDefaults,   // Links of the default type became gs1:defaultLinkMulti, too.
};
std::string_view NameOf(LinkNoteCode code);

struct LinkNote {
  LinkNoteCode code;
  std::string from, to;
};

struct CommunityEntry {
  LinkBatchEntry entry;  // Without links: all of it was switched off.
  std::vector<LinkNote> notes;
};

// kMalformed, kTooDeep, kNotUtf8: no JSON object of the format; kMissingField; kInvalidIdentifier:
// a key or qualifier that is none; kInvalidValue, kLinkAddress, kLinkLanguage, kLinkMediaType: a
// link that cannot be registered.
Result<CommunityEntry> ReadCommunityEntry(std::string_view json, LinkFormat format);

}  // namespace idnode
