#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"

namespace idnode {

// Decodes, encodes and decodes again: the second encoding is the first. `encode` takes what
// `decode` gave.
template <class Decode, class Encode>
void CheckRoundTrip(std::string_view input, Decode decode, Encode encode) {
  const auto first = decode(input);
  if (!first) return;
  std::string octets;
  encode(*first, octets);
  const auto second = decode(octets);
  Require(second.ok());
  std::string again;
  encode(*second, again);
  Require(again == octets);
}

}  // namespace idnode
