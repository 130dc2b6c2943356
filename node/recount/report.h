#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "node/recount/recounted.h"
#include "proto/base/result.h"
#include "storage/counters.h"

namespace idnode {

// The figures as one JSON document, in the words of `idnode stats -o json`; equal exports give
// equal octets.
boost::json::object ReportOf(Recounted& recounted);

// The members of an evaluation, as `idnode stats` names them.
boost::json::object EvaluationRow(const Evaluation& evaluation);

inline constexpr size_t kStatedOctetsMax = 256u << 20;

// What a node said of itself: the document of `idnode stats -o json`.
struct StatedFigures {
  uint64_t tree_size = 0;
  boost::json::object document;
};
// kMalformed: no such document.
Result<StatedFigures> ParseStated(std::string_view text);

// Where the node's word and the records part, at the node's own position.
struct StatedDifference {
  std::string what;  // "evaluation.registered", "enterprise 7: name".
  std::string recounted, stated;
};
// Recounted::moment is that of the node's position; without it that alone is the difference.
std::vector<StatedDifference> CompareStated(Recounted& recounted, const StatedFigures& stated);

}  // namespace idnode
