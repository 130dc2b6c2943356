#include "proto/ident/key_range.h"

#include <cstdint>
#include <utility>

namespace idnode {

KeyRange KeysThatBeginWith(std::string beginning) {
  KeyRange range{std::move(beginning), {}};
  range.until = range.from;
  // The next octet string that does not begin so. A scheme octet is never FF.
  while (static_cast<uint8_t>(range.until.back()) == 0xFF) range.until.pop_back();
  range.until.back() = static_cast<char>(static_cast<uint8_t>(range.until.back()) + 1);
  return range;
}

}  // namespace idnode
