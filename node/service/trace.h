#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/security/caller.h"
#include "node/service/elsewhere.h"
#include "node/service/resolver.h"
#include "node/service/trace_elsewhere.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/record/relation.h"
#include "proto/web/trace_document.h"

namespace idnode {

// Where goods come from and where they went: the identifiers that refer to each other, both ways
// (proto/record/relation.h, storage/references.h). No resolution: nothing is counted.
struct Trace {
  using Direction = TraceDirection;
  using State = TraceState;

  struct Node {
    std::string key, text;  // Canonical; as registered.
    State state = State::kNotFound;
    uint32_t depth = 0;       // Steps from the one that was asked for.
    uint32_t enterprise = 0;  // kFound, by this node.
    std::optional<Time> withdrawn;
    std::string answered_by;  // The address of the node whose word it is; empty: this node's.
    // kElsewhere: another node answers for it, and the trace ends here, for this reason.
    Elsewhere elsewhere;
    TraceGap gap = TraceGap::kNone;
  };
  // From the record with the value to what it refers to.
  struct Edge {
    size_t from = 0, to = 0;  // Places in `nodes`.
    Relation relation = Relation::kComponentOf;
  };

  Direction direction = Direction::kBoth;
  std::vector<Node> nodes;  // The one that was asked for first; each once, however often met.
  std::vector<Edge> edges;
  // Which bound ended it: depth, nodes, edges, references, other_nodes, time; empty: none.
  std::string_view cut;
};

struct TraceQuestion {
  std::string_view text;  // Any that ReadAnyText reads.
  Trace::Direction direction = Trace::Direction::kBoth;
  uint32_t depth = 8;  // At most limits::kTraceDepthMax.
  bool remote = true;  // Goes on at the nodes that answer for the others.
};

// As `caller` may see it: of values without public read only their readers know. The errors of
// ParseIdentifier; kTooLarge: the depth; kCorrupt. Reads the disk: never on an event loop.
//
// `others`: who asks the nodes that answer for the others, which never learn who the caller is;
// null: the trace ends there. Whatever they answer, or do not, no trace fails by it.
Result<Trace> TraceOf(const Resolver& resolver, const TraceQuestion& question, const Caller& caller,
                      OtherNodes* others = nullptr);

}  // namespace idnode
