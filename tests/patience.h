#pragma once

#include <chrono>
#include <cstdlib>

namespace idnode {

// How long a test waits for what takes at most `seconds` on a quiet machine: longer under a
// sanitizer. The factor is that of the suite (cmake/tests.cmake).
inline std::chrono::seconds Patience(int seconds) {
  const char* factor = std::getenv("IDNODE_TEST_SLOWNESS");
  return std::chrono::seconds(seconds * (factor ? std::atoi(factor) : 1));
}

}  // namespace idnode
