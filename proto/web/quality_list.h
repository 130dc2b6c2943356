#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace idnode {

// An entry of Accept, Accept-Language and their like (RFC 9110 section 12.4.2), without its
// parameters.
struct QualityItem {
  std::string name;    // In lower case.
  double quality = 1;  // 0 to 1; what cannot be read is 1.
};

// In the order in which they stand. Empty entries are passed over; after 32 nothing is looked at.
std::vector<QualityItem> ParseQualityList(std::string_view text);

}  // namespace idnode
