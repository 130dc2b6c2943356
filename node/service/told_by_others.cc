#include "node/service/told_by_others.h"

#include <algorithm>
#include <utility>

namespace idnode {
namespace {

constexpr size_t kReferralsMax = 4;  // Of one identifier.
constexpr int64_t kWhole = INT64_MAX;

bool ShareAnAddress(const Elsewhere& a, const Elsewhere& b) {
  return std::ranges::any_of(a.addresses, [&](const std::string& address) {
    return std::ranges::find(b.addresses, address) != b.addresses.end();
  });
}

}  // namespace

ToldByOthers::Ways ToldByOthers::WaysOf(TraceDirection direction) {
  return {direction != TraceDirection::kDown, direction != TraceDirection::kUp};
}

const ToldByOthers::Entry* ToldByOthers::Find(std::string_view key) const {
  const auto found = places_.find(std::string(key));
  return found == places_.end() ? nullptr : &entries_[found->second];
}

void ToldByOthers::Ask(std::string_view key, std::string_view text, TraceDirection direction,
                       uint32_t depth) {
  const auto place = PlaceOf(key, text);
  if (!place || entries_[*place].is_ours) return;
  while (Lacks(entries_[*place], direction, depth)) {
    const auto at = NextToAsk(*place, direction);
    if (!at) break;
    const TraceGap gap = AskAt(*place, *at, direction, depth);
    if (gap != TraceGap::kNone) entries_[*place].gap = gap;
    if (EndsAsking(gap)) break;
  }
  Entry& entry = entries_[*place];
  if (entry.word) {
    entry.gap = TraceGap::kNone;
  } else if (entry.gap == TraceGap::kNone) {
    const bool known = !entry.referrals.empty();
    entry.gap = !known               ? TraceGap::kNobodyKnown
                : others_ == nullptr ? TraceGap::kNotAsked
                                     : TraceGap::kNamesOthers;
  }
}

// The place of an identifier, which is made where it is not there; none: there are too many.
std::optional<size_t> ToldByOthers::PlaceOf(std::string_view key, std::string_view text) {
  const auto [found, is_new] = places_.try_emplace(std::string(key), entries_.size());
  if (!is_new) return found->second;
  if (entries_.size() == 2 * limits::kTraceNodesMax) {
    places_.erase(found);
    Cut("nodes");
    return std::nullopt;
  }
  Entry& entry = entries_.emplace_back();
  entry.key = key;
  entry.text = text;
  ResolutionNote note;
  const auto answer = resolver_.ResolveKey(key, Reach::kDisk, scratch_, note);
  // What cannot be read is ours, too: the trace says so when it comes there.
  entry.is_ours = answer || answer.error().code != Errc::kNotHomed;
  if (!entry.is_ours) {
    entry.known = FindElsewhere(resolver_.registry(), resolver_.nodes_below(), key);
    Elsewhere first = entry.known;
    if (!first.known() && others_ != nullptr) first.addresses = others_->above();
    if (first.known()) entry.referrals.push_back(std::move(first));
  }
  return entries_.size() - 1;
}

bool ToldByOthers::Lacks(const Entry& entry, TraceDirection direction, uint32_t depth) const {
  const Ways ways = WaysOf(direction);
  return (ways[0] && entry.told_to[0] < depth) || (ways[1] && entry.told_to[1] < depth);
}

// Who may know more and was not asked; none: nobody. Whoever is returned counts as asked, under all
// of its addresses.
std::optional<Elsewhere> ToldByOthers::NextToAsk(size_t place, TraceDirection direction) {
  if (others_ == nullptr) return std::nullopt;
  for (const Elsewhere& each : entries_[place].referrals) {
    Elsewhere left = each;
    std::erase_if(left.addresses, [&](const std::string& address) {
      return !asked_.emplace(address, place, direction).second;
    });
    // One under whose other address it was asked is the same node.
    if (left.addresses.size() == each.addresses.size()) return left;
  }
  return std::nullopt;
}

// The bounds that are counted here, and nodes of which it is known that they do not answer.
TraceGap ToldByOthers::Bounded(const Elsewhere& at) {
  if (ended_ != TraceGap::kNone) return ended_;
  const auto node = nodes_.find(at.addresses.front());
  if (node != nodes_.end() && node->second != TraceGap::kNone) return node->second;
  const bool is_new = node == nodes_.end();
  if (questions_left_ == 0 || octets_left_ == 0 ||
      (is_new && nodes_.size() == limits::kTraceOtherNodesMax)) {
    Cut("other_nodes");
    return TraceGap::kTooMany;
  }
  return TraceGap::kNone;
}

TraceGap ToldByOthers::AskAt(size_t place, const Elsewhere& at, TraceDirection direction,
                             uint32_t depth) {
  if (const TraceGap bounded = Bounded(at); bounded != TraceGap::kNone) return bounded;
  --questions_left_;
  // A copy: the entry may move.
  const std::string text = entries_[place].text;
  const OtherNodes::Reply reply =
      others_->Ask({.addresses = at.addresses,
                    .text = text,
                    .direction = direction,
                    .depth = depth,
                    .octets_max = std::min(limits::kTraceAnswerOctetsMax, octets_left_),
                    .millis = limits::kTraceAnswerMillis});
  octets_left_ -= std::min(octets_left_, reply.octets);
  TraceGap& node = nodes_[at.addresses.front()];
  if (reply.gap == TraceGap::kTimedOut || reply.gap == TraceGap::kUnreachable) node = reply.gap;
  if (EndsAsking(reply.gap)) {
    ended_ = reply.gap;
    Cut(reply.gap == TraceGap::kTooLate ? "time" : "other_nodes");
  }
  if (reply.gap != TraceGap::kNone) return reply.gap;
  // An answer to another question.
  if (reply.told.nodes.empty() || reply.told.nodes.front().key != entries_[place].key) {
    return TraceGap::kUnreadable;
  }
  Merge(place, at, reply, direction, depth);
  return TraceGap::kNone;
}

void ToldByOthers::Merge(size_t asked, const Elsewhere& at, const OtherNodes::Reply& reply,
                         TraceDirection direction, uint32_t depth) {
  const TraceDocument& told = reply.told;
  const Ways ways = WaysOf(direction);
  std::vector<std::optional<size_t>> places;
  places.reserve(told.nodes.size());
  for (const TraceDocument::Node& node : told.nodes) {
    places.push_back(PlaceOf(node.key, node.text));
    if (!places.back()) continue;
    MergeNode(*places.back(), asked, node, at, reply);
    Entry& entry = entries_[*places.back()];
    if (!entry.word || !ShareAnAddress(entry.word->node, at)) continue;
    const bool whole = !told.cut || entry.word->state != TraceState::kFound;
    const int64_t away = *places.back() == asked ? 0 : node.depth;
    for (size_t way = 0; way < ways.size(); ++way) {
      const int64_t steps = whole ? kWhole : int64_t{depth} - away;
      if (ways[way]) entry.told_to[way] = std::max(entry.told_to[way], steps);
    }
  }
  for (const TraceDocument::Edge& edge : told.edges) {
    if (!places[edge.from] || !places[edge.to]) continue;
    const Entry& from = entries_[*places[edge.from]];
    const bool theirs =
        from.word && from.word->state == TraceState::kFound && ShareAnAddress(from.word->node, at);
    if (theirs) AddEdge(*places[edge.from], *places[edge.to], edge.relation);
  }
}

void ToldByOthers::MergeNode(size_t place, size_t asked, const TraceDocument::Node& node,
                             const Elsewhere& at, const OtherNodes::Reply& reply) {
  Entry& entry = entries_[place];
  if (entry.is_ours || node.hearsay) return;
  if (node.state == TraceState::kElsewhere) {
    if (node.addresses.empty() || entry.referrals.size() == kReferralsMax) return;
    entry.referrals.push_back({node.prefix_handle, node.addresses});
    return;
  }
  if (entry.word || (place != asked && !MayAnswer(entry, entries_[asked], at))) return;
  entry.word = Word{node.state, node.withdrawn, reply.answered_by, at};
  entry.text = node.text;
  // Whom to ask for what it has not said yet.
  if (place != asked) entry.referrals.insert(entry.referrals.begin(), at);
}

// Whether the node at `at` may speak for an identifier: unless this node knows of another one that
// answers for it, and does not know the same one for what was asked.
bool ToldByOthers::MayAnswer(const Entry& entry, const Entry& asked, const Elsewhere& at) const {
  return !entry.known.known() || ShareAnAddress(entry.known, at) ||
         ShareAnAddress(entry.known, asked.known);
}

void ToldByOthers::AddEdge(size_t from, size_t to, Relation relation) {
  if (edges_.contains({from, to, relation})) return;
  if (edges_.size() == limits::kTraceEdgesMax) return Cut("edges");
  edges_.emplace(from, to, relation);
  entries_[from].edges.push_back({to, relation, /*refers=*/true});
  entries_[to].edges.push_back({from, relation, /*refers=*/false});
}

void ToldByOthers::Cut(std::string_view bound) {
  if (cut_.empty()) cut_ = bound;
}

}  // namespace idnode
