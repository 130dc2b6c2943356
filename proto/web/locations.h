#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/base/result.h"

namespace idnode {

// Where a proxy sends those who ask, by a value of type 10320/loc (spec/handle-protocol.md 6.9):
//
//   <locations choose_by="locatt,weighted"><location href="https://…" weight="2"/></locations>

struct Location {
  std::string href;
  double weight = 1;
  uint16_t status = 302;  // http_sc: 301, 302, 303, 307 or 308.
  std::vector<std::pair<std::string, std::string>> attributes;  // All, as they were given.

  // Null: it has none of that name.
  const std::string* Find(std::string_view name) const;
};

struct Locations {
  std::vector<std::string> choose_by;  // Empty: nothing was said.
  std::vector<Location> locations;
};
// Locations without an href are passed over. kMalformed: no such XML, or one with a document type;
// kTooLarge: over 65,536 octets or 512 elements.
Result<Locations> ParseLocations(std::string_view xml);

// What the one who asks wishes, and a number drawn from [0, 1) for the choice by weight.
struct LocationWishes {
  std::vector<std::pair<std::string, std::string>> attributes;  // locatt=key:value.
  // Whether the one who asks is in this network ("192.0.2.0/24"); null: it is not known.
  std::function<bool(std::string_view network)> is_in;
  double draw = 0;
};
// Each selector of `choose_by` narrows the choice if it matches something; what is left is drawn by
// weight, where 0 is only for those that a selector asked for. Null: there is none.
const Location* ChooseLocation(const Locations& locations, const LocationWishes& wishes);

// The same as XML again, for action=showlocs.
void WriteLocations(const Locations& locations, std::string& out);

// Text in XML or HTML, in attributes too: & < > " ' are escaped, controls left out.
void AppendEscaped(std::string_view text, std::string& out);

}  // namespace idnode
