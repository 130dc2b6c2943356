#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "storage/change.h"
#include "storage/engine/engine.h"
#include "storage/outcome.h"
#include "storage/position.h"

namespace idnode {

// Holds changes against the state in the ledger's order: what the engine has, and over it what the
// changes decided before in the same group will have written. The decisions of a group stand only
// when the group is durable.
//
// Rules. A change whose operation id is known gets the outcome of then. Shared conditions that fail
// refuse the change. With Mode::kTogether, an item that fails refuses the change; with Mode::kEach
// it fails alone, and the change is refused only when every item failed. A refused change has no
// effect and no position. Expect::kAbsent on a row that is there: kExists. Expect::kPresent or
// kVersion on one that is not: kNotFound. Another version: kConflict. Expect::kNoneBetween where a
// row lies between: kExists. A row that cannot be read fails with the reason of the engine, never
// as absent.
//
// One thread.
class Decider {
 public:
  struct Decision {
    Outcome outcome;            // `position` as if the group were durable.
    std::vector<uint8_t> done;  // Not zero: the item happens. All zero unless outcome.done().
    // The change happens now: it must be logged and applied at outcome.position.
    bool writes() const { return outcome.done() && !outcome.repeated; }
  };

  explicit Decider(const Rows& rows);
  ~Decider();

  // `next`: the position that the change will have. Views of `change` are kept until the group
  // ends.
  void Decide(const Change& change, Position next, uint16_t latest_day, Decision& decision);

  // The group is in the engine: its decisions are now part of the state that is read there.
  void OnDurable();

 private:
  class Group;
  class VersionCache;

  Result<uint64_t> VersionOf(Table table, std::string_view key);
  bool Recall(const Change& change, uint16_t latest_day, Outcome& outcome);
  void Foresee(const Change& change);
  Status Hold(const Change& change, std::span<const Change::Condition> conditions);
  Status HoldNoneBetween(Table table, std::string_view from, std::string_view until);
  void DecideItems(const Change& change, Position next, Decision& decision);
  void Remember(const Change& change, const Decision& decision);

  const Rows& rows_;
  std::unique_ptr<Group> group_;
  std::unique_ptr<VersionCache> cache_;
  // Scratch, so that its memory is kept.
  std::string row_;
  std::vector<std::string_view> names_;
};

}  // namespace idnode
