#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/record/relation.h"

namespace idnode {

// The words of a trace (docs/api/http.md), and its document as another node sent it.
enum class TraceDirection : uint8_t { kUp, kDown, kBoth };  // Where from; where to.
enum class TraceState : uint8_t { kFound, kWithdrawn, kNotFound, kElsewhere };
std::string_view NameOf(TraceDirection direction);
std::string_view NameOf(TraceState state);
// kMalformed.
Result<TraceDirection> ParseDirection(std::string_view name);

// What one node asks of another.
struct TraceInquiry {
  std::span<const std::string> addresses;  // Of that node: tcp://…, http://…, https://….
  std::string_view text;
  TraceDirection direction = TraceDirection::kBoth;
  uint32_t depth = 0;
  size_t octets_max = 0;
  uint32_t millis = 0;  // For all addresses together.
};

struct TraceDocument {
  struct Node {
    std::string key;   // Canonical, made from the text: never taken from elsewhere.
    std::string text;  // Without control characters.
    TraceState state = TraceState::kNotFound;
    uint32_t depth = 0;
    std::optional<Time> withdrawn;
    // Who answers for it instead, kElsewhere: as they were sent, to be held against every rule.
    std::string prefix_handle;
    std::vector<std::string> addresses;
    bool hearsay = false;  // Whoever sent the document has it from a third node.
  };
  // From the record with the value to what it refers to.
  struct Edge {
    size_t from = 0, to = 0;  // Places in `nodes`.
    Relation relation = Relation::kComponentOf;
  };
  std::vector<Node> nodes;  // The one that was asked for first; each once.
  std::vector<Edge> edges;
  bool cut = false;  // There is more.
};

// What a stranger sent. Passed over: a node whose text is no identifier or has control characters,
// and its edges; relations that this version does not know; addresses over their limits.
// kNotUtf8, kTooDeep, kMalformed, kMissingField, kInvalidValue; kTooLarge: over kTraceNodesMax
// nodes or kTraceEdgesMax edges.
Result<TraceDocument> ParseTraceDocument(std::string_view json);

}  // namespace idnode
