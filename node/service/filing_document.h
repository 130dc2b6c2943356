#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "node/service/filing_desk.h"
#include "proto/base/time.h"

namespace idnode {

// What came of comparing what this node files with what the node above has of it.
struct FilingComparison {
  uint64_t count = 0;  // So often since the start; 0: never yet.
  Time at;
  std::vector<Reconciled> tables;
  std::vector<Reconciled> repaired;  // Of the last that named differences, which were filed again.
};

// How a node reaches its comparison with the node above. Threads: any.
struct FilingsAbove {
  std::function<FilingComparison()> last;  // Null: there is no node above.
  std::function<void()> compare;           // Begins another, as soon as may be.
};

// The documents of the API: docs/api/http.md.
std::string DocumentOf(const FilingDesk::Page& page);
std::string DocumentOf(const FilingComparison& comparison);

}  // namespace idnode
