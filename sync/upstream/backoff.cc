#include "sync/upstream/backoff.h"

#include <algorithm>

namespace idnode {

uint64_t Backoff::NextMs(uint64_t chance) {
  // Doubling 63 times passes any limit there is; the loop ends at max_ms_ long before.
  uint64_t ceiling = std::max<uint64_t>(std::min(first_ms_, max_ms_), 1);
  for (uint32_t i = 0; i < attempts_ && ceiling < max_ms_; ++i) {
    ceiling = ceiling > max_ms_ / 2 ? max_ms_ : ceiling * 2;
  }
  if (ceiling < max_ms_) ++attempts_;
  return 1 + chance % ceiling;
}

}  // namespace idnode
