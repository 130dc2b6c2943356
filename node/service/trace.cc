#include "node/service/trace.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>

#include "node/service/told_by_others.h"
#include "proto/base/limits.h"
#include "proto/ident/any_text.h"
#include "storage/references.h"

namespace idnode {
namespace {

constexpr size_t kNoNode = SIZE_MAX;
// References that one trace looks at, most of which its caller may not see.
constexpr size_t kRowsMax = 10 * limits::kTraceRowsPerNodeMax;

class Tracer {
 public:
  Tracer(const Resolver& resolver, const Caller& caller, uint32_t depth, OtherNodes* others)
      : resolver_(resolver), caller_(caller), depth_max_(depth), told_(resolver, others) {}

  Result<Trace> Run(const Identifier& asked, Trace::Direction direction) {
    trace_.direction = direction;
    const auto root = NodeOf(asked.key, 0);
    if (!root) return root.error();
    for (const auto way : {Trace::Direction::kUp, Trace::Direction::kDown}) {
      if (direction != Trace::Direction::kBoth && direction != way) continue;
      if (const Status walked = Walk(*root, way); !walked) return walked.error();
    }
    for (Trace::Node& node : trace_.nodes) TakeWord(node);
    if (!told_.cut().empty()) Cut(told_.cut());
    return std::move(trace_);
  }

 private:
  // What is known of a node beside what is told.
  struct Known {
    std::vector<RecordReference> refers;  // That the caller may see.
  };

  Status Walk(size_t root, Trace::Direction way) {
    std::set<size_t> seen = {root};
    std::vector<size_t> ring = {root};
    for (uint32_t depth = 0; !ring.empty(); ++depth) {
      std::vector<size_t> next;
      for (const size_t place : ring) {
        const auto neighbours = NeighboursOf(place, way, depth + 1);
        if (!neighbours) return neighbours.error();
        for (const size_t neighbour : *neighbours) {
          if (seen.insert(neighbour).second) next.push_back(neighbour);
        }
      }
      ring = std::move(next);
    }
    return {};
  }

  // Adds the nodes next to one, and the edges to them. At the last depth no node is new.
  Result<std::vector<size_t>> NeighboursOf(size_t place, Trace::Direction way, uint32_t depth) {
    std::vector<size_t> neighbours;
    Status failed;
    const auto add = [&](std::string_view key, Relation relation, bool refers) {
      if (depth > depth_max_ && !places_.contains(std::string(key))) {
        Cut("depth");
        return;
      }
      const auto other = NodeOf(key, depth);
      if (!other) failed = other.error();
      if (!other || *other == kNoNode) return;
      AddEdge(refers ? Trace::Edge{place, *other, relation} : Trace::Edge{*other, place, relation});
      neighbours.push_back(*other);
    };
    const bool down = way == Trace::Direction::kDown;
    AskElsewhere(place, way, depth - 1);
    // A copy: a new node may move what is known.
    const std::vector<RecordReference> refers = known_[place].refers;
    for (const RecordReference& reference : refers) {
      if (RowOf(reference.relation).down == down) add(reference.target, reference.relation, true);
    }
    const auto referrers = ReferrersOf(trace_.nodes[place].key, down);
    if (!referrers) return referrers.error();
    for (const auto& [source, relation] : *referrers) add(source, relation, false);
    if (const ToldByOthers::Entry* told = told_.Find(trace_.nodes[place].key)) {
      for (const ToldByOthers::Edge& edge : told->edges) {
        if ((RowOf(edge.relation).down == down) != edge.refers) continue;
        add(told_.At(edge.other).key, edge.relation, edge.refers);
      }
    }
    if (!failed) return failed.error();
    return neighbours;
  }

  // What another node answers for is asked of it: once for both directions where the trace begins.
  void AskElsewhere(size_t place, Trace::Direction way, uint32_t depth) {
    Trace::Node& node = trace_.nodes[place];
    if (node.state != Trace::State::kElsewhere && node.answered_by.empty()) return;
    const bool both = depth == 0 && trace_.direction == Trace::Direction::kBoth;
    told_.Ask(node.key, node.text, both ? Trace::Direction::kBoth : way,
              depth_max_ - std::min(depth, depth_max_));
    TakeWord(node);
  }

  // What was said of a node by whoever answers for it, or why nothing was.
  void TakeWord(Trace::Node& node) const {
    if (node.state != Trace::State::kElsewhere) return;
    const ToldByOthers::Entry* told = told_.Find(node.key);
    if (told == nullptr) return;
    node.gap = told->gap;
    if (!node.elsewhere.known() && !told->referrals.empty()) {
      node.elsewhere = told->referrals.back();
    }
    if (!told->word) return;
    node.gap = TraceGap::kNone;
    node.text = told->text;
    node.state = told->word->state;
    node.withdrawn = told->word->withdrawn;
    node.answered_by = told->word->answered_by;
  }

