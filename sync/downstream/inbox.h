#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/tlog/tree.h"
#include "storage/children.h"
#include "storage/counters.h"
#include "storage/filings.h"
#include "storage/ledger.h"
#include "storage/store.h"

namespace idnode {

// How rows are kept that nobody may read on the disk. Null: as they are.
struct FilingKeeper {
  std::function<std::string(uint32_t child, const FilingName& name, std::string clear)> seal;
  std::function<Result<std::string>(uint32_t child, const FilingName& name, std::string stored)>
      open;
};

// What one child has sent, on its way into the ledger. Owns no socket, timer or clock, so that a
// simulation can lose, double, reorder and crash around it.
// Threads: one at a time.
class Inbox {
 public:
  Inbox(const Rows& rows, Child child, FilingKeeper keeper = {})
      : rows_(rows), child_(std::move(child)), keeper_(std::move(keeper)) {
    trees_.push_back(child_.tree);
  }

  // The change that stores `records`, of which the first is at `first`; sealed. Records that we
  // hold already are skipped (a doubled batch is no error) if they are the same octets; nothing
  // new: an empty pointer. kGap, kForged, kMalformed, kTooLarge: the child is wrong and must be
  // sent away; the inbox is as before. Only when no change is under way.
  // `filings` go with the records (CheckFilings); of several of one row the last counts.
  Result<std::shared_ptr<const Change>> Take(Position first,
                                             const std::vector<std::string_view>& records, Time now,
                                             std::vector<Filing> filings = {});
  // The change that stores rows that are filed again: each names the record, which is held already,
  // that made its value; what is taken back names none. kForged, kDenied, kMalformed, kTooLarge.
  Result<std::shared_ptr<const Change>> TakeAgain(std::vector<Filing> filings, Time now);
  // What the ledger said about the last change taken. kConflict: somebody else stored for this
  // child (a second stream); kBusy and the like: it may be taken again.
  Status OnOutcome(const Outcome& outcome);

  // A checkpoint of the child's own log, held against what we hold of it. kGap: its log is shorter
  // than ours. kForged: of the same size, and another root. A longer log is not judged yet.
  Status CheckTree(const TreeHead& theirs) const;

  // That the record which is held at a position is this one. kForged, kCorrupt (there is none).
  Status CheckHeld(Position position, std::string_view record) const;

  // The tree over the child's first `size` records, which it has sent; `known` is one of fewer. To
  // compute it costs as many records as lie between it and the last tree that is known; nothing:
  // those are too many. Only when no change is under way. kCorrupt.
  Result<std::optional<Frontier>> TreeAt(uint64_t size, const Frontier& known) const;

  // The child's figures at the last record that is durable here. The first reads all its
  // enterprises, later ones some dozen rows. Only when no change is under way. kTooLarge, kCorrupt.
  Result<Evaluation> Evaluate();

  // What is held of a table from a key on; and its rows after a key, at most
  // limits::kFilingRowsPerPageMax. Only when no change is under way. Reads all of them when
  // something was stored since. kCorrupt.
  Result<FilingState> StateOf(FilingTable table, std::string_view from = {});
  struct FilingPage {
    std::vector<std::pair<std::string, Digest>> rows;
    bool last = true;
  };
  Result<FilingPage> PageOf(FilingTable table, std::string_view after,
                            std::string_view from = {}) const;

  // The last record that is durable here.
  const Child& child() const { return child_; }
  bool under_way() const { return pending_.has_value(); }

 private:
  Result<std::string> HeldAt(Position position) const;
  Status CheckNamed(const Filing& filing) const;
  void Seal(std::vector<Filing>& filings) const;
  Result<Digest> DigestOf(const FiledRow& row) const;

  const Rows& rows_;
  Child child_;
  const FilingKeeper keeper_;
  struct KnownState {
    std::string from;
    FilingState state;
  };
  std::map<FilingTable, KnownState> states_;  // Of tables to which nothing was stored since.
  std::deque<Frontier> trees_;  // As they were when a change was durable; the last ones.
  std::optional<Child> pending_;
  bool pending_again_ = false;               // What is under way are rows that are filed again.
  std::optional<ConnectedCount> connected_;  // Since the first evaluation.
  std::vector<ConnectedCount::Step> pending_steps_;
};

}  // namespace idnode
