#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// The identifier schemes of the national routing tables (DOCK tables 2 and 7), and one for what
// these leave out. The octet begins every canonical key: on disk and on the wire, never reuse one.
enum class Scheme : char {
  kHandle = 'H',
  kGs1 = 'G',
  kOid = 'O',
  kEcode = 'E',
  kVaa = 'V',
  kBid = 'B',
  kDid = 'D',
};

struct SchemeRow {
  Scheme scheme;
  std::string_view name;          // As the routing tables print it.
  std::string_view option;        // As the command line and the API spell it.
  std::string_view prefix_means;  // What an enterprise is allotted.
};

inline constexpr auto kSchemeRows = std::to_array<SchemeRow>({
    {Scheme::kHandle, "Handle", "handle", "a Handle prefix: 88.118.8"},
    {Scheme::kGs1, "GS1", "gs1", "the leading digits of a GS1 key, without indicator: 6901"},
    {Scheme::kOid, "OID", "oid", "an arc: 1.2.156.3001"},
    {Scheme::kEcode, "Ecode", "ecode", "version, number system and beginning of a code: 10001"},
    {Scheme::kVaa, "VAA", "vaa", "VAA and the beginning of a code, or did:vaa:IDcontract1"},
    {Scheme::kBid, "DID:BID", "bid", "a sub-chain: did:bid:ac1x; the main chain: did:bid"},
    {Scheme::kDid, "DID", "did", "a method of DIDs: did:web"},
});

// Which row a scheme has. It has one: what is read from outside is checked before.
inline size_t PlaceOf(Scheme scheme) {
  size_t place = 0;
  while (place < kSchemeRows.size() && kSchemeRows[place].scheme != scheme) ++place;
  Require(place < kSchemeRows.size());
  return place;
}

// The scheme that the command line or the API spells so; null: none.
constexpr const SchemeRow* FindScheme(std::string_view option) {
  for (const SchemeRow& row : kSchemeRows) {
    if (row.option == option) return &row;
  }
  return nullptr;
}

// "handle, gs1, … or did", for help.
std::string SchemeOptions();

}  // namespace idnode
