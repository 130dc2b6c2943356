#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/security/caller.h"
#include "node/service/acts.h"
#include "node/service/links.h"
#include "node/service/range_allocation.h"
#include "node/service/range_name.h"
#include "proto/base/result.h"
#include "proto/base/time.h"
#include "proto/record/value.h"
#include "storage/directory.h"
#include "storage/engine/engine.h"
#include "storage/ledger.h"
#include "storage/serial_range.h"

namespace idnode {

// A range as it is told.
struct RangeInfo {
  std::string name;
  uint64_t members = 0;
  uint32_t enterprise = 0;
  uint64_t version = 0;
  std::string record;  // Encoded: times and values.
};
RangeInfo InfoOf(const SerialRanges::Found& found);

// Ranges of serials: allocated, withdrawn, told, under the prefixes that the caller may do it
// under. Changes rely on prefix and enterprise as a registration does; what is listed is on record
// first.
//
// Allocate and Withdraw wait for the ledger; all read the disk: never on an event loop.
// Threads: any.
class RangeBook {
 public:
  RangeBook(const Rows& rows, const SerialRanges& ranges, const Directory& directory,
            Ledger& ledger, Acts& acts, LinkRoots link_roots = {})
      : rows_(rows),
        ranges_(ranges),
        directory_(directory),
        ledger_(ledger),
        acts_(acts),
        link_roots_(std::move(link_roots)) {}

  using Refusal = RangeRefusal;
  using Done = RangeDone;
  using Outcome = RangeOutcome;

  // The same range with the same lot and values again is kUnchanged. kExists: another range, or a
  // registered serial, lies there. kTooLarge: limits::kRangeMembersMax,
  // limits::kRangesPerProductMax. Secret keys (HS_SECKEY) are kInvalidValue. The errors of a
  // registration.
  Outcome Allocate(std::string_view name, const std::vector<Value>& values, const Caller& caller,
                   Time now);
  // Many, in order, each by itself, at most limits::kRangesPerBatchMax. An idempotency key as of
  // Registrar::Register: asked again, the log says which were allocated.
  RangesResult AllocateAll(std::span<const RangeItem> items, const Caller& caller,
                           std::string_view idempotency_key, Time now);
  // What AllocateAll would say by what is there now. Nothing is changed.
  RangesResult JudgeAll(std::span<const RangeItem> items, const Caller& caller, Time now) const;
  // kNotFound; kConflict: some of its members are registered by themselves.
  Outcome Withdraw(std::string_view name, const Caller& caller, Time now);

  // One range, for who may list it.
  Result<RangeInfo> Find(std::string_view name, const Caller& caller) const;
  // Ranges of a product (01/06901234567892), or of all (empty), by product, by width, then
  // ascending. `cursor`: of the page before; empty: the first. A page may be shorter than `count`,
  // for it leaves out what the caller may not know.
  struct Page {
    std::vector<RangeInfo> ranges;
    std::string next_cursor;  // Empty: that was the last.
  };
  Result<Page> List(std::string_view product, std::string_view cursor, size_t count,
                    const Caller& caller) const;

 private:
  RangePorts ports() const { return {rows_, ranges_, directory_, ledger_, link_roots_}; }
  Status AddWithdrawal(const RangeName& name, const Caller& caller, const DirectoryView& directory,
                       Change& change, Outcome& outcome) const;
  RangesResult Noted(RangesResult result, std::span<const RangeItem> items,
                     const Caller& caller) const;
  Result<SerialRanges::Found> FindNamed(const RangeName& name,
                                        SerialRanges::Scratch& scratch) const;

  const Rows& rows_;
  const SerialRanges& ranges_;
  const Directory& directory_;
  Ledger& ledger_;
  Acts& acts_;
  const LinkRoots link_roots_;
};

}  // namespace idnode
