#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "proto/gs1/application_identifier.h"

namespace idnode {

// Where a value is not one that its Application Identifier allows, for people who typed it.
struct Gs1Fault {
  size_t at = 0;  // Octet of the value; its size: something is lacking there.
  Error error;    // That of CheckGs1Value.
  // What belongs in the place of as many characters from `at` on, where it is known: the right
  // check digit, or check pair.
  std::string right;
};
// Nothing: the value is right. A GTIN of 8, 12 or 13 digits is one.
std::optional<Gs1Fault> FindGs1Fault(const Gs1ApplicationIdentifier& ai, std::string_view value);

}  // namespace idnode
