#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace idnode {

// Whether no index occurs twice among `count`, each of which `next` gives once, in any order.
// Allocates only for a record of more values than almost any has.
template <class Next>
bool AreDistinct(size_t count, Next&& next) {
  std::array<uint32_t, 64> few;
  std::vector<uint32_t> many;
  uint32_t* begin = few.data();
  if (count > few.size()) {
    many.resize(count);
    begin = many.data();
  }
  std::generate_n(begin, count, next);
  std::sort(begin, begin + count);
  return std::adjacent_find(begin, begin + count) == begin + count;
}

}  // namespace idnode
