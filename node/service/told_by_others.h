#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "node/service/elsewhere.h"
#include "node/service/resolver.h"
#include "node/service/trace_elsewhere.h"
#include "proto/base/limits.h"

namespace idnode {

// What other nodes said in one trace. It is their word: a node is believed about its own
// identifiers and about what its own records refer to, never about ours, nor about those that this
// node knows somebody else to answer for.
//
// Nobody is asked for the same identifier twice in the same direction, so that nodes which name
// each other come to an end.
class ToldByOthers {
 public:
  struct Edge {
    size_t other = 0;  // A place in this.
    Relation relation = Relation::kComponentOf;
    bool refers = false;  // From the identifier to the other one.
  };
  // What the node that answers for an identifier says of it.
  struct Word {
    TraceState state = TraceState::kNotFound;
    std::optional<Time> withdrawn;
    std::string answered_by;  // One of its addresses.
    Elsewhere node;
  };
  struct Entry {
    std::string key, text;
    std::optional<Word> word;
    std::vector<Edge> edges;
    std::vector<Elsewhere> referrals;  // Who answers, by our own records and by whom was asked.
    TraceGap gap = TraceGap::kNone;    // Why there is no word.

   private:
    friend class ToldByOthers;
    bool is_ours = false;
    Elsewhere known;  // Who answers by our own records alone.
    std::array<int64_t, 2> told_to{-1, -1};  // So many steps, up and down, are known.
  };

  // `others`: null where nobody is asked.
  ToldByOthers(const Resolver& resolver, OtherNodes* others)
      : resolver_(resolver), others_(others) {}

  // Asks for an identifier that another node answers for, unless so much is known.
  void Ask(std::string_view key, std::string_view text, TraceDirection direction, uint32_t depth);

  // Null: nobody spoke of it.
  const Entry* Find(std::string_view key) const;
  const Entry& At(size_t place) const { return entries_[place]; }
  // Which bound ended the asking; empty: none.
  std::string_view cut() const { return cut_; }

 private:
  using Ways = std::array<bool, 2>;
  static Ways WaysOf(TraceDirection direction);

  std::optional<size_t> PlaceOf(std::string_view key, std::string_view text);
  bool Lacks(const Entry& entry, TraceDirection direction, uint32_t depth) const;
  std::optional<Elsewhere> NextToAsk(size_t place, TraceDirection direction);
  TraceGap AskAt(size_t place, const Elsewhere& at, TraceDirection direction, uint32_t depth);
  TraceGap Bounded(const Elsewhere& at);
  void Merge(size_t asked, const Elsewhere& at, const OtherNodes::Reply& reply,
             TraceDirection direction, uint32_t depth);
  void MergeNode(size_t place, size_t asked, const TraceDocument::Node& node, const Elsewhere& at,
                 const OtherNodes::Reply& reply);
  bool MayAnswer(const Entry& entry, const Entry& asked, const Elsewhere& at) const;
  void AddEdge(size_t from, size_t to, Relation relation);
  void Cut(std::string_view bound);

  const Resolver& resolver_;
  OtherNodes* const others_;
  std::vector<Entry> entries_;
  std::unordered_map<std::string, size_t> places_;
  std::set<std::tuple<size_t, size_t, Relation>> edges_;
  std::set<std::tuple<std::string, size_t, TraceDirection>> asked_;  // Address, place.
  std::map<std::string, TraceGap> nodes_;  // Whom we asked, by an address; why not again.
  size_t questions_left_ = limits::kTraceQuestionsMax;
  size_t octets_left_ = limits::kTraceOctetsMax;
  TraceGap ended_ = TraceGap::kNone;
  std::string_view cut_;
  Resolver::Scratch scratch_;
};

}  // namespace idnode