  using Referrer = std::pair<std::string, Relation>;
  Result<std::vector<Referrer>> ReferrersOf(const std::string& key, bool down) {
    std::vector<Referrer> referrers;
    size_t rows = 0;
    const size_t rows_max = std::min(limits::kTraceRowsPerNodeMax, rows_left_);
    const Status read =
        resolver_.registry().EachReference(key, rows_max, [&](const StoredReference& stored) {
          ++rows;
          if (RowOf(stored.relation).down == down) return true;
          if (!stored.is_public && !SeesAllOf(stored.source)) return true;
          referrers.emplace_back(std::string(stored.source), stored.relation);
          return referrers.size() <= limits::kTraceNodesMax;
        });
    if (!read) return read.error();
    rows_left_ -= rows;
    if (rows == rows_max || referrers.size() > limits::kTraceNodesMax) {
      Cut("references");
    }
    return referrers;
  }

  bool SeesAllOf(std::string_view key) {
    if (caller_.anonymous) return false;
    const auto found = resolver_.registry().Find(key, Reach::kDisk, row_);
    return found && Resolver::SeesAll(caller_, found->record);
  }

  // The place of a node, which is made where it is not there; kNoNode: there are too many.
  Result<size_t> NodeOf(std::string_view key, uint32_t depth) {
    const auto [entry, is_new] = places_.try_emplace(std::string(key), trace_.nodes.size());
    if (!is_new) return entry->second;
    if (trace_.nodes.size() == limits::kTraceNodesMax) {
      places_.erase(entry);
      Cut("nodes");
      return kNoNode;
    }
    Trace::Node& node = trace_.nodes.emplace_back();
    node.key = key;
    node.depth = depth;
    known_.emplace_back();
    if (const Status told = Describe(node, known_.back()); !told) return told.error();
    return trace_.nodes.size() - 1;
  }

  Status Describe(Trace::Node& node, Known& known) {
    const auto canonical = TextOfKey(node.key);
    if (!canonical) return canonical.error();
    node.text = *canonical;
    ResolutionNote note;
    const auto answer = resolver_.ResolveKey(node.key, Reach::kDisk, scratch_, note);
    if (answer) {
      node.state = Trace::State::kFound;
      node.enterprise = answer->found.record.enterprise();
      if (!answer->text.empty()) node.text = answer->text;
      auto refers = ReferencesOf(answer->found.record);
      if (!refers) return refers.error();
      known.refers = *std::move(refers);
      if (!Resolver::SeesAll(caller_, answer->found.record)) {
        std::erase_if(known.refers, [](const RecordReference& each) { return !each.is_public; });
      }
      return {};
    }
    if (answer.error().code == Errc::kNotHomed) {
      node.state = Trace::State::kElsewhere;
      node.elsewhere = FindElsewhere(resolver_.registry(), resolver_.nodes_below(), node.key);
      TakeWord(node);
      return {};
    }
    if (answer.error().code != Errc::kNotFound) return answer.error();
    const auto withdrawn = resolver_.registry().Withdrawn(node.key, Reach::kDisk);
    if (!withdrawn) return withdrawn.error();
    if (*withdrawn) {
      node.state = Trace::State::kWithdrawn;
      node.withdrawn = (*withdrawn)->time;
    }
    return {};
  }

  void AddEdge(const Trace::Edge& edge) {
    if (!edges_.emplace(edge.from, edge.to, edge.relation).second) return;
    if (trace_.edges.size() == limits::kTraceEdgesMax) return Cut("edges");
    trace_.edges.push_back(edge);
  }

  // The first bound that was met is told.
  void Cut(std::string_view bound) {
    if (trace_.cut.empty()) trace_.cut = bound;
  }

  const Resolver& resolver_;
  const Caller& caller_;
  const uint32_t depth_max_;
  Trace trace_;
  std::vector<Known> known_;  // As trace_.nodes.
  std::unordered_map<std::string, size_t> places_;
  std::set<std::tuple<size_t, size_t, Relation>> edges_;
  ToldByOthers told_;
  Resolver::Scratch scratch_;
  std::string row_;
  size_t rows_left_ = kRowsMax;
};

}  // namespace

Result<Trace> TraceOf(const Resolver& resolver, const TraceQuestion& question, const Caller& caller,
                      OtherNodes* others) {
  if (question.depth > limits::kTraceDepthMax) {
    return Error{Errc::kTooLarge, "a trace is at most 16 deep"};
  }
  const auto readings = ReadAnyText(WithoutBlanks(question.text));
  if (!readings.front().well_formed()) return readings.front().fault->error;
  const Identifier& asked = readings.front().identifier;
  return Tracer(resolver, caller, question.depth, others).Run(asked, question.direction);
}

}  // namespace idnode
