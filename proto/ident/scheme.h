#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace idnode {

// The identifier schemes of the national routing tables (DOCK tables 2 and 7). The octet begins
// every canonical key: on disk and on the wire, never reuse one.
enum class Scheme : char {
  kHandle = 'H',
  kGs1 = 'G',
  kOid = 'O',
  kEcode = 'E',
  kVaa = 'V',
  kBid = 'B',
};

struct SchemeRow {
  Scheme scheme;
  std::string_view name;          // As the routing tables print it.
  std::string_view option;        // As the command line and the API spell it.
  bool registers;                 // This version parses, registers and resolves it.
  std::string_view prefix_means;  // What an enterprise is allotted.
};

inline constexpr auto kSchemeRows = std::to_array<SchemeRow>({
    {Scheme::kHandle, "Handle", "handle", true, "a Handle prefix: 88.118.8"},
    {Scheme::kGs1, "GS1", "gs1", true, "the leading digits of a GS1 key, without indicator: 6901"},
    {Scheme::kOid, "OID", "oid", false, "an arc: 1.2.156.1"},
    {Scheme::kEcode, "Ecode", "ecode", false, "a range of codes"},
    {Scheme::kVaa, "VAA", "vaa", false, "an issuing agency code and company part"},
    {Scheme::kBid, "DID:BID", "bid", false, "an autonomous consensus domain"},
});

// The scheme that the command line or the API spells so; null: none.
constexpr const SchemeRow* FindScheme(std::string_view option) {
  for (const SchemeRow& row : kSchemeRows) {
    if (row.option == option) return &row;
  }
  return nullptr;
}

}  // namespace idnode
