#pragma once

#include <string>
#include <string_view>

#include "proto/base/result.h"
#include "storage/serial_range.h"

namespace idnode {

// What a range is called at every door: 01/06901234567892/10/L1/21/0000001-1000000, the product, if
// it has one the lot, and the first and last serial. The GTIN may have 8, 12, 13 or 14 digits.
struct RangeName {
  std::string product;  // Canonical key.
  std::string lot;
  std::string first, last;
};
// The errors of ParseIdentifier and of MembersBetween; kInvalidIdentifier: another key than 01, a
// variant, no range of serials. Text and lot are as in a path, percent-encoded where they must be.
Result<RangeName> ParseRangeName(std::string_view text);
// The canonical text of a name: what ParseRangeName reads into the same.
std::string TextOfRange(const RangeName& name);
std::string TextOfRange(const SerialRange& range);

}  // namespace idnode
