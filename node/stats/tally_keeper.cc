#include "node/stats/tally_keeper.h"

#include <algorithm>

#include "node/runtime/random.h"
#include "storage/counters.h"
#include "storage/source_part.h"

namespace idnode {
namespace {

constexpr std::string_view kActor = "system";
// 23 octets each in the log record, four sums each in the store: far below the limits of a change.
constexpr size_t kRowsPerChangeMax = 8'192;
// Each of at most 12 KiB.
constexpr size_t kPartsPerChangeMax = 128;

OperationId RandomOperation() {
  const std::string octets = RandomOctets(std::tuple_size_v<OperationId>);
  OperationId operation;
  std::ranges::copy(octets, operation.begin());
  return operation;
}

std::shared_ptr<Change> NewChange(Time now) {
  return std::make_shared<Change>(now, kActor, RandomOperation(), Change::Mode::kTogether);
}

}  // namespace

void TallyKeeper::Fold(Time now) {
  if (FoldTallies(now) && KeepSources(now)) {
    kept_until_.store(now.hour(), std::memory_order_relaxed);
  }
}

void TallyKeeper::FoldAndSeal(Time now) {
  if (!FoldTallies(now)) return;
  counts_.Seal();
  (void)KeepSources(now);
}

// An operation id stands for its change, so one whose outcome is not known is asked again and done
// once.
bool TallyKeeper::KeepSources(Time now) {
  do {
    while (!sources_.empty()) {
      if (!ledger_.Commit(sources_.front()).done()) return false;
      sources_.pop_front();
    }
    if (const auto sealed = counts_.TakeSealed()) AddSourceChanges(*sealed, now);
  } while (!sources_.empty());
  return true;
}

void TallyKeeper::AddSourceChanges(const ResolutionCounts::Sealed& sealed, Time now) {
  std::span<const PartOf> left = sealed.parts;
  while (!left.empty()) {
    const auto parts = left.first(std::min(left.size(), kPartsPerChangeMax));
    left = left.subspan(parts.size());
    const auto change = NewChange(now);
    AddSourceParts(*change, sealed.hour, RandomNumber(), parts);
    change->Seal();
    sources_.push_back(change);
  }
}

bool TallyKeeper::FoldTallies(Time now) {
  if (unknown_.change) {
    const Tally again = std::move(unknown_);
    unknown_ = {};
    // Only a done outcome ends it: whoever does not take the change now does not know either.
    if (!ledger_.Commit(again.change).done()) {
      unknown_ = again;
      return false;
    }
  }
  const std::vector<TallyRow> rows = counts_.Drain(now);
  for (size_t begin = 0; begin < rows.size(); begin += kRowsPerChangeMax) {
    const size_t end = std::min(rows.size(), begin + kRowsPerChangeMax);
    const auto change = NewChange(now);
    Tally tally{change, {rows.begin() + begin, rows.begin() + end}};
    AddTally(*change, tally.rows);
    change->Seal();
    if (Commit(tally)) continue;
    counts_.Restore({rows.begin() + end, rows.end()});
    return false;
  }
  return true;
}

bool TallyKeeper::Commit(const Tally& tally) {
  const Outcome outcome = ledger_.Commit(tally.change);
  if (outcome.kind == Outcome::Kind::kUnknown) {
    unknown_ = tally;
    return false;
  }
  if (!outcome.done()) counts_.Restore(tally.rows);
  return true;
}

void TallyKeeper::RecordGap(Time since, Time now) {
  const auto change = NewChange(now);
  AddGap(*change, since);
  change->Seal();
  (void)ledger_.Commit(change);  // A node that takes no writes now has its gap in the next start's.
}

}  // namespace idnode
