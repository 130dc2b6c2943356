#pragma once

#include <chrono>
#include <cstdlib>
#include <string_view>

namespace idnode {

// How long a test waits for what takes at most `seconds` on a quiet machine: longer under a
// sanitizer. The factor is that of the suite (cmake/tests.cmake).
inline std::chrono::seconds Patience(int seconds) {
  const char* factor = std::getenv("IDNODE_TEST_SLOWNESS");
  return std::chrono::seconds(seconds * (factor ? std::atoi(factor) : 1));
}

// The long versions: `./dev test --all`.
inline bool TestsAll() {
  const char* all = std::getenv("IDNODE_TEST_ALL");
  return all != nullptr && std::string_view(all) == "1";
}

}  // namespace idnode
