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
#include "proto/base/limits.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/record/relation.h"

namespace idnode {

// Where goods come from and where they went: the identifiers that refer to each other, both ways
// (proto/record/relation.h, storage/references.h). No resolution: nothing is counted.
struct Trace {
  enum class Direction : uint8_t { kUp, kDown, kBoth };  // Where from; where to.
  enum class State : uint8_t { kFound, kWithdrawn, kNotFound, kElsewhere };

  struct Node {
    std::string key, text;  // Canonical; as registered.
    State state = State::kNotFound;
    uint32_t depth = 0;       // Steps from the one that was asked for.
    uint32_t enterprise = 0;  // kFound.
    std::optional<Time> withdrawn;
    Elsewhere elsewhere;  // kElsewhere: another node answers for it, and the trace ends here.
  };
  // From the record with the value to what it refers to.
  struct Edge {
    size_t from = 0, to = 0;  // Places in `nodes`.
    Relation relation = Relation::kComponentOf;
  };

  Direction direction = Direction::kBoth;
  std::vector<Node> nodes;  // The one that was asked for first; each once, however often met.
  std::vector<Edge> edges;
  std::string_view cut;  // Which bound ended it: depth, nodes, edges, references; empty: none.
};
std::string_view NameOf(Trace::Direction direction);
std::string_view NameOf(Trace::State state);
// kMalformed.
Result<Trace::Direction> ParseDirection(std::string_view name);

struct TraceQuestion {
  std::string_view text;  // Any that ReadAnyText reads.
  Trace::Direction direction = Trace::Direction::kBoth;
  uint32_t depth = 8;  // At most limits::kTraceDepthMax.
};

// As `caller` may see it: of values without public read only their readers know. The errors of
// ParseIdentifier; kTooLarge: the depth; kCorrupt. Reads the disk: never on an event loop.
Result<Trace> TraceOf(const Resolver& resolver, const TraceQuestion& question,
                      const Caller& caller);

}  // namespace idnode
