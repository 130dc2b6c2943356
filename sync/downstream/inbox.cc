#include "sync/downstream/inbox.h"

#include <algorithm>
#include <span>
#include <string>

#include "proto/base/limits.h"
#include "storage/day_filing.h"
#include "storage/keyspace.h"

namespace idnode {
namespace {

constexpr size_t kTreesKept = 32;
constexpr uint64_t kTreeRecordsMax = 16'384;  // Some tens of milliseconds.

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

Status CheckDays(std::span<const Filing> filings, Time now) {
  for (const Filing& filing : filings) {
    if (const Status begun = CheckDayHasBegun(filing.name, now); !begun) return begun;
  }
  return {};
}

// Of several filings of one row the last, in the order of the rows.
void KeepLast(std::vector<Filing>& filings) {
  std::map<FilingName, Filing> last;
  for (Filing& filing : filings) {
    const FilingName name = filing.name;
    last.insert_or_assign(name, std::move(filing));
  }
  filings.clear();
  for (auto& [name, filing] : last) filings.push_back(std::move(filing));
}

}  // namespace

Result<std::shared_ptr<const Change>> Inbox::Take(Position first,
                                                  const std::vector<std::string_view>& records,
                                                  Time now, std::vector<Filing> filings) {
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
  if (held > 0) {
    std::erase_if(filings, [&](const Filing& filing) { return filing.position.value < next; });
  }
  KeepLast(filings);
  const std::span<const std::string_view> fresh = std::span(records).subspan(held);
  if (auto fits = CheckFilings(child_.prefix, Position{first.value + held}, fresh, filings);
      !fits) {
    return fits.error();
  }
  if (auto begun = CheckDays(filings, now); !begun) return begun.error();
  Seal(filings);
  AddFilings(*change, child_.number, filings);
  if (!filings.empty()) states_.clear();
  change->Seal();
  if (connected_) {
    auto steps = connected_->StepsOf(rows_, *change);
    if (!steps) return steps.error();
    pending_steps_ = *std::move(steps);
  }
  pending_ = std::move(*grown);
  return std::shared_ptr<const Change>(std::move(change));
}

Result<std::shared_ptr<const Change>> Inbox::TakeAgain(std::vector<Filing> filings, Time now) {
  Require(!pending_);
  if (filings.empty()) return Error{Errc::kMalformed, "filings: none"};
  if (filings.size() > limits::kFilingsAgainMax) {
    return Error{Errc::kTooLarge, "filings: too many at once"};
  }
  const size_t sent = filings.size();
  KeepLast(filings);
  if (filings.size() != sent) return Error{Errc::kMalformed, "filings: twice the same row"};
  for (const Filing& filing : filings) {
    if (auto named = CheckNamed(filing); !named) return named.error();
  }
  if (auto begun = CheckDays(filings, now); !begun) return begun.error();
  auto change =
      std::make_shared<Change>(now, child_.node_id, OperationId{}, Change::Mode::kTogether);
  change->ExpectForAll(Table::kChildren, keyspace::ChildState(child_.number), Expect::kVersion,
                       child_.version.value);
  Seal(filings);
  AddFilings(*change, child_.number, filings);
  change->Seal();
  states_.clear();
  pending_ = child_;
  pending_again_ = true;
  return std::shared_ptr<const Change>(std::move(change));
}

// That a record which is held names the row. To take a row back harms nobody but the child.
Status Inbox::CheckNamed(const Filing& filing) const {
  if (auto fits = CheckFilingName(filing.name, child_.prefix); !fits) return fits;
  if (!filing.body) return {};
  if (filing.position.value == 0 || filing.position > child_.head) {
    return Error{Errc::kForged, "filings: no record that is held names the row"};
  }
  const auto record = HeldAt(filing.position);
  if (!record) return record.error();
  const std::string_view held = *record;
  return CheckFilings(child_.prefix, filing.position, {&held, 1}, {&filing, 1});
}

void Inbox::Seal(std::vector<Filing>& filings) const {
  if (!keeper_.seal) return;
  for (Filing& filing : filings) {
    if (filing.body) {
      filing.body = keeper_.seal(child_.number, filing.name, *std::move(filing.body));
    }
  }
}

Result<Digest> Inbox::DigestOf(const FiledRow& row) const {
  if (!keeper_.open) return FilingDigest(row.name.key, row.body);
  const auto clear = keeper_.open(child_.number, row.name, row.body);
  if (!clear) return clear.error();
  return FilingDigest(row.name.key, *clear);
}

Result<FilingState> Inbox::StateOf(FilingTable table, std::string_view from) {
  Require(!pending_);
  const auto known = states_.find(table);
  if (known != states_.end() && known->second.from == from) return known->second.state;
  FilingState state;
  Status failed;
  const Status read = EachFilingFrom(rows_, child_.number, table, from, [&](const FiledRow& row) {
    const auto digest = DigestOf(row);
    if (!digest) failed = digest.error();
    if (digest) AddToState(*digest, state);
    return digest.ok();
  });
  if (!failed) return failed.error();
  if (!read) return read.error();
  states_[table] = {std::string(from), state};
  return state;
}

Result<Inbox::FilingPage> Inbox::PageOf(FilingTable table, std::string_view after,
                                        std::string_view from) const {
  Require(!pending_);
  FilingPage page;
  Status failed;
  std::string first(after);
  if (!after.empty()) first.push_back('\0');
  if (first < from) first = from;
  const Status read = EachFilingFrom(rows_, child_.number, table, first, [&](const FiledRow& row) {
    page.last = page.rows.size() < limits::kFilingRowsPerPageMax;
    if (!page.last) return false;
    const auto digest = DigestOf(row);
    if (!digest) failed = digest.error();
    if (digest) page.rows.emplace_back(row.name.key, *digest);
    return digest.ok();
  });
  if (!failed) return failed.error();
  if (!read) return read.error();
  return page;
}

Status Inbox::OnOutcome(const Outcome& outcome) {
  Require(pending_.has_value());
  Child grown = std::move(*pending_);
  pending_.reset();
  const bool again = std::exchange(pending_again_, false);
  switch (outcome.kind) {
    case Outcome::Kind::kDone:
      if (again) return {};
      child_ = std::move(grown);
      child_.version = outcome.position;
      if (trees_.size() == kTreesKept) trees_.pop_front();
      trees_.push_back(child_.tree);
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

Result<std::optional<Frontier>> Inbox::TreeAt(uint64_t size, const Frontier& known) const {
  Require(!pending_ && size <= child_.head.value);
  const Frontier* nearest = &known;
  for (const Frontier& tree : trees_) {
    if (tree.size() <= size && tree.size() > nearest->size()) nearest = &tree;
  }
  if (nearest->size() > size || size - nearest->size() > kTreeRecordsMax) {
    return std::optional<Frontier>();
  }
  Frontier tree = *nearest;
  while (tree.size() < size) {
    const auto record = HeldAt(Position{tree.size() + 1});
    if (!record) return record.error();
    tree.Append(LeafHash(*record));
  }
  return std::optional(std::move(tree));
}

Result<std::string> Inbox::HeldAt(Position position) const {
  std::string row;
  const auto found =
      rows_.Get(Table::kChildren, keyspace::ChildLog(child_.number, position), Reach::kDisk, row);
  if (!found) return found.error();
  const auto versioned = SplitVersion(row);
  if (!*found || !versioned) return Error{Errc::kCorrupt, "children: a record is missing"};
  return std::string(versioned->body);
}

// A child whose history has changed must not pass for one that repeats itself.
Status Inbox::CheckHeld(Position position, std::string_view record) const {
  const auto held = HeldAt(position);
  if (!held) return held.error();
  if (*held != record) {
    return Error{Errc::kForged, "events: another record than the one we hold"};
  }
  return {};
}

}  // namespace idnode
