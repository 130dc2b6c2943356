#include "sync/downstream/inbox.h"

#include <algorithm>
#include <string>

#include "proto/base/limits.h"
#include "storage/keyspace.h"

namespace idnode {
namespace {

Status CheckSizes(Position first, const std::vector<std::string_view>& records) {
  if (first.value == 0 || records.empty()) {
    return Error{Errc::kMalformed, "events: no record or no position"};
  }
  if (first.value > kTreeSizeMax) return Error{Errc::kMalformed, "events: no log is so long"};
  if (records.size() > limits::kSyncEventsPerBatchMax) {
    return Error{Errc::kTooLarge, "events: too many records"};
  }
  size_t octets = 0;
  for (std::string_view record : records) octets += record.size();
  if (octets > limits::kSyncBatchOctetsMax) {
    return Error{Errc::kTooLarge, "events: too many octets"};
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<const Change>> Inbox::Take(Position first,
                                                  const std::vector<std::string_view>& records,
                                                  Time now) {
  Require(!pending_);
  if (auto sizes = CheckSizes(first, records); !sizes) return sizes.error();
  const uint64_t next = child_.head.value + 1;
  if (first.value > next) return Error{Errc::kGap, "events: they do not follow what we hold"};

  const uint64_t held = std::min<uint64_t>(next - first.value, records.size());
  for (uint64_t i = 0; i < held; ++i) {
    if (auto same = CheckHeld(Position{first.value + i}, records[i]); !same) return same.error();
  }
  if (held == records.size()) return std::shared_ptr<const Change>();

  auto change =
      std::make_shared<Change>(now, child_.node_id, OperationId{}, Change::Mode::kTogether);
  auto grown = held == 0
                   ? AddChildRecords(*change, child_, records)
                   : AddChildRecords(*change, child_, {records.begin() + held, records.end()});
  if (!grown) return grown.error();
  change->Seal();
  if (connected_) {
    auto steps = connected_->StepsOf(rows_, *change);
    if (!steps) return steps.error();
    pending_steps_ = *std::move(steps);
  }
  pending_ = std::move(*grown);
  return std::shared_ptr<const Change>(std::move(change));
}

Status Inbox::OnOutcome(const Outcome& outcome) {
  Require(pending_.has_value());
  Child grown = std::move(*pending_);
  pending_.reset();
  switch (outcome.kind) {
    case Outcome::Kind::kDone:
      child_ = std::move(grown);
      child_.version = outcome.position;
      if (connected_) connected_->Take(pending_steps_);
      return {};
    case Outcome::Kind::kRefused:
      return Error{Errc::kConflict, "events: somebody else stored for this child"};
    case Outcome::Kind::kBusy:
      return Error{Errc::kBusy, "events: the ledger is busy"};
    case Outcome::Kind::kNotLeader:
      return Error{Errc::kNotLeader, "events: another node decides"};
    case Outcome::Kind::kReadOnly:
      return Error{Errc::kReadOnly, "events: the node takes no writes"};
    case Outcome::Kind::kUnknown:
      break;
  }
  return Error{Errc::kUnknownOutcome, "events: nobody knows whether they were stored"};
}

Result<Evaluation> Inbox::Evaluate() {
  Require(!pending_);
  if (!connected_) {
    auto connected = ConnectedCount::Read(rows_, child_.number);
    if (!connected) return connected.error();
    connected_ = *std::move(connected);
  }
  const auto totals = ReadTotalsOverAll(rows_, child_.number);
  if (!totals) return totals.error();
  return EvaluationOf(*totals, kAllEnterprises, connected_->connected());
}

Status Inbox::CheckTree(const TreeHead& theirs) const {
  if (theirs.size < child_.tree.size()) {
    return Error{Errc::kGap, "checkpoint: the child's log is shorter than what we hold of it"};
  }
  if (theirs.size == child_.tree.size() && theirs.root != child_.tree.Root()) {
    return Error{Errc::kForged, "checkpoint: not the tree over what the child has sent"};
  }
  return {};
}

// A child whose history has changed must not pass for one that repeats itself.
Status Inbox::CheckHeld(Position position, std::string_view record) const {
  std::string row;
  const auto found =
      rows_.Get(Table::kChildren, keyspace::ChildLog(child_.number, position), Reach::kDisk, row);
  if (!found) return found.error();
  const auto versioned = SplitVersion(row);
  if (!*found || !versioned) return Error{Errc::kCorrupt, "children: a record is missing"};
  if (versioned->body != record) {
    return Error{Errc::kForged, "events: another record than the one we hold"};
  }
  return {};
}

}  // namespace idnode
